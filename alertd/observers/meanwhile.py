"""What was found of the time in which nobody watched, held back until it makes one word. No clock is read.

After an outage symbols come back one by one, and what klines tell of each follows a second later. That the feed
is back is told when it has stayed so for a while: by then as a rule all is known and goes along; where it is
not, that word waits for so long and no longer. Where no such word is to come, as after a restart,
what was touched is told once no symbol has followed for a while.
"""

from math import inf

import attrs

from alertd.engine.touched import Touched
from alertd.observers.blindness import Back
from alertd.observers.gaps import GapEvent, GapNoticed

# How long the word that the feed is back waits for klines.
_WAIT_S = 15.0
# What is told by itself: after so long in which no symbol has followed, or after so long in any case.
_CALM_S, _LONGEST_S = 15.0, 60.0
# Where the feed is to be told of as back, that may take a while longer: it has to stay.
_UNTIL_BACK_S = 120.0


@attrs.frozen
class Account:
    """What to say of a gap: that the feed is `back`, unless it was not told of, and what was touched.

    Of the symbols that are back it is `unknown` for some what happened. `told_before` says that another account of
    the same gap came earlier. `for_s` is how long nobody watched.
    """

    back: Back | None
    touched: tuple[Touched, ...]
    unknown: tuple[str, ...]
    for_s: float
    told_before: bool


class Meanwhile:
    """What is known by now of the gap that is being looked into. Times are in seconds."""

    def __init__(self) -> None:
        self._back: tuple[Back, float] | None = None
        self._begin()

    def _begin(self) -> None:
        self._first_s = self._last_s = -inf
        self._waiting: set[str] = set()
        self._known: set[str] = set()
        self._touched: list[Touched] = []
        self._for_s = 0.0
        self._told = False

    def take(self, event: GapEvent, now_s: float) -> None:
        """Take that a symbol's gap is looked into, or what was found."""
        if isinstance(event, GapNoticed):
            if self._is_over(now_s):
                self._begin()
            self._first_s = now_s if self._first_s == -inf else self._first_s
            self._last_s = now_s
            self._waiting.add(event.symbol)
            # Of its last gap it may have been known.
            self._known.discard(event.symbol)
            return
        self._waiting.difference_update(event.known, event.unknown)
        self._known.update(event.known)
        self._touched += event.touched
        self._for_s = max(self._for_s, event.for_s)

    def hold(self, back: Back, now_s: float) -> None:
        """Take that the feed is back, which is to be told with all the rest."""
        self._back = back, now_s

    def due_s(self, *, back_is_expected: bool) -> float:
        """Return when there will be something to say if nothing else happens; inf for never."""
        if self._back is not None:
            back, since_s = self._back
            return since_s if self._waiting.isdisjoint(back.symbols) else since_s + _WAIT_S
        if not self._touched:
            return inf
        if back_is_expected:
            return self._first_s + _UNTIL_BACK_S
        if self._waiting:
            return self._first_s + _LONGEST_S
        return min(self._last_s + _CALM_S, self._first_s + _LONGEST_S)

    def look(self, now_s: float, *, back_is_expected: bool) -> Account | None:
        """Return what is to be said now, once."""
        if now_s < self.due_s(back_is_expected=back_is_expected):
            return None
        back = self._back[0] if self._back is not None else None
        unknown = tuple(it for it in back.symbols if it not in self._known) if back else ()
        account = Account(back, tuple(self._touched), unknown, self._for_s, self._told)
        self._touched, self._told, self._back = [], True, None
        if back is not None:
            waiting = self._waiting
            self._begin()
            self._waiting = waiting
        return account

    def _is_over(self, now_s: float) -> bool:
        """Tell whether what is noticed now belongs to another gap than what is known."""
        is_done = self._back is None and not self._touched and not self._waiting
        return is_done and now_s - self._last_s > _UNTIL_BACK_S
