"""How far a value has to come back, by `rearm`, and whether that is all that keeps a level true."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import Amount
from alertd.engine.operator import Operator
from alertd.engine.series import shifted

_DOWN = (Operator.ABOVE, Operator.AT_LEAST, Operator.CROSSES_ABOVE)
_UP = (Operator.BELOW, Operator.AT_MOST, Operator.CROSSES_BELOW)
_INWARDS = (Operator.OUTSIDE, Operator.LEAVES)

# Whether a value is above, below, ... a level by itself, whatever it has been before.
_BARE: Mapping[Operator, Callable[[float, float], bool]] = MappingProxyType(
    {
        Operator.ABOVE: lambda value, level: value > level,
        Operator.AT_LEAST: lambda value, level: value >= level,
        Operator.BELOW: lambda value, level: value < level,
        Operator.AT_MOST: lambda value, level: value <= level,
        Operator.RISES: lambda value, amount: value >= amount,
        Operator.FALLS: lambda value, amount: value >= amount,
        Operator.MOVES: lambda value, amount: value >= amount,
    }
)


def is_kept(reading: Reading) -> bool:
    """Tell whether a level counts as true for no other reason than that it has not come back yet."""
    value, threshold = reading.value, reading.threshold
    operator = reading.comparison.operator
    if reading.comparison.rearm is None or not reading.holds or operator.is_event:
        return False
    if value is None or threshold is None:
        return False
    if isinstance(threshold, Interval):
        inside = threshold.low <= value <= threshold.high
        return inside is (operator is Operator.OUTSIDE)
    return not _BARE[operator](value, threshold)


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
        low, high = (rearm, less) if operator in _INWARDS else (less, rearm)
        return Interval(shifted(threshold.low, low), shifted(threshold.high, high))
    if operator in _DOWN or operator.is_move:
        return shifted(threshold, less)
    if operator in _UP:
        return shifted(threshold, rearm)
    return Interval(shifted(threshold, less), shifted(threshold, rearm))
