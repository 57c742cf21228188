"""What the numbers of a whole month are kept in, one for each ticker."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Places:
    """Where something is true: the places, in order, quickly found."""

    def __init__(self, flags: Flags) -> None:
        self._places = np.flatnonzero(flags)
        self.end = len(flags)

    def __iter__(self) -> "map[int]":
        return map(int, self._places)

    def at_or_after(self, place: int) -> int:
        """Return the first place from there on, the length of it all where there is none."""
        index = np.searchsorted(self._places, place)
        return int(self._places[index]) if index < len(self._places) else self.end

    def any_in(self, start: int, end: int) -> bool:
        """Tell whether there is one from the start up to but without the end."""
        return self.at_or_after(start) < end


def before(values: Floats) -> Floats:
    """Return each value's predecessor; the first has none."""
    return np.concatenate(([np.nan], values[:-1]))


def told_apart(values: Floats, level: Floats | float) -> None:
    """Refuse numbers that are so near to a level that rounding, not the market, would decide."""
    distance, size = np.abs(values - level), np.maximum(np.abs(level), 1)
    near = (distance > 0) & (distance < 1e-9 * size)
    assert not near.any(), f"too near to {level} to tell: {values[near][:3]}"


def settled(values: Floats) -> Floats:
    """Return what is computed from decimals to ten of them: `100 x (0.112 - 0.1) / 0.1` is 12."""
    return np.round(values, 10)
