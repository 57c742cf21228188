"""The last hours of symbols' prices, in slots of a minute: what pictures are made of.

Of each slot the last close is kept, the lowest and the highest. A symbol's slots are a ring, so that
a day of it is as large as the first: 24 bytes a slot, 5 MB for the whole market's last 6 hours.
"""

from array import array
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isnan, nan

from alertd.drawing.chart import PricePath
from alertd.market.ticker import Ticker

SLOT_MS = 60_000
# The journal has a sample for every few minutes of a day, and a quiet symbol no ticker for so long.
_UNKNOWN_SLOTS = 7


class Prices:
    """Keeps the recent prices of those symbols that are watched for it."""

    def __init__(self) -> None:
        self._rings: dict[str, _Ring] = {}

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._rings

    def watch(self, spans: Mapping[str, int]) -> None:
        """Keep these symbols' prices from now on, each for so many milliseconds."""
        before = self._rings
        self._rings = {symbol: _Ring(span_ms // SLOT_MS) for symbol, span_ms in spans.items()}
        for symbol, ring in self._rings.items():
            if symbol in before:
                self._rings[symbol] = before[symbol].resized(ring.length)

    def take(self, ticker: Ticker) -> None:
        """Take a ticker; one that is older than the symbol's last one finds its place as well."""
        ring = self._rings.get(ticker.symbol)
        if ring is None:
            return
        time_ms, close = ticker.time_ms, ticker.close
        # All tickers come by here. A call for each would cost as much as all the rest.
        if ring.begins_ms <= time_ms < ring.ends_ms:
            ring.close = close
            if close < ring.low:
                ring.low = close
            elif close > ring.high:
                ring.high = close
            if time_ms > ring.time_ms:  # noqa: PLR1730 - a call of max() is a fifth of it all
                ring.time_ms = time_ms
        else:
            ring.take_elsewhere(time_ms, close)

    def fill(self, symbol: str, past: Iterable[tuple[int, float, float, float]]) -> None:
        """Take a symbol's past: time in ms, close, low and high, of slots that nothing is known of."""
        ring = self._rings.get(symbol)
        if ring is not None:
            for time_ms, close, low, high in past:
                ring.fill(time_ms, close, low, high)

    def lacking(self, now_ms: int) -> dict[str, int]:
        """Return how many ms of the past each symbol wants that lacks some of it at the machine's `now_ms`."""
        return {
            symbol: ring.length * SLOT_MS
            for symbol, ring in self._rings.items()
            if ring.lacks(now_ms)
        }

    def path(self, symbol: str, span_ms: int) -> PricePath | None:
        """Return the last of a symbol's prices; None where there are none. Raises `ValueError`."""
        ring = self._rings.get(symbol)
        return ring.path(span_ms // SLOT_MS) if ring is not None else None


class _Ring:
    """One symbol's slots, of which `length` are kept; one that is not known has NaN for its close.

    What is known of the newest one, from `begins_ms` until `ends_ms`, is put down in the ring when
    somebody looks at that. `time_ms` is that of its last ticker.
    """

    __slots__ = (
        "_closes",
        "_highs",
        "_lows",
        "_newest",
        "begins_ms",
        "close",
        "ends_ms",
        "high",
        "length",
        "low",
        "time_ms",
    )

    def __init__(self, length: int) -> None:
        self.length = length
        self._closes = array("d", [nan]) * length
        self._lows = array("d", self._closes)
        self._highs = array("d", self._closes)
        self._newest = self.begins_ms = self.ends_ms = self.time_ms = 0
        self.close = self.low = self.high = nan

    def take_elsewhere(self, time_ms: int, close: float) -> None:
        """Take what is not of the newest slot."""
        number = time_ms // SLOT_MS
        if self._newest - self.length < number < self._newest:
            self._widen(number % self.length, close)
        else:
            self._turn_to(number, close, close, close, time_ms)

    def fill(self, time_ms: int, close: float, low: float, high: float) -> None:
        """Take a slot's close and extremes, unless something is known of it."""
        number = time_ms // SLOT_MS
        if number > self._newest:
            self._turn_to(number, close, low, high, time_ms)
        index = number % self.length
        if self._newest - self.length < number < self._newest and isnan(self._closes[index]):
            self._closes[index], self._lows[index], self._highs[index] = close, low, high

    def lacks(self, now_ms: int) -> bool:
        """Tell whether some minutes of the past are not known, more than a quiet symbol or a sample leaves out."""
        now = now_ms // SLOT_MS
        begin = now - self.length
        known = [it for it in self._known(begin) if it <= now]
        return any(
            later - before > _UNKNOWN_SLOTS for before, later in pairwise([begin, *known, now])
        )

    def path(self, slots: int) -> PricePath | None:
        """Return so many of the last slots, as far as they are known."""
        known = [(it, it % self.length) for it in self._known(self._newest - slots + 1)]
        if not known:
            return None
        return PricePath(
            times_ms=tuple(min(_end_ms(it), self.time_ms) for it, _ in known),
            closes=tuple(self._closes[index] for _, index in known),
            lows=tuple(self._lows[index] for _, index in known),
            highs=tuple(self._highs[index] for _, index in known),
            slot_ms=SLOT_MS,
        )

    def resized(self, length: int) -> "_Ring":
        """Return a ring of another length with the same prices."""
        if length == self.length:
            return self
        other = _Ring(length)
        for number in self._known(self._newest - length + 1):
            at = number % self.length
            other.fill(_end_ms(number), self._closes[at], self._lows[at], self._highs[at])
        other.time_ms = self.time_ms
        return other

    def _known(self, since: int) -> list[int]:
        """Return the slots since one of which something is known, all of them put down."""
        self._put_down()
        oldest = max(self._newest - self.length + 1, since)
        closes, length = self._closes, self.length
        return [it for it in range(oldest, self._newest + 1) if not isnan(closes[it % length])]

    def _put_down(self) -> None:
        index = self._newest % self.length
        self._closes[index], self._lows[index], self._highs[index] = self.close, self.low, self.high

    def _widen(self, index: int, close: float) -> None:
        """Take a close into a slot that is not the newest."""
        # Of a slot that was empty they are NaN, which is on neither side of anything.
        if not self._lows[index] <= close:
            self._lows[index] = close
        if not self._highs[index] >= close:
            self._highs[index] = close
        self._closes[index] = close

    def _turn_to(self, number: int, close: float, low: float, high: float, time_ms: int) -> None:
        """Begin with another newest slot; where it is far back, another market has begun."""
        self._put_down()
        turned = min(abs(number - self._newest), self.length) if self._newest else 0
        for it in range(number - turned + 1, number):
            index = it % self.length
            self._closes[index] = self._lows[index] = self._highs[index] = nan
        self._newest = number
        self.begins_ms, self.ends_ms = number * SLOT_MS, (number + 1) * SLOT_MS
        self.close, self.low, self.high, self.time_ms = close, low, high, time_ms


def _end_ms(number: int) -> int:
    return (number + 1) * SLOT_MS - 1
