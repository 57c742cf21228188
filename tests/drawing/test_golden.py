"""A picture looks like the one that was looked at: `python -m tests.drawing.golden` draws it anew.

Fonts and smoothing differ a little between versions of Pillow; the mean of a block of 10 x 10 pixels does not.
"""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tests.drawing.golden import drawn, golden

BLOCK = 10
# Of 255. A line that has moved by its own width, or lost its colour, changes a block by 30 and more.
TOLERANCE = 16


def blocks(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB").reduce(BLOCK)


def difference(one: bytes, other: bytes) -> int:
    extremes = ImageChops.difference(blocks(one), blocks(other)).getextrema()
    return max(int(high) for _, high in extremes)  # type: ignore[misc]


@pytest.mark.parametrize("dark", [True, False])
def test_a_picture_looks_like_the_golden_one(dark: bool):  # noqa: FBT001
    assert difference(drawn(dark=dark), golden(dark=dark).read_bytes()) <= TOLERANCE


def test_a_picture_with_another_colour_does_not():
    assert difference(drawn(dark=True), golden(dark=False).read_bytes()) > TOLERANCE
