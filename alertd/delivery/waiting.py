"""The deliveries that wait for a destination, by severity and number."""

import heapq
from bisect import insort
from collections.abc import Collection, Iterable, Iterator

import attrs

from alertd.delivery.delivery import Delivery
from alertd.engine.rule import Severity

_MOST_SEVERE_FIRST = tuple(sorted(Severity, key=lambda severity: -severity.rank))


@attrs.define(kw_only=True, eq=False)
class Waiting:
    """A delivery with what has become of it so far. Times are monotonic seconds.

    Its age counts from `born_s`, without the time in quiet hours: until it was put they had held
    its like for `held_before_s`. `was_held` is whether they held it at once. `is_suspect` is
    whether it was refused, be it by its own fault, another line's of its digest or the
    destination's; `refusals` counts those of it alone.
    """

    delivery: Delivery
    put_s: float
    born_s: float
    held_before_s: float
    was_held: bool
    attempts: int
    is_suspect: bool = False
    refusals: int = 0

    @property
    def severity(self) -> Severity:
        """Its message's."""
        return self.delivery.message.severity


def _number(waiting: Waiting) -> int:
    return waiting.delivery.number


class Queue:
    """Keeps deliveries in order within each severity; what may not go yet is not looked at."""

    def __init__(self) -> None:
        self._lists: dict[Severity, list[Waiting]] = {each: [] for each in _MOST_SEVERE_FIRST}

    def __len__(self) -> int:
        return sum(map(len, self._lists.values()))

    def count(self, severities: Iterable[Severity]) -> int:
        """Return how many of these severities wait."""
        return sum(len(self._lists[severity]) for severity in severities)

    def put(self, waiting: Waiting) -> None:
        """Add one at its place; where one has to wait behind others, that is at the end."""
        insort(self._lists[waiting.severity], waiting, key=_number)

    def take(self, several: Iterable[Waiting]) -> None:
        """Remove these, which may be many."""
        gone = {id(each) for each in several}
        for severity, waiting in self._lists.items():
            self._lists[severity] = [each for each in waiting if id(each) not in gone]

    def pop_least(self) -> Waiting:
        """Remove and return the oldest of the least severe."""
        least = next(each for each in reversed(_MOST_SEVERE_FIRST) if self._lists[each])
        return self._lists[least].pop(0)

    def in_order(self, severities: Iterable[Severity]) -> Iterator[Waiting]:
        """Go through those of these severities in the order of their numbers."""
        return heapq.merge(*(self._lists[each] for each in severities), key=_number)

    def most_severe_first(self, severities: Collection[Severity]) -> Iterator[Waiting]:
        """Go through those of these severities, the most severe first, then by number."""
        for severity in _MOST_SEVERE_FIRST:
            if severity in severities:
                yield from self._lists[severity]
