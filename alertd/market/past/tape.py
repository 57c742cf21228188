"""A tape: a market that can be played, many symbols' tickers in the order in which they happened."""

import heapq
import itertools
from collections.abc import Iterator
from operator import attrgetter
from typing import TypeVar

import attrs

from alertd.market.past.klines import KlineSeries
from alertd.market.past.rolling_day import KlinePath, MiniTicker, mini_tickers
from alertd.market.ticker import Ticker

_Ticker = TypeVar("_Ticker", Ticker, MiniTicker)


@attrs.frozen
class Tape:
    """The tickers of `series` from `start_ms` (included) to `end_ms` (excluded), merged by event time.

    Tickers of one moment come in the order of `series`. Klines before `start_ms` fill the 24 hours
    and give no ticker. Iterating reads the klines anew, and raises `KlinesError` as they do.
    """

    series: tuple[KlineSeries, ...]
    path: KlinePath = KlinePath.CLOSE
    start_ms: int | None = None
    end_ms: int | None = None

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols on it."""
        return tuple(series.symbol for series in self.series)

    def __iter__(self) -> Iterator[MiniTicker]:
        return heapq.merge(*map(self._played, self.series), key=attrgetter("time_ms"))

    def _played(self, series: KlineSeries) -> Iterator[MiniTicker]:
        tickers = mini_tickers(series, path=self.path)
        return in_time(tickers, self.start_ms, self.end_ms)


def in_time(
    tickers: Iterator[_Ticker], start_ms: int | None, end_ms: int | None
) -> Iterator[_Ticker]:
    """Return those from one time (included) to another (excluded); their times rise."""
    if start_ms is not None:
        tickers = itertools.dropwhile(lambda ticker: ticker.time_ms < start_ms, tickers)
    if end_ms is not None:
        tickers = itertools.takewhile(lambda ticker: ticker.time_ms < end_ms, tickers)
    return tickers
