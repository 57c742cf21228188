"""How far a replay is: of so many bytes, how many are behind it, as near as that can be told."""

from collections.abc import Callable, Sequence

import attrs

from alertd.market.past.reel import Reel


@attrs.frozen
class Progress:
    """How far a replay is.

    `ticks` were played in all. Of `size` bytes of reels `played` are behind it: those of the reels that
    are finished, and what the ticks of the others are worth by these; None before any is finished.
    `name` is the reel that was heard of last, `time_ms` where it is (ms since 1970, UTC).
    """

    ticks: int
    played: int | None
    size: int
    name: str
    time_ms: int


class Gauge:
    """Adds up what is heard of each of `reels`, and reports it."""

    def __init__(self, reels: Sequence[Reel], report: Callable[[Progress], None]) -> None:
        self._reels = reels
        self._report = report
        self._size = sum(reel.size for reel in reels)
        self._ticks = [0] * len(reels)
        self._finished: set[int] = set()

    def heard(self, number: int, ticks: int, time_ms: int) -> None:
        """Take that a reel has gone on by so many ticks, to that time."""
        self._ticks[number] += ticks
        reel = self._reels[number]
        self._report(Progress(sum(self._ticks), self._played(), self._size, reel.name, time_ms))

    def finished(self, number: int) -> None:
        """Take that a reel was played to its end."""
        self._finished.add(number)

    def _played(self) -> int | None:
        behind = sum(self._reels[number].size for number in self._finished)
        known = sum(self._ticks[number] for number in self._finished)
        if not known:
            return None
        return sum(
            reel.size if number in self._finished else min(reel.size, ticks * behind // known)
            for number, (reel, ticks) in enumerate(zip(self._reels, self._ticks, strict=True))
        )
