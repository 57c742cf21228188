"""The rolling 24 hours: klines in, mini tickers out, exact to the last digit.

A mini ticker tells of the day that ends with it, and the exchange moves that day with every tick.
Here it moves with the klines: each enters at its end and leaves when its open time is 24 hours
old. The sums of the volumes take one addition and one subtraction a kline; the extremes stand at
the left of two monotonic queues, in which a kline waits only until a later one outdoes it.
So a kline costs the same whether the day holds 24 of them or 1,440.
"""

import enum
import json
from collections import deque
from collections.abc import Iterator
from decimal import Context, Decimal, Inexact

import attrs

from alertd.market.past.klines import DAY_MS, Kline, KlineSeries
from alertd.market.ticker import Ticker

# A sum that adds what enters and subtracts what leaves must be exact, or it drifts. `parse_kline`
# admits numbers with at most 78 digits (39 before the point), and a product of two has 78 before
# it: with 200 digits nothing is ever rounded, and if it were, the trap would say so.
_EXACT = Context(prec=200, traps=[Inexact])
_NOTHING = Decimal(0)


class KlinePath(enum.Enum):
    """Which moments of a kline become tickers."""

    CLOSE = "close"
    OHLC = "ohlc"


@attrs.frozen
class MiniTicker:
    """One symbol's rolling 24 hours that end at `time_ms` (ms since 1970, UTC), as exact decimals."""

    symbol: str
    time_ms: int
    close: Decimal
    open: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    quote_volume: Decimal

    def frame(self) -> str:
        """Return it as the exchange sends it: JSON with plain decimals as strings.

        Source: Binance USDⓈ-M futures, "Individual Symbol Mini Ticker Stream".
        """
        return (
            f'{{"e":"24hrMiniTicker","E":{self.time_ms}'
            f',"s":{json.dumps(self.symbol, ensure_ascii=False)}'
            f',"c":"{self.close:f}","o":"{self.open:f}","h":"{self.high:f}","l":"{self.low:f}"'
            f',"v":"{self.volume:f}","q":"{self.quote_volume:f}"}}'
        )

    def ticker(self) -> Ticker:
        """Return what the daemon makes of `frame`, without the way over the wire."""
        return Ticker(
            symbol=self.symbol,
            time_ms=self.time_ms,
            close=float(self.close),
            open=float(self.open),
            high=float(self.high),
            low=float(self.low),
            volume=float(self.volume),
            quote_volume=float(self.quote_volume),
        )


class RollingDay:
    """The last 24 hours of one symbol's klines."""

    def __init__(self, symbol: str, interval_ms: int, *, path: KlinePath = KlinePath.CLOSE) -> None:
        self._symbol = symbol
        self._interval_ms = interval_ms
        self._moments = _whole if path is KlinePath.CLOSE else _quarters
        self._first_open_ms: int | None = None
        self._window: deque[Kline] = deque()
        self._falling_highs: deque[Kline] = deque()
        self._rising_lows: deque[Kline] = deque()
        self._volume = _NOTHING
        self._quote_volume = _NOTHING

    def add(self, kline: Kline) -> Iterator[MiniTicker]:
        """Take the next kline and yield its tickers: none before 24 hours are covered.

        The iterator must be used up before the next call.
        """
        if self._first_open_ms is None:
            self._first_open_ms = kline.open_time_ms
        for end_ms, so_far in self._moments(kline, self._interval_ms):
            start_ms = end_ms - DAY_MS
            self._forget_before(start_ms)
            if self._first_open_ms <= start_ms:
                yield self._ticker(end_ms, so_far)
        self._remember(kline)

    def _ticker(self, end_ms: int, latest: Kline) -> MiniTicker:
        """Return the window's ticker with `latest`, which it does not hold yet."""
        high, low = latest.high, latest.low
        if self._window:
            high = max(high, self._falling_highs[0].high)
            low = min(low, self._rising_lows[0].low)
        return MiniTicker(
            symbol=self._symbol,
            time_ms=end_ms - 1,
            close=latest.close,
            open=self._window[0].open if self._window else latest.open,
            high=high,
            low=low,
            volume=_EXACT.add(self._volume, latest.volume),
            quote_volume=_EXACT.add(self._quote_volume, latest.quote_volume),
        )

    def _remember(self, kline: Kline) -> None:
        highs, lows = self._falling_highs, self._rising_lows
        while highs and highs[-1].high <= kline.high:
            highs.pop()
        while lows and lows[-1].low >= kline.low:
            lows.pop()
        highs.append(kline)
        lows.append(kline)
        self._window.append(kline)
        self._volume = _EXACT.add(self._volume, kline.volume)
        self._quote_volume = _EXACT.add(self._quote_volume, kline.quote_volume)

    def _forget_before(self, start_ms: int) -> None:
        while self._window and self._window[0].open_time_ms < start_ms:
            kline = self._window.popleft()
            self._volume = _EXACT.subtract(self._volume, kline.volume)
            self._quote_volume = _EXACT.subtract(self._quote_volume, kline.quote_volume)
        for queue in (self._falling_highs, self._rising_lows):
            while queue and queue[0].open_time_ms < start_ms:
                queue.popleft()


def mini_tickers(series: KlineSeries, *, path: KlinePath = KlinePath.CLOSE) -> Iterator[MiniTicker]:
    """Yield a series as mini tickers, in rising order of time, from its 24th hour on."""
    day = RollingDay(series.symbol, series.interval_ms, path=path)
    for kline in series.klines:
        yield from day.add(kline)


_Moments = Iterator[tuple[int, Kline]]


def _whole(kline: Kline, interval_ms: int) -> _Moments:
    """Yield the end of the kline in ms (the first that is no longer in it), and the kline."""
    yield kline.open_time_ms + interval_ms, kline


def likely_path(kline: Kline, interval_ms: int) -> list[tuple[int, Decimal]]:
    """Return the four prices of a kline in their likeliest order, with the ends of its quarters in ms.

    Open, the extreme away from the close, the other one, close.
    """
    falls = kline.close < kline.open
    extremes = (kline.high, kline.low) if falls else (kline.low, kline.high)
    return [
        (kline.open_time_ms + interval_ms * quarter // 4, price)
        for quarter, price in enumerate((kline.open, *extremes, kline.close), start=1)
    ]


def _quarters(kline: Kline, interval_ms: int) -> _Moments:
    """Yield the ends of its quarters in ms, and what the kline was up to each.

    A quarter of the volume is taken to trade in each.
    """
    *path, _ = likely_path(kline, interval_ms)
    prices = [price for _, price in path]
    for quarter, (end_ms, price) in enumerate(path, start=1):
        share = Decimal(quarter) / 4
        yield (
            end_ms,
            Kline(
                open_time_ms=kline.open_time_ms,
                open=kline.open,
                high=max(prices[:quarter]),
                low=min(prices[:quarter]),
                close=price,
                volume=_EXACT.multiply(kline.volume, share),
                quote_volume=_EXACT.multiply(kline.quote_volume, share),
            ),
        )
    yield from _whole(kline, interval_ms)
