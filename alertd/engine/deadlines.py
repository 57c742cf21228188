"""When tasks have to be looked at although nothing that they ask about has changed."""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from math import inf

# A task that flaps may set a far deadline again and again behind a near one. The void entries are
# thrown out when they outnumber the others.
_MOST_VOID, _FEW = 2, 8


class Deadlines:
    """One time a task, the earliest that was set; `next_ms` is the earliest of all.

    A deadline that has become needless is not taken back: it wakes its task for nothing.
    """

    def __init__(self) -> None:
        self.next_ms: float = inf
        self._heap: list[tuple[int, int]] = []
        self._by_task: dict[int, int] = {}

    def set(self, task: int, time_ms: int) -> None:
        """Wake a task at that time, or before."""
        known = self._by_task.get(task)
        if known is None or time_ms < known:
            self._by_task[task] = time_ms
            heappush(self._heap, (time_ms, task))
            if len(self._heap) > _MOST_VOID * len(self._by_task) + _FEW:
                self._heap = [(at_ms, task) for task, at_ms in self._by_task.items()]
                heapify(self._heap)
            self.next_ms = self._heap[0][0]

    def passed(self, now_ms: int) -> Iterator[int]:
        """Yield the tasks whose deadline has come, and forget it."""
        while self._heap and self._heap[0][0] <= now_ms:
            time_ms, task = heappop(self._heap)
            # Of one that was set earlier later on, the first entry is void.
            if self._by_task.get(task) == time_ms:
                del self._by_task[task]
                yield task
        self.next_ms = self._heap[0][0] if self._heap else inf
