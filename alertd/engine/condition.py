"""Conditions: what a rule asks of a symbol, and whether two consecutive tickers grant it."""

import enum
from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any

import attrs

from alertd.engine.metrics import Metric
from alertd.market.ticker import Ticker


class Operator(enum.Enum):
    """How a metric's value is compared with a level; the value is its name in YAML."""

    ABOVE = "above"
    BELOW = "below"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    OUTSIDE = "outside"
    CROSSES_ABOVE = "crosses_above"
    CROSSES_BELOW = "crosses_below"

    @property
    def is_event(self) -> bool:
        """Whether it is true on single ticks only, not for as long as something holds."""
        return self in _EVENTS

    @property
    def takes_band(self) -> bool:
        """Whether its level is a band [low, high] rather than a number."""
        return self in (Operator.BETWEEN, Operator.OUTSIDE)


@attrs.frozen
class Band:
    """A stretch of values, bounds included, in the metric's unit."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


Level = float | Band


@attrs.frozen
class Comparison:
    """One metric against one level, in the metric's unit."""

    metric: Metric
    operator: Operator
    level: Level


@attrs.frozen
class AllOf:
    """True where every part is: an event if a part is one, else a level."""

    parts: tuple["Condition", ...]


Condition = Comparison | AllOf


def comparisons_in(condition: Condition) -> tuple[Comparison, ...]:
    """Return the condition's comparisons in the order in which they were written."""
    if isinstance(condition, Comparison):
        return (condition,)
    return tuple(found for part in condition.parts for found in comparisons_in(part))


def is_event(condition: Condition) -> bool:
    """Tell whether the condition happens on single ticks rather than holds."""
    return any(comparison.operator.is_event for comparison in comparisons_in(condition))


# The level is a number, or a Band where the operator takes one: the loader has seen to it.
_LEVELS: Mapping[Operator, Callable[[float, Any], bool]] = {
    Operator.ABOVE: gt,
    Operator.BELOW: lt,
    Operator.AT_LEAST: ge,
    Operator.AT_MOST: le,
    Operator.BETWEEN: lambda value, band: value in band,
    Operator.OUTSIDE: lambda value, band: value not in band,
}
_EVENTS: Mapping[Operator, Callable[[float, float, Any], bool]] = {
    Operator.CROSSES_ABOVE: lambda previous, value, level: previous <= level < value,
    Operator.CROSSES_BELOW: lambda previous, value, level: previous >= level > value,
}


def holds(condition: Condition, now: Ticker, before: Ticker | None) -> bool:
    """Tell whether the condition is true at `now`; `before` is the symbol's previous ticker.

    A comparison of an undefined metric is false, and so is an event without a previous ticker.
    """
    if isinstance(condition, AllOf):
        return all(holds(part, now, before) for part in condition.parts)
    value = condition.metric.of(now)
    if value is None:
        return False
    level = _LEVELS.get(condition.operator)
    if level is not None:
        return level(value, condition.level)
    previous = condition.metric.of(before) if before is not None else None
    return previous is not None and _EVENTS[condition.operator](previous, value, condition.level)
