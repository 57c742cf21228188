"""An alert: the fact that a rule came true for a symbol, with what made it so."""

import enum

import attrs

from alertd.engine.condition import Comparison, Level
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker


class AlertState(enum.Enum):
    """Which turn of a rule's life the alert tells of."""

    FIRING = "firing"


@attrs.frozen
class Reading:
    """What a comparison saw: the metric's value now and at the previous ticker, where defined."""

    comparison: Comparison
    value: float
    previous: float | None


@attrs.frozen
class Alert:
    """A rule came true for a symbol.

    Times are the exchange's event times in milliseconds. `readings` has one entry for each comparison of
    the condition, as written; the first event among them, else the first, is the one that gave
    the alert its `value` and `threshold`. `held_for_ms` is how long the condition had been true.
    """

    rule: Rule
    symbol: str
    state: AlertState
    time_ms: int
    held_for_ms: int
    readings: tuple[Reading, ...]
    ticker: Ticker

    @property
    def decisive(self) -> Reading:
        """The reading that a one-line account of the alert speaks of."""
        events = (reading for reading in self.readings if reading.comparison.operator.is_event)
        return next(events, self.readings[0])

    @property
    def value(self) -> float:
        """What was compared, in the metric's unit."""
        return self.decisive.value

    @property
    def threshold(self) -> Level:
        """What it was compared with, in the metric's unit."""
        return self.decisive.comparison.level
