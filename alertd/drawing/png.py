"""A chart as a PNG."""

from alertd.drawing.canvas import Canvas
from alertd.drawing.chart import Chart
from alertd.drawing.palette import DARK, LIGHT
from alertd.drawing.panel import panel_of
from alertd.drawing.picture import paint


def draw(chart: Chart, *, width: int, height: int, dark: bool) -> bytes:
    """Draw one chart as a PNG of so many pixels, on a dark or a light background."""
    palette = DARK if dark else LIGHT
    canvas = Canvas(width, height, palette.background)
    paint(panel_of(chart, palette, width, height), canvas)
    return canvas.png()
