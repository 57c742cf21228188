"""Figures of an explanation for a terminal: values in their unit, distances, moments."""

from datetime import UTC, datetime

import attrs

from alertd.delivery import numbers
from alertd.engine.metrics import Unit
from alertd.web.answers import Range
from alertd.web.explain_answers import Reading

# A near miss must not look like a hit.
_PERCENT_PLACES = 4
_SHORT_PLACES = 2


@attrs.frozen
class Figures:
    """Writes figures of one symbol: `close` says how many decimals its prices have."""

    close: float | None

    def value(self, value: float | Range | None, unit: str) -> str:
        """Return a value in its unit; `n/a` where it is undefined."""
        match value:
            case None:
                return numbers.UNDEFINED
            case Range(low=low, high=high):
                return f"{self.value(low, unit)} to {self.value(high, unit)}"
        match Unit(unit):
            case Unit.PERCENT:
                return f"{_percent(value)}%"
            case Unit.PRICE:
                return numbers.price(value, numbers.decimals_in(self.close or 0.0))
            case Unit.BASE | Unit.QUOTE:
                return numbers.si(value)

    def distance(self, reading: Reading, distance: float, percent: float | None) -> str:
        """Return how far the value is from the threshold: `149.9 (0.15%)`, or `1.2 points`."""
        if reading.unit == Unit.PERCENT.value:
            points = _percent(abs(distance))
            return f"{points} {'point' if points == '1' else 'points'}"
        relative = f" ({short(abs(percent))}%)" if percent is not None else ""
        return f"{self.value(abs(distance), reading.unit)}{relative}"


def _percent(value: float) -> str:
    return numbers.plain(round(value, _PERCENT_PLACES))


def short(percent: float) -> str:
    """Return a percentage of 0 or more with two decimals, and never as 0 where it is not."""
    rounded = numbers.fixed(percent, _SHORT_PLACES)
    return "<0.01" if percent and not float(rounded) else rounded


def moment(time_ms: int, now_ms: int) -> str:
    """Return a time in UTC: of the same day as now the time alone."""
    then, now = _utc(time_ms), _utc(now_ms)
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then:%Y-%m-%d %H:%M:%S}"


def stamp(time_ms: int) -> str:
    """Return a time in UTC in full."""
    return f"{_utc(time_ms):%Y-%m-%d %H:%M:%S} UTC"


def lasted(milliseconds: int) -> str:
    """Return a length of time in its two largest units."""
    return numbers.duration(milliseconds / 1000)


def _utc(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC)
