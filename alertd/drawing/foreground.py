"""What a picture is looked at for: the path, and the moments that are pointed at."""

from alertd.drawing.canvas import Canvas
from alertd.drawing.palette import BODY
from alertd.drawing.panel import Panel

# More lines would hide the path.
_MOST_LINES = 6
# So many dots may be large.
_FEW_MARKS = 12


def paint_path(panel: Panel, canvas: Canvas) -> None:
    """Paint the lows and highs as a body, the closes as a line over it."""
    colour, width = panel.palette.price, max(1.3, panel.type / 10)
    bodies = [body for body in panel.curve.bodies() if len(body) > 2]  # noqa: PLR2004 - both ends of a slot
    canvas.areas(bodies, colour, share=BODY, box=panel.plot)
    lines = panel.curve.lines()
    canvas.strokes(lines, colour, width=width, box=panel.plot)
    for line in lines:
        if len(line) == 1:
            canvas.dot(line[0], width, colour)


def paint_marks(panel: Panel, canvas: Canvas) -> None:
    """Paint each moment as a dot in a ring, on a vertical line if they are few; an end is hollow."""
    marks, palette, line = panel.chart.marks, panel.palette, panel.line
    _, top, _, bottom = panel.plot
    radius = panel.type * (0.4 if len(marks) <= _FEW_MARKS else 0.25)
    for mark in marks:
        x, y = panel.times.at(mark.time_ms), panel.prices.at(mark.price)
        if len(marks) <= _MOST_LINES:
            box = (x - line / 2, top, x + line / 2, bottom)
            canvas.dashes(box, palette.text, dash=panel.type * 0.15, gap=panel.type * 0.25)
        canvas.dot((x, y), radius, palette.text)
        canvas.dot(
            (x, y), radius * 0.65, palette.background if mark.is_resolved else palette.threshold
        )
