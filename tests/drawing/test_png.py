"""A chart as a PNG: whatever it shows, it is one."""

from io import BytesIO

import pytest
from PIL import Image

from alertd.drawing.png import draw
from tests.drawing.charts import an_alert


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(("width", "height"), [(300, 200), (800, 450), (2000, 1100)])
def test_a_picture_is_a_png_of_the_size_asked_for(width: int, height: int, dark: bool):  # noqa: FBT001
    with Image.open(BytesIO(draw(an_alert(), width=width, height=height, dark=dark))) as image:
        assert (image.format, image.size) == ("PNG", (width, height))
