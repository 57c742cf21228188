"""What of an alert stands beside the price in its picture: prices that it is about, and windows of time.

What is drawn is decided when the alert fires, and kept with it, for the picture itself may be made
later: when the destination takes messages again, or by the next process.
"""

import attrs

from alertd.engine.alert import Alert, AlertState, Interval, Reading
from alertd.engine.condition import Amount
from alertd.engine.metrics import CLOSE, settled
from alertd.engine.operator import Operator

# Metrics that are prices of the symbol: what they are compared with has a place in the picture.
_PRICES = frozenset({"close", "open", "high", "low", "vwap"})


@attrs.frozen(kw_only=True)
class Sketch:
    """What stands beside the price when an alert of that `price` is drawn.

    `levels` are prices, `bands` pairs of them (low, high), `window_ms` the longest window of time
    that had a part in it, 0 without one; `day_low` and `day_high` are the ticker's 24 hours. `is_over`
    says that the rule fires no longer. One
    that `is_asked_for` by its rule is drawn whatever the channel says.
    """

    price: float
    day_low: float
    day_high: float
    levels: tuple[float, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()
    window_ms: int = 0
    is_over: bool = False
    is_asked_for: bool = False


def sketch_of(alert: Alert) -> Sketch | None:
    """Return what is drawn beside the price of an alert; None where its rule wants no picture."""
    if alert.rule.chart is False:
        return None
    told = _told(alert)
    ticker = alert.ticker
    about_prices = [it for it in told if it.comparison.metric.name in _PRICES]
    levels = (_level_of(it, ticker.close) for it in about_prices)
    bands = [it.threshold for it in about_prices if isinstance(it.threshold, Interval)]
    return Sketch(
        price=ticker.close,
        day_low=ticker.low,
        day_high=ticker.high,
        levels=tuple(dict.fromkeys(level for level in levels if level is not None)),
        bands=tuple(dict.fromkeys((it.low, it.high) for it in bands)),
        window_ms=max((it.comparison.within_ms for it in told), default=0),
        is_over=alert.state is AlertState.RESOLVED,
        is_asked_for=alert.rule.chart is True,
    )


def _told(alert: Alert) -> tuple[Reading, ...]:
    """Return the readings that made the alert; of one that is over, the one that no longer holds."""
    if alert.state is AlertState.RESOLVED:
        return (alert.decisive,)
    return tuple(it for it in alert.readings if it.holds) or (alert.decisive,)


def _level_of(reading: Reading, price: float) -> float | None:
    """Return the price that was compared with; of a rise or a fall of the close where it began."""
    comparison, threshold = reading.comparison, reading.threshold
    if not comparison.operator.is_move:
        return None if isinstance(threshold, Interval) else threshold
    if comparison.operator is Operator.MOVES or comparison.metric is not CLOSE:
        return None
    return _beginning(reading, price)


def _beginning(reading: Reading, price: float) -> float | None:
    if reading.value is None or not isinstance(reading.comparison.level, Amount):
        return None
    by = reading.value if reading.comparison.operator is Operator.RISES else -reading.value
    if not reading.comparison.level.percent:
        return settled(price - by)
    # No price falls by 100 %.
    return settled(price / (1 + by / 100)) if by > -100 else None  # noqa: PLR2004 - percent
