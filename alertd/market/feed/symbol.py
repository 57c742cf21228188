"""One symbol's stream: its tickers in rising event time, whichever connection brings them."""

from collections.abc import Callable

import attrs

from alertd.market.feed.events import FeedEvent, LateTicker, Streaming
from alertd.market.feed.pace import Pace
from alertd.market.ticker import Ticker


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

    def take(self, ticker: Ticker, now: float) -> None:
        """Hand on a ticker that came at `now`, unless it is late or there twice."""
        if ticker.time_ms <= self._newest_ms:
            self._late += 1
            self.report(LateTicker(self.symbol, self._late))
            return
        self._newest_ms = ticker.time_ms
        self.pace.beat(now)
        if not self.is_seen or self.is_quiet:
            self.is_seen, self.is_quiet = True, False
            self.report(Streaming(self.symbol))
        self.on_ticker(ticker)

    def lose(self) -> None:
        """Take note that no connection brings it any more."""
        self.is_seen = self.is_quiet = False
        self.pace.pause()

    def silent_since(self, opened_at: float) -> float:
        """Return when it was last heard of, or its connection was opened."""
        return max(opened_at, self.pace.last_s or opened_at)
