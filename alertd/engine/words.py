"""Conditions and hours in words, for people who want to see what a rule was understood to say."""

from decimal import Decimal
from types import MappingProxyType

from alertd.engine.condition import (
    DAY_MS,
    AllOf,
    Amount,
    AnyOf,
    Band,
    Bound,
    Comparison,
    Condition,
    Not,
)
from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span
from alertd.engine.metrics import Metric, Unit
from alertd.engine.operator import Operator

# How durations are written in rules, the largest unit first.
UNITS_MS = MappingProxyType({"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1})
# As they are written in rules; Monday is 0.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SUFFIXES = ((9, "B"), (6, "M"), (3, "k"))
_WHOLE_DAY = (Span(0, DAY_MINUTES),)


def in_words(condition: Condition) -> str:
    """Return a condition on one line: `close falls 8% within 5m or (close below 9 and volume above 5)`.

    Whatever joins several parts has brackets inside of another, so that it can be read in one way.
    """
    match condition:
        case Comparison():
            return _comparison_in_words(condition)
        case AllOf(parts):
            return " and ".join(map(_part_in_words, parts))
        case AnyOf(parts):
            return " or ".join(map(_part_in_words, parts))
        case Not(part):
            return f"not ({in_words(part)})"


def _part_in_words(part: Condition) -> str:
    return f"({in_words(part)})" if isinstance(part, AllOf | AnyOf) else in_words(part)


def _comparison_in_words(test: Comparison) -> str:
    rearm = f" (rearm {_amount_in_words(test.rearm, test.metric)})" if test.rearm else ""
    return f"{test.metric.name} {_test_in_words(test)}{rearm}"


def _test_in_words(test: Comparison) -> str:
    operator = test.operator.value.replace("_", " ")
    match test.level:
        case None:
            extreme = "high" if test.operator is Operator.NEW_HIGH else "low"
            return f"makes a new {_window_in_words(test.within_ms)} {extreme}"
        case Amount() as step:
            within = f" within {_window_in_words(test.within_ms)}" if test.within_ms else ""
            return f"{operator} {_step_in_words(step, test.metric)}{within}"
        case Band() as band:
            return f"{operator} {_band_in_words(band, test)}"
        case bound:
            return f"{operator} {_bound_in_words(bound, test.metric)}"


def _window_in_words(length_ms: int) -> str:
    # The market's own word for its day, as it is written in rules.
    return "24h" if length_ms == DAY_MS else duration_in_words(length_ms)


def _step_in_words(step: Amount, metric: Metric) -> str:
    # Of 10 %, 3 % more would be 10.3 % to one reader and 13 % to the next.
    points = " points" if metric.unit is Unit.PERCENT else ""
    return f"{_amount_in_words(step, metric)}{points}"


def _amount_in_words(amount: Amount, metric: Metric) -> str:
    return amount_in_words(amount) if amount.percent else _figure(amount.value, metric)


def _band_in_words(band: Band, test: Comparison) -> str:
    joint = "and" if test.operator is Operator.BETWEEN else "to"
    high = _bound_in_words(band.high, test.metric)
    if isinstance(band.low, Metric) or isinstance(band.high, Metric):
        return f"{_bound_in_words(band.low, test.metric)} {joint} {high}"
    return f"{_figure(band.low, test.metric)} {joint} {high}"


def _bound_in_words(bound: Bound, metric: Metric) -> str:
    if isinstance(bound, Metric):
        return bound.name
    return f"{_figure(bound, metric)}{'%' if metric.unit is Unit.PERCENT else ''}"


def _figure(value: float, metric: Metric) -> str:
    """Return a number as people write it of that metric: volumes in thousands, millions, billions."""
    if metric.unit in (Unit.BASE, Unit.QUOTE):
        for exponent, letter in _SUFFIXES:
            if abs(value) >= 10.0**exponent:
                return f"{Decimal(repr(value)).scaleb(-exponent).normalize():f}{letter}"
    return plain(value)


def amount_in_words(amount: Amount) -> str:
    """Return an amount as it is written in rules: `1000`, `3%`."""
    return f"{plain(amount.value)}{'%' if amount.percent else ''}"


def plain(value: float) -> str:
    """Return the shortest decimals of a number, never 1e-05."""
    return f"{Decimal(repr(value)).normalize():f}"


def duration_in_words(milliseconds: int) -> str:
    """Return a duration as it is written in rules: `1h30m`."""
    parts = []
    for unit, size in UNITS_MS.items():
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def hours_in_words(hours: Hours) -> str:
    """Return hours on one line: `mon-fri 08:00-22:00 Europe/Berlin`."""
    days = _days_in_words(hours.days) if hours.days != EVERY_DAY else "every day"
    spans = ", ".join(map(_span_in_words, hours.spans)) if hours.spans != _WHOLE_DAY else ""
    return " ".join(filter(None, (days, spans, str(hours.zone))))


def _days_in_words(days: frozenset[int]) -> str:
    """Return days as stretches, over the end of the week where one goes on there: `sat-mon`."""
    firsts = [day for day in sorted(days) if (day - 1) % 7 not in days]
    return ", ".join(_stretch_in_words(first, days) for first in firsts)


def _stretch_in_words(first: int, days: frozenset[int]) -> str:
    length = next(length for length in range(1, 8) if (first + length) % 7 not in days)
    last = (first + length - 1) % 7
    return DAYS[first] if length == 1 else f"{DAYS[first]}-{DAYS[last]}"


def _span_in_words(span: Span) -> str:
    return f"{_clock(span.start)}-{_clock(span.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
