"""A chart on a canvas, from the back to the front."""

from alertd.drawing import lettering
from alertd.drawing.canvas import Canvas
from alertd.drawing.figures import written
from alertd.drawing.panel import Panel
from alertd.drawing.spread import spread
from alertd.drawing.thinning import unbroken
from alertd.drawing.times import wall, zone_name


def paint(panel: Panel, canvas: Canvas) -> None:
    """Paint the whole picture."""
    _stretch(panel, canvas)
    _bands(panel, canvas)
    _grid(panel, canvas)
    _day(panel, canvas)
    _thresholds(panel, canvas)
    _path(panel, canvas)
    _marks(panel, canvas)
    _tags(panel, canvas)
    _header(panel, canvas)


def _grid(panel: Panel, canvas: Canvas) -> None:
    palette, line = panel.palette, panel.line
    for price in panel.tick_prices:
        y = panel.prices.at(price)
        canvas.fill((panel.left, y, panel.right, y + line), palette.grid)
    canvas.fill((panel.left, panel.bottom, panel.right, panel.bottom + line), palette.muted)
    for tick in panel.time_ticks:
        x = panel.times.at(tick.time_ms)
        canvas.fill((x, panel.bottom, x + line, panel.bottom + panel.type * 0.25), palette.muted)
        half = lettering.width(tick.text, panel.type) / 2
        x = max(half + 2, min(x, panel.width - half - 2))
        colour = palette.text if tick.is_midnight else palette.muted
        canvas.text((x, panel.bottom + panel.type), tick.text, panel.type, colour, side="m")


def _stretch(panel: Panel, canvas: Canvas) -> None:
    if not panel.chart.stretch:
        return
    start, end = (panel.times.at(time_ms) for time_ms in panel.chart.stretch)
    box = (max(start, panel.left), panel.top, min(end, panel.right), panel.bottom)
    canvas.fill(box, panel.palette.threshold, share=0.16)


def _bands(panel: Panel, canvas: Canvas) -> None:
    for low, high in panel.chart.bands:
        top, bottom = max(panel.prices.at(high), panel.top), min(panel.prices.at(low), panel.bottom)
        canvas.fill((panel.left, top, panel.right, bottom), panel.palette.threshold, share=0.16)


def _day(panel: Panel, canvas: Canvas) -> None:
    for name, price in (("24h high", panel.chart.day_high), ("24h low", panel.chart.day_low)):
        if price is None:
            continue
        y = min(max(panel.prices.at(price), panel.top), panel.bottom)
        if panel.prices.shows(price):
            box = (panel.left, y, panel.right, y + panel.line)
            canvas.dashes(box, panel.palette.muted, dash=panel.type * 0.2, gap=panel.type * 0.3)
        side = 1 if y < (panel.top + panel.bottom) / 2 else -1
        text = f"{name} {panel.exact(price)}"
        at = (panel.left + panel.type * 0.3, y + side * panel.type * 0.7)
        canvas.text(at, text, round(panel.type * 0.85), panel.palette.muted, halo=2)


def _thresholds(panel: Panel, canvas: Canvas) -> None:
    for price in panel.chart.thresholds:
        if panel.prices.shows(price):
            y = round(panel.prices.at(price))
            box = (panel.left, y - panel.line, panel.right, y + panel.line)
            canvas.dashes(box, panel.palette.threshold, dash=panel.type * 0.5, gap=panel.type * 0.3)


def _path(panel: Panel, canvas: Canvas) -> None:
    path, x, y = panel.path, panel.times, panel.prices
    pieces = [list(piece) for piece in unbroken(path)]
    outlines = [
        [(x.at(path.times_ms[it]), y.at(path.highs[it])) for it in piece]
        + [(x.at(path.times_ms[it]), y.at(path.lows[it])) for it in reversed(piece)]
        for piece in pieces
        if len(piece) > 1
    ]
    canvas.areas(outlines, panel.palette.price, share=0.3, box=panel.plot)
    lines = [[(x.at(path.times_ms[it]), y.at(path.closes[it])) for it in piece] for piece in pieces]
    width = max(1.2, panel.type / 9)
    canvas.strokes(
        [line for line in lines if len(line) > 1], panel.palette.price, width=width, box=panel.plot
    )
    for line in lines:
        if len(line) == 1:
            canvas.dot(line[0], width, panel.palette.price)


def _marks(panel: Panel, canvas: Canvas) -> None:
    for mark in panel.chart.marks:
        x, y = panel.times.at(mark.time_ms), panel.prices.at(mark.price)
        box = (x - panel.line / 2, panel.top, x + panel.line / 2, panel.bottom)
        canvas.dashes(box, panel.palette.text, dash=panel.type * 0.15, gap=panel.type * 0.25)
        radius = panel.type * 0.36
        canvas.dot((x, y), radius, panel.palette.text)
        inner = panel.palette.background if mark.is_resolved else panel.palette.threshold
        canvas.dot((x, y), radius * 0.65, inner)


def _tags(panel: Panel, canvas: Canvas) -> None:
    palette, size = panel.palette, panel.type
    last = panel.chart.path.closes[-1]
    height = size * 1.3
    wanted = [(last, written(last, panel.decimals), palette.price)]
    thresholds = sorted(panel.chart.thresholds, key=lambda price: abs(price - last))
    room = int((panel.bottom - panel.top + height) / height)
    wanted += [(price, panel.exact(price), palette.threshold) for price in thresholds]
    tags = sorted(wanted[:room], reverse=True)
    at = [min(max(panel.prices.at(price), panel.top), panel.bottom) for price, _, _ in tags]
    placed = spread(at, height, panel.top - height / 2, panel.bottom + height / 2)
    for price, text in zip(panel.tick_prices, panel.price_ticks, strict=True):
        y = panel.prices.at(price)
        if all(abs(y - other) >= height * 0.95 for other in placed):
            canvas.text((panel.right + size * 0.5, y), text, size, palette.muted)
    for y, (_, text, colour) in zip(placed, tags, strict=True):
        canvas.fill(
            (panel.right + size * 0.2, y - size * 0.58, panel.width - size * 0.15, y + size * 0.58),
            colour,
        )
        canvas.text((panel.right + size * 0.5, y), text, size, palette.on_tag)


def _header(panel: Panel, canvas: Canvas) -> None:
    chart, palette = panel.chart, panel.palette
    left, room = panel.left, panel.width - 2 * panel.left
    size = round(panel.type * 1.25)
    title = lettering.fitted(chart.title, size, room)
    canvas.text((left, panel.type), title, size, palette.text)
    end_ms = chart.path.times_ms[-1]
    end = wall(end_ms, chart.zone)
    date = f"{end.day} {end:%b %Y} {zone_name(end_ms, chart.zone)}"
    size = round(panel.type * 0.9)
    canvas.text((panel.width - left, panel.type * 2.3), date, size, palette.muted, side="r")
    room -= lettering.width(date, size) + panel.type
    canvas.text(
        (left, panel.type * 2.3), lettering.fitted(chart.subtitle, size, room), size, palette.muted
    )
