"""Conditions: what a rule asks of a symbol, as a tree of comparisons. What they mean: `part.py`."""

import attrs

from alertd.engine.metrics import Metric
from alertd.engine.operator import Operator

DAY_MS = 86_400_000

Bound = float | Metric


@attrs.frozen
class Band:
    """A stretch of values, bounds included, in the metric's unit; a bound may be another metric."""

    low: Bound
    high: Bound


@attrs.frozen
class Amount:
    """How far a value moves: in its own unit, or `percent` of something."""

    value: float
    percent: bool = False


# By the operator: a Bound, or a Band where it `takes_band`, an Amount where it `takes_amount`,
# None where it `is_record`.
Level = Bound | Band | Amount | None


@attrs.frozen
class Comparison:
    """One metric against one level.

    `within_ms` is the length of the window of a move or a record. `rearm` is how far the value has
    to come back before the comparison is over, or ready again, after the rule has fired; a
    percentage is of the level. It is in the unit of what is compared: of `rises: 3%` in percent.
    """

    metric: Metric
    operator: Operator
    level: Level
    within_ms: int = 0
    rearm: Amount | None = None

    @property
    def has_own_numbers(self) -> bool:
        """Whether it compares with numbers of its own, and not with what moves: a metric, a rung, an extreme."""
        match self.level:
            case Band(low, high):
                return isinstance(low, float) and isinstance(high, float)
            case Amount():
                return self.operator.is_move
            case level:
                return isinstance(level, float)

    @property
    def is_days_record(self) -> bool:
        """Whether it asks for a new 24 h extreme of the close: the exchange's own high or low."""
        return self.operator.is_record and self.metric.name == "close" and self.within_ms == DAY_MS


@attrs.frozen
class AllOf:
    """True where every part is: an event if a part is one, else a level."""

    parts: tuple["Condition", ...]


@attrs.frozen
class AnyOf:
    """True where a part is: all parts are events, or all are levels."""

    parts: tuple["Condition", ...]


@attrs.frozen
class Not:
    """True where its part, a level, is known to be false; an undefined metric makes it false too."""

    part: "Condition"


Condition = Comparison | AllOf | AnyOf | Not


def comparisons_in(condition: Condition) -> tuple[Comparison, ...]:
    """Return the condition's comparisons in the order in which they were written."""
    match condition:
        case Comparison():
            return (condition,)
        case Not(part):
            return comparisons_in(part)
        case AllOf(parts) | AnyOf(parts):
            return tuple(found for part in parts for found in comparisons_in(part))


def is_event(condition: Condition) -> bool:
    """Tell whether the condition happens on single ticks rather than holds."""
    return any(comparison.operator.is_event for comparison in comparisons_in(condition))


def without_rearm(condition: Condition) -> Condition:
    """Return what the condition asks for: all of it but how far its values have to come back."""
    match condition:
        case Comparison():
            return attrs.evolve(condition, rearm=None) if condition.rearm else condition
        case Not(part):
            return Not(without_rearm(part))
        case AllOf(parts):
            return AllOf(tuple(map(without_rearm, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(without_rearm, parts)))
