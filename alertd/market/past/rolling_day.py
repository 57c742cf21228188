"""The rolling 24 hours: klines in, mini tickers out, exact to the last digit.

A mini ticker tells of the day that ends with it, and the exchange moves that day with every tick.
Here it moves with the klines: each enters at its end and leaves when its open time is 24 hours
old. The volumes are what was traded up to now less what was traded before the day; the extremes
stand at the left of two monotonic queues, in which one waits only until a later one outdoes it.
So a kline costs the same whether the day holds 24 of them or 1,440.
"""

import enum
import json
from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Context, Decimal, Inexact

import msgspec

from alertd.market.past.klines import DAY_MS, Kline, KlineSeries
from alertd.market.ticker import Ticker

# A difference of two sums must be exact, or it drifts. `parse_kline` admits amounts with 26 digits
# before the point and 39 behind it, and a quarter of one has two more: with 200 digits nothing is
# ever rounded, and if it were, the trap would say so.
_EXACT = Context(prec=200, traps=[Inexact])
_add, _subtract, _multiply = _EXACT.add, _EXACT.subtract, _EXACT.multiply
_QUARTER = Decimal("0.25")


class KlinePath(enum.Enum):
    """Which moments of a kline become tickers."""

    CLOSE = "close"
    OHLC = "ohlc"


class MiniTicker(msgspec.Struct, frozen=True, gc=False):
    """One symbol's rolling 24 hours that end at `time_ms` (ms since 1970, UTC), as exact decimals.

    Like a `Kline` it is a msgspec struct, because replays make one of every kline.
    """

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


def mini_tickers(series: KlineSeries, *, path: KlinePath = KlinePath.CLOSE) -> Iterator[MiniTicker]:
    """Yield a series as mini tickers, in rising order of time, from its 24th hour on."""
    parts_of = _whole if path is KlinePath.CLOSE else _quarters
    day: _Day | None = None
    for kline in series.klines:
        day = day or _Day(series.symbol, kline.open_time_ms)
        for end_ms, part in parts_of(kline, series.interval_ms):
            day.add(part)
            if day.move_to(end_ms):
                yield day.ticker()


class _Day:
    """The 24 hours of a symbol that end with its newest kline, or with a part of it.

    Several parts of a kline are klines of the same open time, and leave together.
    """

    def __init__(self, symbol: str, first_ms: int) -> None:
        self._symbol = symbol
        self._first_ms = first_ms
        self._end_ms = first_ms
        self._close = self._volume = self._quote_volume = Decimal(0)
        # Open time, open, and what was traded before it.
        self._klines: deque[tuple[int, Decimal, Decimal, Decimal]] = deque()
        # Prices, and the open times of their klines.
        self._falling_highs: deque[tuple[Decimal, int]] = deque()
        self._rising_lows: deque[tuple[Decimal, int]] = deque()

    def add(self, kline: Kline) -> None:
        """Take the next kline, or part of one."""
        open_ms, high, low = kline.open_time_ms, kline.high, kline.low
        highs, lows = self._falling_highs, self._rising_lows
        while highs and highs[-1][0] <= high:
            highs.pop()
        while lows and lows[-1][0] >= low:
            lows.pop()
        highs.append((high, open_ms))
        lows.append((low, open_ms))
        self._klines.append((open_ms, kline.open, self._volume, self._quote_volume))
        self._close = kline.close
        self._volume = _add(self._volume, kline.volume)
        self._quote_volume = _add(self._quote_volume, kline.quote_volume)

    def move_to(self, end_ms: int) -> bool:
        """Forget what is older than 24 hours, and tell whether so much is known by now."""
        start_ms = end_ms - DAY_MS
        klines, highs, lows = self._klines, self._falling_highs, self._rising_lows
        while klines[0][0] < start_ms:
            klines.popleft()
        while highs[0][1] < start_ms:
            highs.popleft()
        while lows[0][1] < start_ms:
            lows.popleft()
        self._end_ms = end_ms
        return start_ms >= self._first_ms

    def ticker(self) -> MiniTicker:
        """Return the ticker of the 24 hours."""
        _, open_, volume_before, quote_volume_before = self._klines[0]
        return MiniTicker(
            symbol=self._symbol,
            time_ms=self._end_ms - 1,
            close=self._close,
            open=open_,
            high=self._falling_highs[0][0],
            low=self._rising_lows[0][0],
            volume=_subtract(self._volume, volume_before),
            quote_volume=_subtract(self._quote_volume, quote_volume_before),
        )


_Parts = Iterable[tuple[int, Kline]]


def _whole(kline: Kline, interval_ms: int) -> _Parts:
    """Return the end of the kline in ms (the first that is no longer in it), and the kline."""
    return ((kline.open_time_ms + interval_ms, kline),)


def _quarters(kline: Kline, interval_ms: int) -> _Parts:
    """Return the ends of its quarters in ms, and each as if one price had been all that it saw.

    A quarter of the volume is taken to trade in each.
    """
    open_ms = kline.open_time_ms
    volume = _multiply(kline.volume, _QUARTER)
    quote_volume = _multiply(kline.quote_volume, _QUARTER)
    return [
        (end_ms, Kline(open_ms, price, price, price, price, volume, quote_volume))
        for end_ms, price in likely_path(kline, interval_ms)
    ]


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
