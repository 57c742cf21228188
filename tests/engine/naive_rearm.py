"""How far a value has to come back: what `rearm` asks for, in the unit of what is compared."""

from alertd.engine.alert import Interval
from alertd.engine.condition import Comparison
from alertd.engine.operator import Operator as Op
from tests.engine.naive_comparisons import Threshold, settled


def still_counts(comparison: Comparison, value: float, level: Threshold) -> bool:
    """Whether a level that was true has not yet come back by `rearm`."""
    if isinstance(level, Interval):
        low, high = _slack(comparison, level.low), _slack(comparison, level.high)
        if comparison.operator is Op.BETWEEN:
            return settled(level.low - low) <= value <= settled(level.high + high)
        return value < settled(level.low + low) or value > settled(level.high - high)
    assert level is not None
    back = _slack(comparison, level)
    if comparison.operator in (Op.BELOW, Op.AT_MOST):
        return value < settled(level + back)
    return value > settled(level - back)


def has_come_back(comparison: Comparison, value: float, level: Threshold) -> bool:
    """Whether the value is where it makes an event that has fired ready again."""
    if isinstance(level, Interval):
        low, high = _slack(comparison, level.low), _slack(comparison, level.high)
        if comparison.operator is Op.ENTERS:
            return value <= settled(level.low - low) or value >= settled(level.high + high)
        return settled(level.low + low) <= value <= settled(level.high - high)
    assert level is not None
    back = _slack(comparison, level)
    if comparison.operator is Op.CROSSES_ABOVE:
        return value <= settled(level - back)
    if comparison.operator is Op.CROSSES_BELOW:
        return value >= settled(level + back)
    return value <= settled(level - back) or value >= settled(level + back)


def _slack(comparison: Comparison, level: float) -> float:
    """`H` in the unit of what is compared; a percentage is of the level."""
    rearm = comparison.rearm
    assert rearm is not None
    return abs(level) * rearm.value / 100 if rearm.percent else rearm.value
