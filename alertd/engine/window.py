"""The extremes of a value over a sliding window of event time."""

from collections import deque
from collections.abc import Collection
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
        "_last",
        "_length_ms",
        "_now_ms",
        "_oldest_until_ms",
        "_rising",
        "former_highest",
        "former_lowest",
        "highest",
        "lowest",
    )

    def __init__(self, length_ms: int) -> None:
        self._length_ms = length_ms
        self.clear()

    def clear(self) -> None:
        """Forget everything: the next ticker is the first."""
        self._rising: deque[tuple[int, float]] = deque()
        self._falling: deque[tuple[int, float]] = deque()
        self._first_ms = self._now_ms = self._oldest_until_ms = -1
        self._last = nan
        self.lowest = self.highest = self.former_lowest = self.former_highest = nan

    @property
    def is_covered(self) -> bool:
        """Whether the first ticker is so old that nothing of the window's past is unknown."""
        return self._now_ms - self._first_ms >= self._length_ms

    def fill(self, past: Collection[tuple[int, float]]) -> None:
        """Take values (none NaN) at times of the past, wherever they belong among those that it has.

        The former extremes are right again at the next ticker.
        """
        if not past:
            return
        # What the deques have dropped can be no extreme any more, whatever comes before or between.
        known = sorted({*past, *self._rising, *self._falling})
        first_ms, now_ms = self._first_ms, self._now_ms
        self.clear()
        for time_ms, value in known:
            self.push(time_ms, value)
        self._now_ms = max(now_ms, self._now_ms)
        if 0 <= first_ms < self._first_ms:
            self._first_ms = first_ms

    def push(self, time_ms: int, value: float) -> None:
        """Take the value (NaN where it is undefined) at a ticker's event time."""
        if time_ms > self._oldest_until_ms:
            self._expire(time_ms)
        self._now_ms = time_ms
        lowest, highest = self.lowest, self.highest
        self.former_lowest, self.former_highest = lowest, highest
        if value != value:  # noqa: PLR0124 - NaN alone differs from itself
            return
        rising, falling, entry = self._rising, self._falling, (time_ms, value)
        # Both end with the last value, so only one of them has more than that to drop.
        if value > self._last:
            falling.pop()
            while falling and falling[-1][1] <= value:
                falling.pop()
            if value > highest:
                self.highest = value
        elif value < self._last:
            rising.pop()
            while rising and rising[-1][1] >= value:
                rising.pop()
            if value < lowest:
                self.lowest = value
        elif rising:
            rising.pop()
            falling.pop()
        else:
            self.lowest = self.highest = value
        rising.append(entry)
        falling.append(entry)
        self._last = value

    def _expire(self, now_ms: int) -> None:
        """Drop what is too old at that time, and note until when nothing else can be."""
        if self._first_ms < 0:
            self._first_ms = now_ms
        oldest = now_ms - self._length_ms
        for extremes in (self._rising, self._falling):
            while extremes and extremes[0][0] < oldest:
                extremes.popleft()
        if not self._rising:
            self._last = nan
        self.lowest = self._rising[0][1] if self._rising else nan
        self.highest = self._falling[0][1] if self._falling else nan
        heads = [extremes[0][0] for extremes in (self._rising, self._falling) if extremes]
        self._oldest_until_ms = min(heads, default=now_ms) + self._length_ms
