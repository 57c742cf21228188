"""Whether all of it goes on: tickers come in, and what they set off goes out."""

import trio

from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.numbers import duration
from alertd.observers.tally import Tally

# Longer than a service that is restarted is away, and shorter than anybody would want to be blind.
_OVERDUE_S = 300.0


class Progress:
    """Looks at what has moved since it looked before, by Trio's clock."""

    def __init__(self, tally: Tally, dispatcher: Dispatcher) -> None:
        self._tally = tally
        self._dispatcher = dispatcher
        self._tickers = -1
        self._moved_s = 0.0

    def standstill(self, *, blind_after_s: float) -> str | None:
        """Return what stands still, in words; None where all goes on.

        Tickers do when none has come for `blind_after_s`, deliveries when what may be sent has
        waited for minutes.
        """
        now_s = trio.current_time()
        if self._tally.tickers != self._tickers:
            self._tickers, self._moved_s = self._tally.tickers, now_s
        blind_s, overdue_s = now_s - self._moved_s, self._dispatcher.overdue_s()
        if blind_s >= blind_after_s:
            return f"no ticker has come for {duration(blind_s)}"
        if overdue_s >= _OVERDUE_S:
            return f"an alert has waited for {duration(overdue_s)} to be taken"
        if self._tally.unwritten:
            return f"the journal cannot be written: {self._tally.unwritten}"
        return None
