"""How often a destination may be sent to: sliding windows."""

from collections import deque
from collections.abc import Iterable

from alertd.rate import Rate

# What is spared is a few messages of a window that does not soon open again.
_SPARED_TIMES, _SPARED_S = 4, 60


class Pace:
    """Keeps several rates at once, in whatever window one looks. Times are monotonic seconds.

    A message counts from the end of its send, when the service has surely had it: what it received
    earlier than that is then further away from the next one, and never nearer.
    """

    def __init__(self, rates: Iterable[Rate]) -> None:
        self.rates = tuple(rates)
        self._ends: deque[float] = deque()

    def opens_s(self, now_s: float, *, count: int = 1) -> float:
        """Return when so many messages can have gone, from now on and each as soon as it may."""
        ends = list(self._ends)
        opens_s = now_s
        for _ in range(count):
            opens_s = max([opens_s, *self._limits_s(ends)])
            ends.append(opens_s)
        return opens_s

    def is_scarce(self, now_s: float, *, more: int = 0) -> bool:
        """Tell whether more than half of what a rate bears is used up, of those that last long.

        With `more`, whether it would be if so many went now.
        """
        return bool(self._scarce(now_s, more))

    def spared_s(self, now_s: float, most_s: float) -> float:
        """Return when the next may go so that, where they are scarce, one soon can again.

        Who sends twenty in twenty seconds has nothing left for the rest of the minute. The second
        half of them is spread over it instead, or over `most_s` each where that is less.
        """
        pauses = [min(2 * rate.interval_s, most_s) for rate in self._scarce(now_s)]
        return self._ends[-1] + max(pauses) if pauses else now_s

    def sent(self, now_s: float, *, count: int = 1) -> None:
        """Take note that a send ended, well or not, which was so many messages to the service."""
        self._ends.extend([now_s] * count)
        while len(self._ends) > max((rate.times for rate in self.rates), default=0):
            self._ends.popleft()

    def _scarce(self, now_s: float, more: int = 0) -> list[Rate]:
        return [rate for rate in self.rates if self._is_scarce(rate, now_s, more)]

    def _is_scarce(self, rate: Rate, now_s: float, more: int) -> bool:
        if rate.times < _SPARED_TIMES or rate.seconds < _SPARED_S:
            return False
        half = rate.times // 2 + 1 - more
        return len(self._ends) >= half and self._ends[-half] + rate.seconds > now_s

    def _limits_s(self, ends: list[float]) -> list[float]:
        return [ends[-rate.times] + rate.seconds for rate in self.rates if len(ends) >= rate.times]


def rates_for(service: Iterable[Rate], wanted: Rate | None) -> tuple[Rate, ...]:
    """Return the service's own rates, or what a person wants instead.

    What the service bears in a shorter time than that is kept as well: `20/m` is not 20 at once.
    """
    if wanted is None:
        return tuple(service)
    return (*(rate for rate in service if rate.seconds < wanted.seconds), wanted)
