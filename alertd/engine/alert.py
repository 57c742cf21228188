"""An alert: the fact that a rule came true for a symbol, or is over, with what made it so."""

import enum

import attrs

from alertd.engine.condition import Comparison
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker


class AlertState(enum.Enum):
    """Which turn of a rule's life the alert tells of."""

    FIRING = "firing"
    RESOLVED = "resolved"


@attrs.frozen
class Interval:
    """A band as it stood at a ticker, in the metric's unit: numbers only."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


@attrs.frozen
class Reading:
    """What a comparison saw at a ticker.

    `value` is what was compared, now and at the `previous` ticker: the metric's value, or, of a
    move, how far it has moved, in the unit of its amount. `threshold` is what it was compared with,
    as a number at that moment: another metric's value, a ladder's rung, a window's former extreme.
    Each is None where it is undefined. `holds` is None where the comparison cannot be made. A level
    that is `kept` holds for no other reason than that the value has not come back by its `rearm`.
    """

    comparison: Comparison
    value: float | None
    previous: float | None
    threshold: float | Interval | None
    holds: bool | None
    kept: bool = False


@attrs.frozen(kw_only=True)
class Alert:
    """A rule came true for a symbol, or is over.

    Times are the exchange's event times in milliseconds. `readings` has one entry for each
    comparison of the condition, as written. `held_for_ms` is how long the condition had been true.
    `repeats` counts the alerts that the same firing gave before this one, `dropped` the events
    that the cooldown or the hours swallowed since the last alert. `gap_ms` is how long there was no
    ticker just before this one, 0 where there is nothing unusual about it.
    """

    rule: Rule
    symbol: str
    state: AlertState
    time_ms: int
    held_for_ms: int
    readings: tuple[Reading, ...]
    ticker: Ticker
    repeats: int = 0
    dropped: int = 0
    gap_ms: int = 0

    @property
    def decisive(self) -> Reading:
        """The reading that a one-line account speaks of.

        Of one that fires, the first event that holds, else the first comparison that does; of one that
        is over, the first comparison that no longer does.
        """
        if self.state is AlertState.RESOLVED:
            return next((it for it in self.readings if not it.holds), self.readings[0])
        holding = [reading for reading in self.readings if reading.holds]
        events = (reading for reading in holding if reading.comparison.operator.is_event)
        return next(events, (holding or self.readings)[0])

    @property
    def value(self) -> float | None:
        """What was compared; None only where a rule is over because its metric became undefined."""
        return self.decisive.value

    @property
    def threshold(self) -> float | Interval | None:
        """What it was compared with."""
        return self.decisive.threshold
