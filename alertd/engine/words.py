"""Conditions in words, for people who want to see what a rule was understood to say."""

from decimal import Decimal
from types import MappingProxyType

from alertd.engine.condition import Band, Comparison, Condition, Level, comparisons_in
from alertd.engine.metrics import Unit

# How durations are written in rules, the largest unit first.
UNITS_MS = MappingProxyType({"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1})


def in_words(condition: Condition) -> str:
    """Return a condition on one line: `close crosses above 100000 and quote_volume above 50000000`."""
    return " and ".join(map(_test_in_words, comparisons_in(condition)))


def _test_in_words(test: Comparison) -> str:
    unit = "%" if test.metric.unit is Unit.PERCENT else ""
    operator = test.operator.value.replace("_", " ")
    return f"{test.metric.name} {operator} {_level_in_words(test.level)}{unit}"


def _level_in_words(level: Level) -> str:
    if isinstance(level, Band):
        return f"{_plain(level.low)} and {_plain(level.high)}"
    return _plain(level)


def _plain(value: float) -> str:
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
