"""The extremes of a value over a sliding window of event time."""

from collections import deque
from math import nan


class Window:
    """The lowest and the highest value of the last `length_ms`, both ends included.

    `lowest` and `highest` are those up to the newest ticker, `former_lowest` and `former_highest`
    those without it; all are NaN where the window has no value. Two monotonic deques hold only
    what can still become an extreme: pushing is constant amortised time, and what is held is
    bounded by the tickers of the window, few dozens of them for prices that go up and down.
    """

    __slots__ = (
        "_falling",
        "_first_ms",
        "_length_ms",
        "_now_ms",
        "_rising",
        "former_highest",
        "former_lowest",
        "highest",
        "lowest",
    )

    def __init__(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self._rising: deque[tuple[int, float]] = deque()
        self._falling: deque[tuple[int, float]] = deque()
        self._first_ms = self._now_ms = -1
        self.lowest = self.highest = self.former_lowest = self.former_highest = nan

    @property
    def is_covered(self) -> bool:
        """Whether the first ticker is so old that nothing of the window's past is unknown."""
        return self._now_ms - self._first_ms >= self._length_ms

    def push(self, time_ms: int, value: float) -> None:
        """Take the value (NaN where it is undefined) at a ticker's event time."""
        rising, falling = self._rising, self._falling
        if self._first_ms < 0:
            self._first_ms = time_ms
        self._now_ms = time_ms
        oldest = time_ms - self._length_ms
        while rising and rising[0][0] < oldest:
            rising.popleft()
        while falling and falling[0][0] < oldest:
            falling.popleft()
        self.former_lowest = rising[0][1] if rising else nan
        self.former_highest = falling[0][1] if falling else nan
        if value == value:  # noqa: PLR0124 - NaN alone differs from itself
            while rising and rising[-1][1] >= value:
                rising.pop()
            while falling and falling[-1][1] <= value:
                falling.pop()
            entry = (time_ms, value)
            rising.append(entry)
            falling.append(entry)
        self.lowest = rising[0][1] if rising else nan
        self.highest = falling[0][1] if falling else nan
