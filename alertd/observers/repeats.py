"""What says the same again and again, folded into a line now and then. No clock is read.

The first is told at once. What follows within a minute is counted, and then the newest is told with
how many more there were; the next time is twice as long, up to ten minutes. A time in which nothing
came ends it: the next is a first one again.
"""

from collections.abc import Hashable, Iterator
from math import inf

import attrs

from alertd.observers.line import Line

_FIRST_S, _LONGEST_S = 60.0, 600.0


@attrs.define
class _Told:
    """A matter that was told; `more` lines of it have come since, the newest is kept."""

    ends_s: float
    lasts_s: float = _FIRST_S
    more: int = 0
    newest: Line | None = None


class Repeats:
    """Lines by the matter that they are about."""

    def __init__(self) -> None:
        self._told: dict[Hashable, _Told] = {}

    def take(self, matter: Hashable, line: Line, now_s: float) -> Line | None:
        """Return the line if it is to be written now, None where it is kept and counted."""
        told = self._told.get(matter)
        if told is None:
            self._told[matter] = _Told(now_s + _FIRST_S)
            return line
        told.more += 1
        told.newest = line
        return None

    def due_s(self) -> float:
        """Return when there is something to be told or forgotten; inf for never."""
        return min((told.ends_s for told in self._told.values()), default=inf)

    def look(self, now_s: float) -> Iterator[Line]:
        """Yield what is to be written now."""
        for matter, told in list(self._told.items()):
            if told.ends_s > now_s:
                continue
            if told.newest is None:
                del self._told[matter]
                continue
            yield told.newest.with_more(told.more, told.lasts_s)
            lasts_s = min(2 * told.lasts_s, _LONGEST_S)
            self._told[matter] = _Told(now_s + lasts_s, lasts_s)

    def end(self, now_s: float) -> Iterator[Line]:
        """Yield what was not told yet, because nothing more will come."""
        for told in self._told.values():
            if told.newest is not None:
                began_s = told.ends_s - told.lasts_s
                yield told.newest.with_more(told.more, now_s - began_s)
        self._told.clear()
