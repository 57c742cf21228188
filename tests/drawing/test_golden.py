"""A picture looks like the one that was looked at: `python -m tests.drawing.golden` draws it anew.

Fonts and smoothing differ a little between versions of Pillow; the mean of a block of 20 x 20 pixels hardly does.
"""

from io import BytesIO

import attrs
import pytest
from PIL import Image, ImageChops

from alertd.drawing.chart import Chart
from alertd.drawing.png import draw
from tests.drawing.charts import an_alert
from tests.drawing.golden import HEIGHT, WIDTH, drawn, golden

BLOCK = 20
# Of 255. Text that is two pixels off changes a block by 21, a part that is missing one by 34 and more.
TOLERANCE = 24


def blocks(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB").reduce(BLOCK)


def difference(one: bytes, other: bytes) -> int:
    extremes = ImageChops.difference(blocks(one), blocks(other)).getextrema()
    return max(int(high) for _, high in extremes)  # type: ignore[misc]


@pytest.mark.parametrize("dark", [True, False])
def test_a_picture_looks_like_the_golden_one(dark: bool):  # noqa: FBT001
    assert difference(drawn(dark=dark), golden(dark=dark).read_bytes()) <= TOLERANCE


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(an_alert(), title=""),
        attrs.evolve(an_alert(), levels=(104.2,)),
        attrs.evolve(an_alert(), marks=()),
        attrs.evolve(an_alert(), day_high=None),
    ],
    ids=["no title", "a level that is off", "no moment", "no 24h high"],
)
def test_a_picture_that_differs_in_one_part_does_not(other: Chart):
    png = draw(other, width=WIDTH, height=HEIGHT, dark=True)
    assert difference(png, golden(dark=True).read_bytes()) > TOLERANCE
