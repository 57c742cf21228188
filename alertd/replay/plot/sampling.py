"""A long path in few points: of each slot of time its last, lowest and highest close."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

import attrs

from alertd.market.past.reel import Reel
from alertd.market.ticker import Ticker

# Every ticker of a market that sends one every two seconds has a slot of its own at first.
_FIRST_SLOT_MS = 1_000


@attrs.frozen
class Slots:
    """A path, a column for each of its numbers: 48 bytes a slot, where objects would take 200.

    Of each slot the time of its last ticker, in milliseconds; the last, the lowest and the highest
    close; and the low and the high of the 24 hours that end with it.
    """

    times_ms: "array[int]" = attrs.field(factory=lambda: array("q"))
    closes: "array[float]" = attrs.field(factory=lambda: array("d"))
    lows: "array[float]" = attrs.field(factory=lambda: array("d"))
    highs: "array[float]" = attrs.field(factory=lambda: array("d"))
    day_lows: "array[float]" = attrs.field(factory=lambda: array("d"))
    day_highs: "array[float]" = attrs.field(factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.times_ms)

    def prices(self) -> tuple["array[float]", ...]:
        """Return all columns but that of the times."""
        return self.closes, self.lows, self.highs, self.day_lows, self.day_highs

    def steps_ms(self) -> list[int]:
        """Return how much later each slot's last ticker is than that of the slot before."""
        return [later - earlier for earlier, later in pairwise(self.times_ms)]

    def append(self, time_ms: int, prices: Sequence[float]) -> None:
        """Begin another slot."""
        self.times_ms.append(time_ms)
        for column, price in zip(self.prices(), prices, strict=True):
            column.append(price)

    def join(self, time_ms: int, prices: Sequence[float]) -> None:
        """Add to the last slot what came later in it."""
        close, low, high, day_low, day_high = prices
        self.times_ms[-1] = time_ms
        self.closes[-1] = close
        self.lows[-1] = min(self.lows[-1], low)
        self.highs[-1] = max(self.highs[-1], high)
        self.day_lows[-1], self.day_highs[-1] = day_low, day_high


class Sampler:
    """Takes a symbol's tickers and keeps at most `most` slots of them: `slots`.

    When there are more, slots become twice as long and those that now are one are joined. So the
    memory is bounded, and how long the tickers go on need not be known before.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._slot_ms = _FIRST_SLOT_MS
        self.slots = Slots()

    def add(self, ticker: Ticker) -> None:
        """Take the next ticker; one that is not later than the last is left out, as the feed does."""
        times_ms = self.slots.times_ms
        if times_ms and ticker.time_ms <= times_ms[-1]:
            return
        close = ticker.close
        self._put(ticker.time_ms, (close, close, close, ticker.low, ticker.high))
        while len(self.slots) > self._most:
            self._coarsen()

    def _coarsen(self) -> None:
        finer, self.slots = self.slots, Slots()
        self._slot_ms *= 2
        for time_ms, *prices in zip(finer.times_ms, *finer.prices(), strict=True):
            self._put(time_ms, prices)

    def _put(self, time_ms: int, prices: Sequence[float]) -> None:
        times_ms = self.slots.times_ms
        if times_ms and times_ms[-1] // self._slot_ms == time_ms // self._slot_ms:
            self.slots.join(time_ms, prices)
        else:
            self.slots.append(time_ms, prices)


def sample(
    reels: Iterable[Reel], symbols: Iterable[str], *, at_least: int, most: int
) -> dict[str, Slots]:
    """Read reels through and return the paths of `symbols`, in at most `most` slots each.

    Where these are fewer than `at_least`, the first others that come are taken too. A symbol of
    which nothing came is left out. Raises `KlinesError` as the reels do.
    """
    samplers = {symbol: Sampler(most) for symbol in symbols}
    for reel in reels:
        for ticker in reel.tickers():
            sampler = samplers.get(ticker.symbol)
            if sampler is None and len(samplers) < at_least:
                sampler = samplers[ticker.symbol] = Sampler(most)
            if sampler is not None:
                sampler.add(ticker)
    return {symbol: sampler.slots for symbol, sampler in samplers.items() if sampler.slots}
