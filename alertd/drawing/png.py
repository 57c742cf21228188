"""Charts as PNGs: one that goes with an alert, or a sheet of several."""

from collections.abc import Sequence

from alertd.drawing.backdrop import paint_backdrop
from alertd.drawing.canvas import Canvas
from alertd.drawing.chart import Chart
from alertd.drawing.foreground import paint_marks, paint_path
from alertd.drawing.margins import paint_margins
from alertd.drawing.palette import DARK, LIGHT, Palette, inks
from alertd.drawing.panel import panel_of


def draw(chart: Chart, *, width: int, height: int, dark: bool) -> bytes:
    """Draw a chart as a PNG of so many pixels, on a dark or a light background.

    Its type is made for a phone that shows it over its whole width: 800 x 450 reads well there.
    Raises `ValueError` for sides below 240 x 150 or above 4000 x 4000.
    """
    palette = DARK if dark else LIGHT
    return _painted(chart, palette, width, height).png(inks(palette))


def sheet(charts: Sequence[Chart], *, columns: int, width: int, height: int, dark: bool) -> bytes:
    """Draw charts side by side in rows of so many, each as large as said, as one PNG."""
    palette = DARK if dark else LIGHT
    rows = max(1, -(-len(charts) // columns))
    whole = Canvas(width * columns, height * rows, palette.background)
    for number, chart in enumerate(charts):
        row, column = divmod(number, columns)
        whole.place(_painted(chart, palette, width, height), width * column, height * row)
    return whole.png(inks(palette))


def _painted(chart: Chart, palette: Palette, width: int, height: int) -> Canvas:
    panel = panel_of(chart, palette, width, height)
    canvas = Canvas(width, height, palette.background)
    paint_backdrop(panel, canvas)
    paint_path(panel, canvas)
    paint_margins(panel, canvas)
    paint_marks(panel, canvas)
    return canvas
