"""The operators of the rule language, and what each of them is."""

import enum


class Operator(enum.Enum):
    """How a metric's value is compared; the value is its name in YAML."""

    ABOVE = "above"
    BELOW = "below"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BETWEEN = "between"
    OUTSIDE = "outside"
    CROSSES_ABOVE = "crosses_above"
    CROSSES_BELOW = "crosses_below"
    CROSSES = "crosses"
    ENTERS = "enters"
    LEAVES = "leaves"
    TOUCHES = "touches"
    CROSSES_EVERY = "crosses_every"
    RISES = "rises"
    FALLS = "falls"
    MOVES = "moves"
    NEW_HIGH = "new_high"
    NEW_LOW = "new_low"

    @property
    def is_event(self) -> bool:
        """Whether it is true on single ticks only, not for as long as something holds."""
        return self in _EVENTS

    @property
    def takes_band(self) -> bool:
        """Whether its level is a band [low, high]."""
        return self in _BANDS

    @property
    def takes_amount(self) -> bool:
        """Whether its level is an amount to move by: a number or a percentage."""
        return self in _AMOUNTS

    @property
    def is_move(self) -> bool:
        """Whether it compares the value with the extremes of the window that it is `within`."""
        return self in _MOVES

    @property
    def is_record(self) -> bool:
        """Whether it happens when the value leaves all others of a window behind."""
        return self in _RECORDS


_EVENTS = frozenset(
    {
        Operator.CROSSES_ABOVE,
        Operator.CROSSES_BELOW,
        Operator.CROSSES,
        Operator.ENTERS,
        Operator.LEAVES,
        Operator.TOUCHES,
        Operator.CROSSES_EVERY,
        Operator.NEW_HIGH,
        Operator.NEW_LOW,
    }
)
_BANDS = frozenset({Operator.BETWEEN, Operator.OUTSIDE, Operator.ENTERS, Operator.LEAVES})
_MOVES = frozenset({Operator.RISES, Operator.FALLS, Operator.MOVES})
_AMOUNTS = _MOVES | {Operator.CROSSES_EVERY}
_RECORDS = frozenset({Operator.NEW_HIGH, Operator.NEW_LOW})
