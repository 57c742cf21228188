"""What differs between two replays, alert by alert.

Theory of operation. Both go by in the order of time, once. At each moment, alerts of the same rule,
symbol and state are the same alert in both. What is left of that moment looks back: if the other
replay had one of its kind not long before that has found no partner either, it is that one, moved;
the newest where there are several. Else it waits for one to come. What has waited for too long is
only in its own replay. So no more is kept than what differs within that time, and differences come
out in the order of time.
"""

import enum
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby

import attrs

from alertd.replay.replayed import Replayed

NEAR_MS = 30 * 60_000

_Kind = tuple[str, str, str]
# An alert with the side that it is on: before, or after.
_Sided = tuple[bool, Replayed]


class Change(enum.Enum):
    """What becomes of an alert when the rules are changed."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@attrs.frozen
class Difference:
    """An alert that only one replay has, or that comes at another time in the second one."""

    before: Replayed | None
    after: Replayed | None

    @property
    def change(self) -> Change:
        """Which of these it is."""
        if self.before is None:
            return Change.ADDED
        return Change.REMOVED if self.after is None else Change.MOVED

    @property
    def alert(self) -> Replayed:
        """The alert, as it comes now, or as it came where it no longer does."""
        alert = self.after or self.before
        if alert is None:
            raise RuntimeError("a difference between nothing and nothing")
        return alert

    @property
    def later_ms(self) -> int:
        """How much later it comes; less than 0 where that is earlier, 0 where there is only one."""
        if self.before is None or self.after is None:
            return 0
        return self.after.time_ms - self.before.time_ms


def differences(
    before: Iterable[Replayed], after: Iterable[Replayed], *, near_ms: int = NEAR_MS
) -> Iterator[Difference]:
    """Compare two replays, each in the order of time.

    They are told in the order of time as well, what has moved by its earlier time. Alerts that are
    up to `near_ms` apart may be one that moved.
    """
    search = _Search(near_ms)
    both = merge(
        ((False, alert) for alert in before), ((True, alert) for alert in after), key=_time_ms
    )
    for time_ms, moment in groupby(both, key=_time_ms):
        yield from search.before(time_ms - near_ms)
        for sided in _different(list(moment)):
            search.add(sided)
    yield from search.rest()


def _time_ms(sided: _Sided) -> int:
    return sided[1].time_ms


def _kind(alert: Replayed) -> _Kind:
    return alert.rule, alert.symbol, alert.state


def _different(moment: list[_Sided]) -> Iterator[_Sided]:
    """Leave out what both have at a moment."""
    counts = (
        Counter(_kind(it) for is_after, it in moment if is_after is side) for side in (False, True)
    )
    first, second = counts
    same = {False: first & second, True: first & second}
    for is_after, alert in moment:
        if same[is_after][_kind(alert)]:
            same[is_after][_kind(alert)] -= 1
        else:
            yield is_after, alert


@attrs.define(eq=False)
class _Open:
    """An alert for which the other side has none so far, or the two that have found each other."""

    is_after: bool
    alert: Replayed
    partner: Replayed | None = None

    def difference(self) -> Difference:
        if self.is_after:
            return Difference(self.partner, self.alert)
        return Difference(self.alert, self.partner)


class _Search:
    """Alerts that look for a partner, in the order of time."""

    def __init__(self, near_ms: int) -> None:
        self._near_ms = near_ms
        self._all: deque[_Open] = deque()
        # Those without a partner, by kind; all of one kind are on the same side.
        self._lonely: dict[_Kind, list[_Open]] = {}

    def add(self, sided: _Sided) -> None:
        """Find the partner of an alert, or let it wait for one."""
        is_after, alert = sided
        lonely = self._lonely.setdefault(_kind(alert), [])
        if lonely and lonely[-1].is_after is not is_after:
            lonely.pop().partner = alert
        else:
            one = _Open(is_after, alert)
            lonely.append(one)
            self._all.append(one)

    def before(self, time_ms: int) -> Iterator[Difference]:
        """Take out what is older than that, and whatever has its partner and nothing before it."""
        while self._all and (self._all[0].partner or self._all[0].alert.time_ms < time_ms):
            one = self._all.popleft()
            if one.partner is None:
                self._forget(one)
            yield one.difference()

    def rest(self) -> Iterator[Difference]:
        """Take out everything."""
        while self._all:
            yield self._all.popleft().difference()

    def _forget(self, one: _Open) -> None:
        """Let it wait no more: it is the oldest of its kind."""
        kind = _kind(one.alert)
        del self._lonely[kind][0]
        if not self._lonely[kind]:
            del self._lonely[kind]
