"""What no ticker can make true, and what every ticker does: what is certain about a condition.

A condition is taken apart into its *ways*: sets of steps `x <= y` or `x < y` between metrics and
numbers, each set enough for it, all of whose steps must hold at once. A condition all of whose ways
are impossible can never be true; one whose ways of not being true are all impossible always is.

What is said is certain. Where it takes more than order to know (a window, a ladder), or more ways
than are worth the time, nothing is said.
"""

import enum
from bisect import bisect_left
from collections.abc import Iterable

from alertd.config.known_order import (
    LEAST,
    MOST,
    UNDEFINED_AT_TIMES,
    Seen,
    Step,
    Value,
    is_impossible,
)
from alertd.engine.condition import (
    AllOf,
    Amount,
    AnyOf,
    Band,
    Bound,
    Comparison,
    Condition,
    Level,
    Not,
)
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator

Way = frozenset[Step]

_MOST_WAYS = 256
_MOST_STEPS = 5_000  # in all of them
_ANYHOW: tuple[Way, ...] = (frozenset(),)
_NOHOW: tuple[Way, ...] = ()
_OPPOSITES = {
    Operator.ABOVE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.ABOVE,
    Operator.BELOW: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.BELOW,
    Operator.BETWEEN: Operator.OUTSIDE,
    Operator.OUTSIDE: Operator.BETWEEN,
}
# How an event's value has to stand to its level at the ticker before and now: that of the metric in
# question, or of another.
_OWN = ""
_UP = (_OWN, Operator.AT_MOST, Operator.ABOVE)
_DOWN = (_OWN, Operator.AT_LEAST, Operator.BELOW)
_TURNS = {
    Operator.CROSSES_ABOVE: (_UP,),
    Operator.CROSSES_BELOW: (_DOWN,),
    Operator.CROSSES: (_UP, _DOWN),
    Operator.ENTERS: ((_OWN, Operator.OUTSIDE, Operator.BETWEEN),),
    Operator.LEAVES: ((_OWN, Operator.BETWEEN, Operator.OUTSIDE),),
    Operator.TOUCHES: (
        (_OWN, Operator.BELOW, Operator.AT_LEAST),
        (_OWN, Operator.ABOVE, Operator.AT_MOST),
        ("high", Operator.BELOW, Operator.AT_LEAST),
        ("low", Operator.ABOVE, Operator.AT_MOST),
    ),
}
_WHOLE = 100.0
# A rise is settled to ten decimals before it is compared: so much less may count as enough.
_SETTLED = 1e-9


class Certainty(enum.Enum):
    """What is certain about a condition."""

    NEVER = "no ticker can make it true"
    ALWAYS = "every ticker makes it true"


class _TooManyError(Exception):
    """There are more ways than are worth the time."""


def certainty(condition: Condition) -> Certainty | None:
    """Return what is certain about a condition, None where nothing is known to be."""
    try:
        if _can_never_hold(condition):
            return Certainty.NEVER
        if all(map(is_impossible, _ways(condition, holds=False, known=False))):
            return Certainty.ALWAYS
    except _TooManyError:
        pass
    return None


def culprit(condition: Condition) -> Condition:
    """Return a least part, from which nothing can be left out, of what can never be true."""
    if not isinstance(condition, AllOf):
        return condition
    needed: tuple[Condition, ...] = ()
    left = condition.parts
    while left and not _is_never(needed):
        # The last part of the shortest beginning that is impossible with those is needed as well.
        beginnings = range(1, len(left))
        shortest = 1 + bisect_left(beginnings, True, key=lambda end: _is_never(left[:end] + needed))
        needed = (left[shortest - 1], *needed)
        left = left[: shortest - 1]
    return culprit(needed[0]) if len(needed) == 1 else AllOf(needed)


def _is_never(parts: tuple[Condition, ...]) -> bool:
    try:
        return bool(parts) and _can_never_hold(AllOf(parts))
    except _TooManyError:
        return False


def _can_never_hold(condition: Condition) -> bool:
    return all(map(is_impossible, _ways(condition, holds=True, known=True)))


def _ways(condition: Condition, *, holds: bool, known: bool) -> tuple[Way, ...]:
    """Return the ways in which a condition is true, or is not (`holds`).

    Where it need not be `known`, being undefined will do as well.
    """
    match condition:
        case Comparison():
            return _ways_of_comparison(condition, holds=holds, known=known)
        case Not(part):
            return _ways(part, holds=not holds, known=known)
        case AllOf(parts) | AnyOf(parts):
            ways = [_ways(part, holds=holds, known=known) for part in parts]
            return _together(ways) if isinstance(condition, AllOf) is holds else _either(*ways)


