"""What a comparison that came true did, in words: `crossed above`, `fell out of`, `at least`."""

from types import MappingProxyType

from alertd.engine.alert import Interval, Reading
from alertd.engine.operator import Operator

_PAST = MappingProxyType(
    {
        Operator.CROSSES_ABOVE: "crossed above",
        Operator.CROSSES_BELOW: "crossed below",
        Operator.TOUCHES: "touched",
        Operator.RISES: "rose",
        Operator.FALLS: "fell",
        Operator.MOVES: "moved",
    }
)


def verb_of(reading: Reading) -> str:
    """Return what goes before the level or band; for events with the direction, where it is known."""
    match reading.comparison.operator:
        case Operator.CROSSES:
            return _by_side(reading.value, reading, "crossed below", "crossed", "crossed above")
        case Operator.ENTERS:
            return _by_side(reading.previous, reading, "rose into", "entered", "fell into")
        case Operator.LEAVES:
            return _by_side(reading.value, reading, "fell out of", "left", "rose out of")
        case Operator.CROSSES_EVERY:
            return f"{_direction(reading)} {'to' if reading.value == reading.threshold else 'past'}"
        case operator:
            return _PAST.get(operator, operator.value.replace("_", " "))


def _by_side(value: float | None, reading: Reading, below: str, at: str, above: str) -> str:
    """Choose a word by where the value is beside the threshold; `at` where that is not known either."""
    match reading.threshold:
        case None:
            return at
        case Interval(low, high):
            pass
        case level:
            low = high = level
    if value is None or low <= value <= high:
        return at
    return below if value < low else above


def _direction(reading: Reading) -> str:
    value, previous = reading.value, reading.previous
    return "fell" if value is not None and previous is not None and value < previous else "rose"


def is_wick(reading: Reading) -> bool:
    """Tell whether the 24 h high or low touched the level, and the close itself did not reach it."""
    value, previous, level = reading.value, reading.previous, reading.threshold
    if reading.comparison.operator is not Operator.TOUCHES:
        return False
    if value is None or previous is None or level is None or isinstance(level, Interval):
        return False
    return not min(value, previous) <= level <= max(value, previous)
