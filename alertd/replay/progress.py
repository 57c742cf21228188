"""How far a replay is: of so many bytes, how many are behind it, as near as that can be told."""

from collections.abc import Callable, Sequence

import attrs

from alertd.market.past.reel import Reel


@attrs.frozen
class Progress:
    """How far a replay is.

    `ticks` were played in all. Of `size` bytes of reels `played` are behind it; None where nobody can
    tell. `name` is the reel that was heard of last, `time_ms` where it is (ms since 1970, UTC).
    """

    ticks: int
    played: int | None
    size: int
    name: str
    time_ms: int


class Gauge:
    """Adds up what is heard of each of `reels`, and reports it.

    What is behind a reel is told by its own time, where one knows from when to when it is; else by
    its ticks, as soon as those of finished reels say what they are worth.
    """

    def __init__(self, reels: Sequence[Reel], report: Callable[[Progress], None]) -> None:
        self._reels = reels
        self._report = report
        self._size = sum(reel.size for reel in reels)
        self._times_ms = [reel.times_ms for reel in reels]
        # Of each reel that was begun.
        self._ticks: dict[int, int] = {}
        self._reached_ms: dict[int, int] = {}
        self._finished: set[int] = set()

    def heard(self, number: int, ticks: int, time_ms: int) -> None:
        """Take that a reel has gone on by so many ticks, to that time."""
        self._ticks[number] = self._ticks.get(number, 0) + ticks
        self._reached_ms[number] = time_ms
        played, name = self._played(), self._reels[number].name
        self._report(Progress(sum(self._ticks.values()), played, self._size, name, time_ms))

    def finished(self, number: int) -> None:
        """Take that a reel was played to its end."""
        self._finished.add(number)

    def _played(self) -> int | None:
        begun = [self._behind(number) for number in self._ticks]
        known = [each for each in begun if each is not None]
        return sum(known) if len(known) == len(begun) else None

    def _behind(self, number: int) -> int | None:
        """Return how much of a reel that was begun is behind, in bytes."""
        size, times_ms = self._reels[number].size, self._times_ms[number]
        if number in self._finished:
            return size
        if times_ms is not None:
            return size * self._elapsed_ms(number, *times_ms) // max(1, times_ms[1] - times_ms[0])
        behind = sum(self._reels[number].size for number in self._finished)
        ticks = sum(self._ticks.get(number, 0) for number in self._finished)
        return min(size, self._ticks[number] * behind // ticks) if ticks else None

    def _elapsed_ms(self, number: int, begin_ms: int, end_ms: int) -> int:
        return max(0, min(self._reached_ms[number], end_ms) - begin_ms)
