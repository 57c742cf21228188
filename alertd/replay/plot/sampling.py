"""A long path in few points: of each slot of time its last, lowest and highest close."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs

from alertd.market.past.reel import Reel
from alertd.market.past.reels import KlineReel
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

    def steps_ms(self) -> list[int]:
        """Return how much later each slot's last ticker is than that of the slot before."""
        return [later - earlier for earlier, later in pairwise(self.times_ms)]

    def append(self, ticker: Ticker) -> None:
        """Begin another slot."""
        close = ticker.close
        self.times_ms.append(ticker.time_ms)
        self.closes.append(close)
        self.lows.append(close)
        self.highs.append(close)
        self.day_lows.append(ticker.low)
        self.day_highs.append(ticker.high)

    def join(self, ticker: Ticker) -> None:
        """Add to the last slot what came later in it."""
        close = ticker.close
        self.times_ms[-1] = ticker.time_ms
        self.closes[-1] = close
        self.lows[-1] = min(self.lows[-1], close)
        self.highs[-1] = max(self.highs[-1], close)
        self.day_lows[-1], self.day_highs[-1] = ticker.low, ticker.high

    def in_slots_of(self, slot_ms: int) -> "Slots":
        """Return the same in slots of another length, a multiple of the one there is."""
        ends = [place for place, is_end in enumerate(self._ends(slot_ms)) if is_end]
        starts = [0, *(end + 1 for end in ends[:-1])]
        spans = [slice(start, end + 1) for start, end in zip(starts, ends, strict=True)]
        return Slots(
            times_ms=array("q", (self.times_ms[end] for end in ends)),
            closes=array("d", (self.closes[end] for end in ends)),
            lows=array("d", (min(self.lows[span]) for span in spans)),
            highs=array("d", (max(self.highs[span]) for span in spans)),
            day_lows=array("d", (self.day_lows[end] for end in ends)),
            day_highs=array("d", (self.day_highs[end] for end in ends)),
        )

    def count_in_slots_of(self, slot_ms: int) -> int:
        """Return how many slots that would be."""
        return sum(self._ends(slot_ms))

    def _ends(self, slot_ms: int) -> Iterator[bool]:
        """Tell of each slot whether it is the last one in a slot of that length."""
        for earlier, later in pairwise(self.times_ms):
            yield earlier // slot_ms != later // slot_ms
        yield True


class Sampler:
    """Takes a symbol's tickers and keeps at most `most` slots of them: `slots`.

    When there are more, slots become twice as long, and again until there is room, and those that
    now are one are joined. So the memory is bounded, and how long the tickers go on need not be
    known before.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._slot_ms = _FIRST_SLOT_MS
        self._last_ms = -1
        self.slots = Slots()

    def add(self, ticker: Ticker) -> None:
        """Take the next ticker; one that is not later than the last is left out, as the feed does."""
        time_ms, last_ms = ticker.time_ms, self._last_ms
        if time_ms <= last_ms:
            return
        self._last_ms = time_ms
        if time_ms // self._slot_ms == last_ms // self._slot_ms:
            self.slots.join(ticker)
            return
        self.slots.append(ticker)
        if len(self.slots) > self._most:
            self._coarsen()

    def _coarsen(self) -> None:
        while self.slots.count_in_slots_of(self._slot_ms) > self._most:
            self._slot_ms *= 2
        self.slots = self.slots.in_slots_of(self._slot_ms)


def sample(
    reels: Iterable[Reel], symbols: Iterable[str], *, at_least: int, most: int
) -> dict[str, Slots]:
    """Read reels, as far as they are needed, and return the paths of `symbols`, in at most `most` slots each.

    Where these are fewer than `at_least`, the first others that come are taken too. A symbol of
    which nothing came is left out. Raises `KlinesError` as the reels do.
    """
    samplers = {symbol: Sampler(most) for symbol in symbols}
    for reel in reels:
        # Of klines it is known before which symbol they are of.
        is_other = isinstance(reel, KlineReel) and reel.name not in samplers
        if is_other and len(samplers) >= at_least:
            continue
        for ticker in reel.tickers():
            sampler = samplers.get(ticker.symbol)
            if sampler is None and len(samplers) < at_least:
                sampler = samplers[ticker.symbol] = Sampler(most)
            if sampler is not None:
                sampler.add(ticker)
    return {symbol: sampler.slots for symbol, sampler in samplers.items() if sampler.slots}
