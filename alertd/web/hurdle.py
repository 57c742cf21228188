"""How near a rule is to firing: by the part of its condition that is furthest from being true.

All parts of an `all` have to come true, so the furthest counts; of an `any` the nearest does. Of a
`not` it is what ends its part: the nearest comparison in it that holds. Distances of different
metrics are compared in percent of the value, and in points where the value is in percent already:
a range of 11.5 % is half a percent away from 12 %, as a price that has half a percent to go.
"""

from collections.abc import Iterator

import attrs

from alertd.engine.alert import Interval
from alertd.engine.condition import Amount, AnyOf, Comparison, Not
from alertd.engine.explanation import Explained
from alertd.engine.metrics import Unit


@attrs.frozen
class Hurdle:
    """A comparison, and how many percent it is from what it has to be; 0 where it is that."""

    percent: float
    part: Explained


def hurdle_of(part: Explained) -> Hurdle | None:
    """Return what keeps the condition from being true; None where that cannot be told."""
    if isinstance(part.condition, Comparison):
        percent = 0.0 if part.true else _percent(part)
        return None if percent is None else Hurdle(percent, part)
    if isinstance(part.condition, Not):
        return _end_of(part)
    hurdles = [hurdle_of(it) for it in part.parts]
    known = [hurdle for hurdle in hurdles if hurdle is not None]
    if isinstance(part.condition, AnyOf):
        return min(known, key=_far, default=None)
    return max(known, key=_far) if len(known) == len(hurdles) else None


def _end_of(negation: Explained) -> Hurdle | None:
    """Return what would make a `not` true."""
    if negation.true:
        return Hurdle(0.0, next(_comparisons_in(negation)))
    holding = [part for part in _comparisons_in(negation) if part.true]
    known = [Hurdle(percent, part) for part in holding if (percent := _percent(part)) is not None]
    return min(known, key=_far, default=None)


def _comparisons_in(part: Explained) -> Iterator[Explained]:
    if isinstance(part.condition, Comparison):
        yield part
    for below in part.parts:
        yield from _comparisons_in(below)


def _percent(part: Explained) -> float | None:
    distance = part.distance
    if distance is None:
        return None
    if distance == 0 or is_in_percent(part.condition):
        return abs(distance)
    if part.distance_percent is not None:
        return abs(part.distance_percent)
    # The value is 0: in percent of what it is compared with, which is not.
    threshold = part.reading.threshold if part.reading else None
    return None if threshold is None or isinstance(threshold, Interval) else 100.0


def is_in_percent(condition: object) -> bool:
    """Tell whether what a comparison compares is a percentage."""
    if not isinstance(condition, Comparison):
        return False
    level = condition.level
    if condition.operator.is_move and isinstance(level, Amount):
        return level.percent or condition.metric.unit is Unit.PERCENT
    return condition.metric.unit is Unit.PERCENT


def _far(hurdle: Hurdle) -> float:
    return hurdle.percent
