"""A message and the prices around it into what its picture shows."""

from datetime import UTC, datetime, tzinfo

from alertd.delivery.channel import Charting
from alertd.delivery.message import Message
from alertd.drawing.chart import Chart, Mark, PricePath
from alertd.engine.prices import Prices
from alertd.engine.sketch import Sketch

# Less of a path than so many minutes shows nothing.
_LEAST_SLOTS = 3


def is_wanted(message: Message, charting: Charting) -> bool:
    """Tell whether a picture goes along with a message to a channel of such wishes."""
    sketch = message.sketch
    return sketch is not None and (charting.is_wanted or sketch.is_asked_for)


def chart_of(message: Message, prices: Prices, charting: Charting) -> Chart | None:
    """Return what the picture of a message shows: the price up to now, with its moment marked.

    None where there is nothing to show: no sketch, too few prices, or none that are as old as the
    alert, as when a service was down for hours. Raises `ValueError` for what cannot be drawn.
    """
    sketch = message.sketch
    path = prices.path(message.symbol, charting.span_ms) if sketch is not None else None
    if sketch is None or path is None or len(path.times_ms) < _LEAST_SLOTS:
        return None
    if message.time_ms < path.times_ms[0]:
        return None
    number = f", alert {message.number}" if message.number else ""
    return Chart(
        title=message.title,
        subtitle=f"{message.rule}{number}",
        path=path,
        levels=sketch.levels,
        bands=sketch.bands,
        stretch=_stretch(sketch, message.time_ms, path),
        day_low=sketch.day_low,
        day_high=sketch.day_high,
        marks=(Mark(time_ms=message.time_ms, price=sketch.price, is_resolved=sketch.is_over),),
        zone=charting.zone or _machines_zone(message.time_ms),
    )


def _stretch(sketch: Sketch, time_ms: int, path: PricePath) -> tuple[int, int] | None:
    """Return the window that the alert is about, as far as it is seen; None where it is all of it."""
    begin_ms = time_ms - sketch.window_ms
    return (begin_ms, time_ms) if path.times_ms[0] < begin_ms < time_ms else None


def _machines_zone(time_ms: int) -> tzinfo:
    """Return the machine's zone as its clock stood at that time."""
    zone = datetime.fromtimestamp(time_ms / 1000, UTC).astimezone().tzinfo
    return zone or UTC
