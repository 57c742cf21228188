"""Charts as PNGs: one that goes with an alert, or a sheet of several."""

from collections.abc import Sequence

from alertd.drawing.backdrop import paint_backdrop
from alertd.drawing.canvas import Canvas
from alertd.drawing.chart import Chart
from alertd.drawing.foreground import paint_marks, paint_path
from alertd.drawing.margins import paint_margins
from alertd.drawing.palette import DARK, LIGHT, inks
from alertd.drawing.panel import Panel, panel_of, type_for_phones

# The type of a screen, in pixels.
_TYPE = 15


def draw(chart: Chart, *, width: int, height: int, dark: bool) -> bytes:
    """Draw a chart as a PNG of so many pixels, on a dark or a light background.

    Its type is made for a phone that shows it over its whole width: 800 x 450 reads well there.
    Raises `ValueError` for sides below 240 x 150 or above 4000 x 4000.
    """
    palette = DARK if dark else LIGHT
    panel = panel_of(chart, palette, width, height, type_for_phones(width, height))
    return _painted(panel).png(inks(palette))


def sheet(charts: Sequence[Chart], *, columns: int, width: int, height: int, dark: bool) -> bytes:
    """Draw charts side by side in rows of so many, as one PNG that is looked at on a screen.

    Each is `width` by `height` pixels. Raises `ValueError` as `draw` does.
    """
    palette = DARK if dark else LIGHT
    size = min(_TYPE, type_for_phones(width, height))
    rows = max(1, -(-len(charts) // columns))
    whole = Canvas(width * columns, height * rows, palette.background)
    for number, chart in enumerate(charts):
        row, column = divmod(number, columns)
        panel = panel_of(chart, palette, width, height, size)
        whole.place(_painted(panel), width * column, height * row)
    return whole.png(inks(palette))


def _painted(panel: Panel) -> Canvas:
    canvas = Canvas(panel.width, panel.height, panel.palette.background)
    paint_backdrop(panel, canvas)
    paint_path(panel, canvas)
    paint_margins(panel, canvas)
    paint_marks(panel, canvas)
    return canvas
