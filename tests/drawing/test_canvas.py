"""Lines and areas on pixels."""

from io import BytesIO

import pytest
from PIL import Image

from alertd.drawing.canvas import Canvas
from alertd.drawing.palette import DARK, Colour, inks


def colours(canvas: Canvas) -> list[Colour]:
    """The pixels, row by row."""
    with Image.open(BytesIO(canvas.png(inks(DARK)))) as image:
        data = image.convert("RGB").tobytes()
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]


@pytest.fixture
def canvas() -> Canvas:
    return Canvas(20, 10, DARK.background)


@pytest.mark.parametrize("x", [4.0, 4.25, 4.5, 5.0, 5.5, 5.75])
def test_a_line_is_as_thick_wherever_it_stands(canvas: Canvas, x: float):
    canvas.fill((x - 0.5, 0, x + 0.5, 10), DARK.text)
    assert colours(canvas).count(DARK.text) == 10


def test_what_lies_outside_is_not_drawn(canvas: Canvas):
    canvas.fill((15, 5, 100, 100), DARK.text)
    assert colours(canvas).count(DARK.text) == 25


def test_an_empty_box_is_left_alone(canvas: Canvas):
    canvas.fill((5, 5, 5, 9), DARK.text)
    canvas.fill((5, 9, 9, 5), DARK.text)
    assert set(colours(canvas)) == {DARK.background}


def test_dashes_leave_gaps(canvas: Canvas):
    canvas.dashes((0, 4, 20, 5), DARK.text, dash=3, gap=2)
    row = colours(canvas)[4 * 20 : 5 * 20]
    assert "".join("-" if colour == DARK.text else " " for colour in row) == "---  " * 4


def test_dashes_run_down_a_narrow_box(canvas: Canvas):
    canvas.dashes((4, 0, 5, 10), DARK.text, dash=1, gap=1)
    assert colours(canvas)[4::20] == [DARK.text, DARK.background] * 5


def test_an_arrow_up_has_its_tip_above(canvas: Canvas):
    canvas.arrow((10, 5), 4, DARK.text, 1)
    pixels = colours(canvas)
    drawn = [sum(pixel == DARK.text for pixel in pixels[y * 20 : (y + 1) * 20]) for y in range(10)]
    assert drawn[2] < drawn[4] < drawn[7]


def test_what_is_placed_on_another_canvas_is_there(canvas: Canvas):
    tile = Canvas(2, 2, DARK.text)
    canvas.place(tile, 18, 0)
    assert [at for at, pixel in enumerate(colours(canvas)) if pixel == DARK.text] == [
        18,
        19,
        38,
        39,
    ]
