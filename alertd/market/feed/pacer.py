"""One pace for all connection attempts: a burst at first, then so many a second and no more."""

from math import inf

import trio


class Pacer:
    """Gives turns: the first `burst` at once, later ones `interval_s` apart.

    Unused turns are saved up again, to at most `burst`. The exchange bans addresses that connect
    too often, whichever stream it is for, so one pacer serves them all.
    """

    def __init__(self, *, interval_s: float, burst: int) -> None:
        """Start with the whole burst to give; `interval_s` may be changed at any time."""
        self.interval_s = interval_s
        self._burst = burst
        # When the bucket would be full again if nobody asked: one interval later for each turn
        # given. A turn is due once that is less than the whole bucket away.
        self._full_at = -inf
        # Only the first in line looks at the bucket, and a hold moves it alone: were each promised
        # a time of its own, those who ask after a hold would share seconds with those before it.
        self._line = trio.StrictFIFOLock()

    async def turn(self) -> None:
        """Wait for the next turn; they are given in the order in which they were asked for."""
        async with self._line:
            while (due := self._due()) > trio.current_time():  # noqa: ASYNC110 - a hold may move it
                await trio.sleep_until(due)
            self._full_at = max(self._full_at, trio.current_time()) + self.interval_s

    def _due(self) -> float:
        return self._full_at - (self._burst - 1) * self.interval_s

    def hold(self, seconds: float) -> None:
        """Give no turn for so long, and then one at a time: who was banned starts no burst."""
        until = trio.current_time() + seconds
        self._full_at = max(self._full_at, until + (self._burst - 1) * self.interval_s)
