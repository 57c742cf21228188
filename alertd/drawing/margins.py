"""What is written around a plot: title, moments and prices."""

from alertd.drawing import lettering
from alertd.drawing.canvas import Canvas
from alertd.drawing.panel import Panel
from alertd.drawing.tags import Tag
from alertd.drawing.times import dated, wall, zone_name

# In type: how large a title may be, and what is below it.
_TITLES, _SUBTITLE = (1.25, 1.1, 1.0), 0.9


def paint_margins(panel: Panel, canvas: Canvas) -> None:
    """Paint all that is written around the plot."""
    _paint_header(panel, canvas)
    _paint_moments(panel, canvas)
    _paint_prices(panel, canvas)
    for tag in panel.tags:
        _paint_tag(panel, canvas, tag)


def _paint_header(panel: Panel, canvas: Canvas) -> None:
    """Write the title, and below it the subtitle, with the date and the zone on the right."""
    small, left = round(panel.type * _SUBTITLE), panel.plot[0]
    room, second = panel.width - 2 * left, panel.type * 2.25
    size = _title_size(panel, room)
    title = lettering.fitted(panel.chart.title, size, room)
    canvas.text((left, panel.type * 0.95), title, size, panel.palette.text)
    end = _end(panel)
    canvas.text((left + room, second), end, small, panel.palette.muted, side="r")
    subtitle_room = room - lettering.width(end, small) - panel.type
    subtitle = lettering.fitted(panel.chart.subtitle, small, subtitle_room)
    canvas.text((left, second), subtitle, small, panel.palette.muted)


def _title_size(panel: Panel, room: float) -> int:
    """Return the largest size that the title fits in, or the smallest, in which it is cut."""
    sizes = [round(panel.type * share) for share in _TITLES]
    fitting = (size for size in sizes if lettering.width(panel.chart.title, size) <= room)
    return next(fitting, sizes[-1])


def _end(panel: Panel) -> str:
    """Write when the picture ends, which is when the alert was, and in which zone all its times are."""
    end_ms, zone = round(panel.times.high), panel.chart.zone
    end = wall(end_ms, zone)
    return f"{dated(end)} {end.year}, {end:%H:%M} {zone_name(end_ms, zone)}"


def _paint_moments(panel: Panel, canvas: Canvas) -> None:
    bottom = panel.plot[3]
    for tick in panel.time_ticks:
        x = panel.times.at(tick.time_ms)
        canvas.fill((x, bottom, x + panel.line, bottom + panel.type * 0.25), panel.palette.muted)
        half = lettering.width(tick.text, panel.type) / 2
        if half <= x <= panel.width - half:
            colour = panel.palette.text if tick.is_midnight else panel.palette.muted
            canvas.text((x, bottom + panel.type), tick.text, panel.type, colour, side="m")


def _paint_prices(panel: Panel, canvas: Canvas) -> None:
    """Write the axis's prices where no tag stands."""
    x = panel.plot[2] + panel.type
    for y, text in panel.price_ticks:
        if all(abs(y - tag.at) >= panel.type for tag in panel.tags):
            canvas.text((x, y), text, panel.type, panel.palette.muted)


def _paint_tag(panel: Panel, canvas: Canvas, tag: Tag) -> None:
    """Write a price on its colour, tied to its height; an arrow points to what is outside."""
    size, (_, top, right, bottom) = panel.type, panel.plot
    colour = panel.palette.price if tag.is_last else panel.palette.threshold
    start, half = right + size * 0.6, panel.tag_height / 2 - panel.line
    box = (start, tag.at - half, panel.width - size * 0.1, tag.at + half)
    canvas.fill(box, colour)
    x = right + size
    if tag.outside:
        canvas.arrow((x + size * 0.2, tag.at), size * 0.3, panel.palette.on_tag, tag.outside)
        x += size * 0.7
    else:
        tie = [(right, panel.prices.at(tag.price)), (start, tag.at)]
        canvas.strokes([tie], colour, width=panel.line * 1.5, box=(right, top, start, bottom))
    canvas.text((x, tag.at), tag.text, size, panel.palette.on_tag)
