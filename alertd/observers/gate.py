"""When what has gathered is told. No clock is read.

An outage of two hundred connections is two hundred events within a moment, and one line: what has
come is told once nothing more has come for a fifth of a second, and a second after the first of it
at the latest. Then the gate is shut for a second, and four times as long whenever more has
gathered by the time that it opens. So connections that come up one a second for minutes are a
handful of lines. It opens sooner for what is urgent, for more than all that it has let out
since, and where no more comes for long.
"""

from math import inf

import attrs

_SETTLED_S, _GATHERED_S = 0.2, 1.0
_SHUT_S, _LONGEST_S = 1.0, 600.0
_LONGER = 4
_CALM_SHARE = 1 / 8


@attrs.define
class Gate:
    """Lets out, now and then, what has gathered before it."""

    _first_s: float = inf
    _newest_s: float = -inf
    _opens_s: float = -inf
    _shut_s: float = _SHUT_S
    _is_urgent: bool = False
    _told: int = 0

    def note(self, now_s: float, *, pending: int, urgent: bool = False) -> None:
        """Take note that something has come, and how much is pending with it."""
        if self._first_s == inf:
            self._first_s = now_s
            if now_s >= self._opens_s:
                self._shut_s, self._told = _SHUT_S, 0
        self._newest_s = now_s
        self._is_urgent |= urgent or pending > self._told

    def due_s(self) -> float:
        """Return when it opens; inf where nothing has gathered."""
        if self._first_s == inf:
            return inf
        gathered_s = min(self._newest_s + _SETTLED_S, self._first_s + _GATHERED_S)
        if self._is_urgent:
            return gathered_s
        calm_s = self._newest_s + self._shut_s * _CALM_SHARE
        return max(gathered_s, min(self._opens_s, calm_s))

    def let_out(self, now_s: float, count: int) -> None:
        """Take note that what had gathered is told, so much at once."""
        self._told += count
        if self._first_s < self._opens_s:
            self._shut_s = min(self._shut_s * _LONGER, _LONGEST_S)
        self._opens_s = now_s + self._shut_s
        self.clear()

    def clear(self) -> None:
        """Take note that nothing is left to be told."""
        self._first_s, self._is_urgent = inf, False
