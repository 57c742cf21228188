"""How far a value has to come back, by `rearm`: where a level is over, and an event ready again."""

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import Amount
from alertd.engine.operator import Operator
from alertd.engine.series import shifted

# After these the value has to come down, up, or into the band.
DOWNWARDS = frozenset({Operator.ABOVE, Operator.AT_LEAST, Operator.CROSSES_ABOVE})
_UPWARDS = frozenset({Operator.BELOW, Operator.AT_MOST, Operator.CROSSES_BELOW})
INWARDS = frozenset({Operator.OUTSIDE, Operator.LEAVES})
# These have no level to come back to.
NOWHERE = frozenset({Operator.CROSSES_EVERY, Operator.NEW_HIGH, Operator.NEW_LOW})


def way_back(reading: Reading) -> float | Interval | None:
    """Return where the value has to come back to, None without a `rearm` or where it is undefined.

    A level is over there, a crossing ready again. Of a band it is the one that `rearm` makes of it:
    `between` and `enters` have to be outside of that, `outside` and `leaves` inside. `crosses` and
    `touches` have to be outside of a band around their level.
    """
    rearm, threshold = reading.comparison.rearm, reading.threshold
    if rearm is None or threshold is None:
        return None
    less = Amount(-rearm.value, rearm.percent)
    operator = reading.comparison.operator
    if isinstance(threshold, Interval):
        low, high = (rearm, less) if operator in INWARDS else (less, rearm)
        return Interval(shifted(threshold.low, low), shifted(threshold.high, high))
    if operator in DOWNWARDS or operator.is_move:
        return shifted(threshold, less)
    if operator in _UPWARDS:
        return shifted(threshold, rearm)
    return Interval(shifted(threshold, less), shifted(threshold, rearm))
