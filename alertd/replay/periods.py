"""The most that happened in an hour, and the longest time in which nothing did: of times in rising order."""

import attrs

HOUR_MS = 3_600_000


@attrs.frozen
class Hour:
    """An hour of the UTC clock, from `start_ms` on, and how often something happened in it."""

    start_ms: int
    count: int


@attrs.frozen
class Pause:
    """A time in which nothing happened, in milliseconds since 1970."""

    start_ms: int
    end_ms: int

    @property
    def lasted_ms(self) -> int:
        """How long it was."""
        return self.end_ms - self.start_ms


class NoisiestHour:
    """Finds the hour of the UTC clock in which the most happened, the first one of several."""

    def __init__(self) -> None:
        self.most: Hour | None = None
        self._start_ms = self._count = 0

    def add(self, time_ms: int, count: int = 1) -> None:
        """Take note that something happened so often."""
        start_ms = time_ms - time_ms % HOUR_MS
        self._count = self._count + count if start_ms == self._start_ms else count
        self._start_ms = start_ms
        if self.most is None or self._count > self.most.count:
            self.most = Hour(start_ms, self._count)


class LongestPause:
    """Finds the longest time without an event from `start_ms` on, the first one of several."""

    def __init__(self, start_ms: int) -> None:
        self._longest = Pause(start_ms, start_ms)
        self._last_ms = start_ms

    def add(self, time_ms: int) -> None:
        """Take note that something happened."""
        if time_ms - self._last_ms > self._longest.lasted_ms:
            self._longest = Pause(self._last_ms, time_ms)
        self._last_ms = time_ms

    def until(self, end_ms: int) -> Pause:
        """Return the longest one, where nothing happens any more up to `end_ms`."""
        last = Pause(self._last_ms, end_ms)
        return last if last.lasted_ms > self._longest.lasted_ms else self._longest
