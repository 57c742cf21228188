"""Which prices and moments a picture shows: all of the path, and what does not squash it."""

from collections.abc import Iterable

from alertd.drawing.chart import Chart

# How many times higher than the path alone a picture may become, to show a threshold or the day.
_FOR_THRESHOLDS = 2.2
_FOR_DAY = 1.5
# A path that hardly moves is shown as one: its height is at least this share of its price.
_LEAST_SHARE = 0.002
_MARGIN = 0.06


def shown_times(chart: Chart) -> tuple[int, int]:
    """Return the first and the last moment of the picture in milliseconds, at least a slot apart."""
    path, marked = chart.path, [mark.time_ms for mark in chart.marks]
    start, end = min([path.times_ms[0], *marked]), max([path.times_ms[-1], *marked])
    # A single slot stands at the end, where the newest one always is.
    return min(start, end - path.slot_ms), end


def shown_prices(chart: Chart) -> tuple[float, float]:
    """Return the lowest and the highest price of the picture, the first below the second."""
    marked = [mark.price for mark in chart.marks]
    low = min([*chart.path.lows, *chart.path.closes, *marked])
    high = max([*chart.path.highs, *chart.path.closes, *marked])
    least = high * _LEAST_SHARE
    if high - low < least:
        low, high = (low + high - least) / 2, (low + high + least) / 2
    height = high - low
    low, high = _widened(low, high, chart.thresholds, height * _FOR_THRESHOLDS)
    day = [price for price in (chart.day_low, chart.day_high) if price is not None]
    low, high = _widened(low, high, day, max(height * _FOR_DAY, high - low))
    margin = (high - low) * _MARGIN
    return low - margin, high + margin


def _widened(low: float, high: float, prices: Iterable[float], most: float) -> tuple[float, float]:
    """Take in the prices, nearest first, as long as the whole is not higher than `most`."""
    for price in sorted(prices, key=lambda it: max(low - it, it - high)):
        if max(high, price) - min(low, price) <= most:
            low, high = min(low, price), max(high, price)
    return low, high
