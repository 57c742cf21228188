"""When a destination's fault is worth a word. Time is an argument; no clock is read.

A service that refuses one message takes the next, and is well again within seconds: nobody has to
do anything about it but look at the history. A service that refuses everything stays so.
"""

from math import inf

from alertd.delivery.report import Fault


class Faults:
    """Holds back a refusal until it has lasted for `after_s`; what fails has lasted already."""

    def __init__(self, after_s: float = 30.0) -> None:
        self._after_s = after_s
        self._held: dict[str, tuple[float, Fault]] = {}
        self._told: set[str] = set()

    def take(self, fault: Fault, now_s: float) -> tuple[Fault, ...]:
        """Take that a destination fails, or no longer does; return what is to be told of it now."""
        if not fault.is_open:
            self._held.pop(fault.key, None)
            was_told = fault.key in self._told
            self._told.discard(fault.key)
            return (fault,) if was_told else ()
        if fault.is_refused and fault.key not in self._told:
            self._held.setdefault(fault.key, (now_s + self._after_s, fault))
            return ()
        self._told.add(fault.key)
        return (fault,)

    def due_s(self) -> float:
        """Return when something is to be told if nothing else happens; inf for never."""
        return min((due_s for due_s, _ in self._held.values()), default=inf)

    def look(self, now_s: float) -> tuple[Fault, ...]:
        """Return what is to be told now, once."""
        due = tuple(fault for due_s, fault in self._held.values() if due_s <= now_s)
        for fault in due:
            del self._held[fault.key]
            self._told.add(fault.key)
        return due
