"""When those that stay lost are told of again. No clock is read.

Half a minute after they were told of, then after one minute more, two, four and so on: an outage of
an hour is spoken of seven times, one of a day eleven times.
"""

from math import inf

_FIRST_S = 30.0
_SOON_S = 5.0


class Reminder:
    """Due ever more rarely, from `begin` to `end`."""

    def __init__(self) -> None:
        self.due_s = inf
        self._told_s = -inf
        self._next_in_s = _FIRST_S

    def begin(self, now_s: float) -> None:
        """Take note that they are told of for the first time."""
        self._told_s = now_s
        self.due_s, self._next_in_s = now_s + _FIRST_S, 2 * _FIRST_S

    def hasten(self, now_s: float) -> None:
        """Take note that there is something new to be told of them, though they were told of just now."""
        self.due_s = min(self.due_s, max(now_s, self._told_s + _SOON_S))

    def tell(self, now_s: float) -> None:
        """Take note that they are told of again."""
        self._told_s, self.due_s = now_s, now_s + self._next_in_s
        self._next_in_s *= 2

    def end(self) -> None:
        """Take note that none is lost any more."""
        self.due_s = inf
