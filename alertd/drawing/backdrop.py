"""What lies behind a path: window, bands, grid, thresholds and the 24 hours' range."""

from alertd.drawing import lettering
from alertd.drawing.canvas import Canvas
from alertd.drawing.curve import Box
from alertd.drawing.figures import exact
from alertd.drawing.palette import SHADE
from alertd.drawing.panel import Panel
from alertd.drawing.places import Place, along, best_place
from alertd.drawing.times import length

# How far below the plot's top a window's length is written, in type.
_SPAN = 0.65


def paint_backdrop(panel: Panel, canvas: Canvas) -> None:
    """Paint all that the path runs over."""
    _paint_bands(panel, canvas)
    _paint_grid(panel, canvas)
    taken = [*_paint_stretch(panel, canvas), *_paint_thresholds(panel, canvas)]
    for name, price in (("24h high", panel.chart.day_high), ("24h low", panel.chart.day_low)):
        if price is not None:
            taken.append(_paint_day(panel, canvas, name, price, taken))


def _paint_bands(panel: Panel, canvas: Canvas) -> None:
    left, top, right, bottom = panel.plot
    for low, high in panel.chart.bands:
        box = (left, max(panel.prices.at(high), top), right, min(panel.prices.at(low), bottom))
        canvas.fill(box, panel.palette.threshold, share=SHADE)


def _paint_grid(panel: Panel, canvas: Canvas) -> None:
    left, _, right, bottom = panel.plot
    for y, _ in panel.price_ticks:
        canvas.fill((left, y, right, y + panel.line), panel.palette.grid)
    canvas.fill((left, bottom, right, bottom + panel.line), panel.palette.muted)


def _paint_stretch(panel: Panel, canvas: Canvas) -> list[Box]:
    """Shade the window, and write over it how long it is; return where."""
    stretch = panel.chart.stretch
    if stretch is None:
        return []
    left, top, right, bottom = panel.plot
    start, end = (min(max(panel.times.at(time_ms), left), right) for time_ms in stretch)
    canvas.fill((start, top, end, bottom), panel.palette.threshold, share=SHADE)
    text = length(stretch[1] - stretch[0])
    half = lettering.width(text, panel.type) / 2 + panel.type * 0.4
    middle = (start + end) / 2
    if end - start > 2 * half + panel.type:
        _paint_span(panel, canvas, (start, middle - half))
        _paint_span(panel, canvas, (end, middle + half))
    else:
        middle = max(left + half, start - half)
    at = (middle, top + panel.type * _SPAN)
    canvas.text(at, text, panel.type, panel.palette.threshold, side="m", halo=panel.line)
    return [(min(start, middle - half), top, max(end, middle + half), top + panel.type * 2 * _SPAN)]


def _paint_span(panel: Panel, canvas: Canvas, ends: tuple[float, float]) -> None:
    """Draw a line from a window's edge to where its length is written, with a stop at the edge."""
    (edge, _), line, colour = ends, panel.line, panel.palette.threshold
    y, half = panel.top + panel.type * _SPAN, panel.type / 4
    canvas.fill((min(ends), y, max(ends), y + line), colour)
    # Where it begins before the picture does, it has no stop.
    if edge > panel.plot[0]:
        canvas.fill((edge - line / 2, y - half, edge + line / 2, y + half), colour)


def _paint_thresholds(panel: Panel, canvas: Canvas) -> list[Box]:
    """Draw what prices are compared with as dashed lines; return where they are."""
    left, _, right, _ = panel.plot
    heights = [panel.prices.at(it) for it in panel.chart.thresholds if panel.prices.shows(it)]
    boxes: list[Box] = [(left, y - panel.line, right, y + panel.line) for y in map(round, heights)]
    for box in boxes:
        canvas.dashes(box, panel.palette.threshold, dash=panel.type * 0.5, gap=panel.type * 0.25)
    return boxes


def _paint_day(panel: Panel, canvas: Canvas, name: str, price: float, taken: list[Box]) -> Box:
    """Draw one end of the range as a dotted line, or an arrow to where it is; return its caption's box."""
    text, size = f"{name} {exact(price)}", round(panel.type * 0.85)
    place = best_place(_caption_places(panel, price, text, size), panel.curve, taken)
    start, above, _, below = place.box
    middle = (above + below) / 2
    if place.points:
        canvas.arrow((start + size * 0.4, middle), size * 0.35, panel.palette.muted, place.points)
        canvas.text((start + size, middle), text, size, panel.palette.muted, halo=panel.line)
        return place.box
    _paint_day_line(panel, canvas, panel.prices.at(price), place.box)
    canvas.text((start, middle), text, size, panel.palette.muted, halo=panel.line)
    return place.box


def _paint_day_line(panel: Panel, canvas: Canvas, y: float, caption: Box) -> None:
    """Draw a dotted line that makes room for a caption on it."""
    left, _, right, _ = panel.plot
    start, above, end, below = caption
    spans = [(left, start), (end, right)] if above < y < below else [(left, right)]
    for one, other in spans:
        box = (one, y, other, y + panel.line)
        canvas.dashes(box, panel.palette.muted, dash=panel.line * 1.5, gap=panel.line * 3)


def _caption_places(panel: Panel, price: float, text: str, size: int) -> list[Place]:
    width, height = lettering.width(text, size) + size * 0.2, size * 1.25
    left, top, right, bottom = panel.plot
    plot = (left + size * 0.3, top, right - size * 0.3, bottom)
    if panel.prices.shows(price):
        y, away = panel.prices.at(price), height / 2 + panel.line
        return list(along(plot, width, height, (y - away, y + away, y), 0))
    points = 1 if price > panel.prices.high else -1
    edge = top + height / 2 if points > 0 else bottom - height / 2
    return list(along(plot, width + size, height, (edge, edge + points * height), points))