def _together(all_ways: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
    joined = _ANYHOW
    for ways in all_ways:
        if len(joined) * len(ways) > _MOST_WAYS:
            raise _TooManyError
        joined = tuple(one | other for one in joined for other in ways)
        if sum(map(len, joined)) > _MOST_STEPS:
            raise _TooManyError
    return joined


def _either(*all_ways: tuple[Way, ...]) -> tuple[Way, ...]:
    return tuple(way for ways in all_ways for way in ways)


def _ways_of_comparison(comparison: Comparison, *, holds: bool, known: bool) -> tuple[Way, ...]:
    operator, metric, level = comparison.operator, comparison.metric, comparison.level
    if operator in _OPPOSITES:
        if not known and not UNDEFINED_AT_TIMES.isdisjoint(_metrics(comparison)):
            return _ANYHOW
        return _standing(operator if holds else _OPPOSITES[operator], metric, level)
    if not holds:
        return _ANYHOW
    if operator in _TURNS:
        return _either(
            *(_turning(turn, METRICS.get(of, metric), level) for of, *turn in _TURNS[operator])
        )
    return _moving(comparison) if operator.is_move else _ANYHOW


def _metrics(comparison: Comparison) -> set[str]:
    level = comparison.level
    bounds = (level.low, level.high) if isinstance(level, Band) else (level,)
    return {it.name for it in (comparison.metric, *bounds) if isinstance(it, Metric)}


def _turning(turn: Iterable[Operator], metric: Metric, level: Level) -> tuple[Way, ...]:
    """Return the ways in which a metric stood so to a level at the ticker before, and so now."""
    before, now = turn
    return _together((_standing(before, metric, level, before=True), _standing(now, metric, level)))


def _standing(
    operator: Operator, metric: Metric, level: Level, *, before: bool = False
) -> tuple[Way, ...]:
    """Return the ways in which a metric stands so to a level at a ticker."""
    value = Seen(metric.name, before)
    low, high = (_value(bound, before=before) for bound in _bounds(level))
    match operator:
        case Operator.BETWEEN:
            return (frozenset({Step(low, value), Step(value, high)}),)
        case Operator.OUTSIDE:
            return _way(Step(value, low, rises=True)) + _way(Step(high, value, rises=True))
        case Operator.ABOVE | Operator.AT_LEAST:
            return _way(Step(low, value, rises=operator is Operator.ABOVE))
        case _:
            return _way(Step(value, high, rises=operator is Operator.BELOW))


def _moving(comparison: Comparison) -> tuple[Way, ...]:
    """Return the ways in which a value has risen or fallen from any value that it can have."""
    name, amount = comparison.metric.name, comparison.level
    assert isinstance(amount, Amount)  # noqa: S101 - a move's level is one
    match comparison.operator:
        case Operator.RISES:
            return _rising(name, amount)
        case Operator.FALLS:
            return _falling(name, amount)
        case _:
            return _either(_rising(name, amount), _falling(name, amount))


def _rising(name: str, amount: Amount) -> tuple[Way, ...]:
    if amount.percent or name not in LEAST:
        return _ANYHOW
    return _way(Step(LEAST[name] + amount.value - _SETTLED, Seen(name)))


def _falling(name: str, amount: Amount) -> tuple[Way, ...]:
    if amount.percent:
        can_be_negative = LEAST.get(name, -1.0) < 0
        return _ANYHOW if can_be_negative or amount.value <= _WHOLE + _SETTLED else _NOHOW
    if name not in MOST:
        return _ANYHOW
    return _way(Step(Seen(name), MOST[name] - amount.value + _SETTLED))


def _way(step: Step) -> tuple[Way, ...]:
    return (frozenset({step}),)


def _bounds(level: Level) -> tuple[Bound, Bound]:
    match level:
        case Band(low, high):
            return low, high
        case float() | int() | Metric():
            return level, level
        case _:
            raise TypeError(f"no level to stand above or below: {level}")


def _value(bound: Bound, *, before: bool) -> Value:
    return Seen(bound.name, before) if isinstance(bound, Metric) else float(bound)
