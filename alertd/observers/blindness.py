"""When a feed that is lost is worth a word, and when it is back. No clock is read.

A connection that is cut is opened again within seconds, and nobody needs to hear of it. A symbol
that is not seen for `after_s` is told of, together with all that are blind by then; the others that
follow are told of only once they are as many again. That the feed is back is told when all of it
has been seen for as long: a connection that comes and goes is one fault, and not twenty.
"""

from collections.abc import Iterable
from math import inf

import attrs


@attrs.frozen
class Lost:
    """Symbols are not seen, the longest of them for `for_s`, for a reason in words."""

    symbols: tuple[str, ...]
    for_s: float
    reason: str


@attrs.frozen
class Back:
    """All symbols that were lost are seen again; it had lasted `for_s`."""

    symbols: tuple[str, ...]
    for_s: float


class Blindness:
    """Which symbols are not seen, and since when, in seconds of any clock that only rises."""

    def __init__(self, after_s: float) -> None:
        self.after_s = after_s
        self._blind: dict[str, float] = {}
        self._reason = ""
        self._told: dict[str, float] = {}
        self._calm_since_s = -inf

    def lose(self, symbols: Iterable[str], reason: str, now_s: float) -> None:
        """Take note that symbols are not seen."""
        self._reason = reason
        for symbol in symbols:
            self._blind.setdefault(symbol, now_s)

    def see(self, symbol: str, now_s: float) -> None:
        """Take note that a symbol is seen."""
        if self._blind.pop(symbol, None) is not None:
            self._calm_since_s = now_s

    def forget(self, symbols: Iterable[str]) -> None:
        """Take note that symbols are no longer watched."""
        for symbol in symbols:
            self._blind.pop(symbol, None)
            self._told.pop(symbol, None)

    @property
    def is_told(self) -> bool:
        """Whether symbols were told of as lost, and not yet as back."""
        return bool(self._told)

    def due_s(self) -> float:
        """Return when there will be something to say if nothing else happens; inf for never."""
        untold = self._untold()
        if untold:
            return min(untold.values()) + self.after_s
        return self._calm_since_s + self.after_s if self._told and not self._blind else inf

    def look(self, now_s: float) -> Lost | Back | None:
        """Return what is to be said now, once."""
        if now_s < self.due_s():
            return None
        if self._blind:
            self._told |= self._blind
            for_s = now_s - min(self._blind.values())
            return Lost(tuple(self._blind), for_s, self._reason)
        back = Back(tuple(self._told), self._calm_since_s - min(self._told.values()))
        self._told = {}
        return back

    def _untold(self) -> dict[str, float]:
        """Return the symbols that are worth a word: as many as were told of, or none."""
        untold = {it: since for it, since in self._blind.items() if it not in self._told}
        return untold if len(untold) >= len(self._told) else {}
