"""One symbol's stream: its tickers in rising event time, whichever connection brings them."""

from collections.abc import Callable

import attrs

from alertd.market.feed.events import FeedEvent, LateTicker, Streaming, TurnedBack
from alertd.market.feed.pace import Pace
from alertd.market.ticker import Ticker

# Two connections that overlap are no further apart, and a connection repeats no older tickers.
_FAR_MS = 15_000


@attrs.define(kw_only=True)
class SymbolStream:
    """What outlives a symbol's connections: its newest event time, its pace, whether it is seen.

    `on_ticker` gets each ticker once; `report` what happens to the stream. Both are called from the
    task that reads the connection and must not wait.
    """

    symbol: str
    on_ticker: Callable[[Ticker], None]
    report: Callable[[FeedEvent], None]
    pace: Pace = attrs.field(factory=Pace)
    is_seen: bool = False
    is_quiet: bool = False
    _newest_ms: int = 0
    _late: int = 0
    _behind_ms: int = 0

    def take(self, ticker: Ticker, now: float) -> None:
        """Hand on a ticker that came at `now`, unless it is late or there twice."""
        if ticker.time_ms <= self._newest_ms:
            if not self._turns_back(ticker.time_ms):
                self._late += 1
                self.report(LateTicker(self.symbol, self._late))
                return
            self.report(TurnedBack(self.symbol, self._newest_ms, ticker.time_ms))
        self._newest_ms, self._behind_ms = ticker.time_ms, 0
        self.pace.beat(now)
        if not self.is_seen or self.is_quiet:
            self.is_seen, self.is_quiet = True, False
            self.report(Streaming(self.symbol))
        self.on_ticker(ticker)

    def _turns_back(self, time_ms: int) -> bool:
        """Tell whether time itself goes on from an earlier point: two tickers in a row say so.

        One ticker with a wrong time, far in the future, would else make all that follow late, and
        the symbol would never be seen again. So would a fire drill that is begun anew.
        """
        if self._newest_ms - time_ms < _FAR_MS:
            return False
        before, self._behind_ms = self._behind_ms, time_ms
        return before < time_ms < before + _FAR_MS

    def lose(self) -> None:
        """Take note that no connection brings it any more."""
        self.is_seen = self.is_quiet = False
        self.pace.pause()

    def silent_since(self, opened_at: float) -> float:
        """Return when it was last heard of, or its connection was opened."""
        return max(opened_at, self.pace.last_s or opened_at)
