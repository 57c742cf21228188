"""The recent past of every symbol, sampled: what windows are warmed from after a restart.

A window asks for its lowest and its highest value, so of every slot of time the tickers with the
lowest and the highest close are enough, and the last one. A slot is a fraction of the symbol's longest
window: however many tickers come, a symbol makes no more than three of them a slot.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping

import attrs
import msgspec

from alertd.market.ticker import Ticker

# A window is known to a 240th of its length; a day's are 6 minutes long, an hour's 15 seconds.
_SLOTS = 240
_SHORTEST_MS, _LONGEST_MS = 15_000, 360_000

# So long without a ticker is a gap. Klines replayed are a minute apart, and that is none.
GAP_MS = 120_000

_Values = tuple[str, int, float, float, float, float, float, float]
_decoder = msgspec.json.Decoder(list[_Values])


@attrs.frozen
class Packed:
    """Tickers of many symbols, in the order of time for each, to be kept as they are.

    `time_ms` is the newest one's event time; from `until_ms` on no window reaches back to any.
    """

    time_ms: int
    until_ms: int
    tickers: bytes


def unpack(tickers: bytes) -> Iterator[Ticker]:
    """Yield packed tickers, in the order of time for each symbol. Raises `ValueError` for what is no pack."""
    try:
        unpacked = zlib.decompress(tickers)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    for values in _decoder.decode(unpacked):
        yield Ticker(*values)


def pack(tickers: Iterable[Ticker]) -> bytes:
    """Return tickers as few bytes, for `unpack`."""
    # The quickest way to a third of the size.
    return zlib.compress(msgspec.json.encode([msgspec.structs.astuple(it) for it in tickers]), 1)


@attrs.frozen
class Stretch:
    """From when to when (event times, in ms) tickers of a symbol are known without a gap."""

    since_ms: int
    until_ms: int


class Stretches:
    """Finds the newest stretch of each symbol in what was sampled of it.

    `windows` are the symbols' longest ones, in milliseconds; other symbols are left out.
    """

    def __init__(self, windows: Mapping[str, int]) -> None:
        self._pauses_ms = {name: _slot_ms(window) + GAP_MS for name, window in windows.items()}
        self._since_ms: dict[str, int] = {}
        self._until_ms: dict[str, int] = {}

    def take(self, ticker: Ticker) -> None:
        """Take a ticker; one that is not newer than the symbol's last one makes no difference."""
        symbol, time_ms = ticker.symbol, ticker.time_ms
        pause_ms = self._pauses_ms.get(symbol)
        if pause_ms is None:
            return
        until_ms = self._until_ms.get(symbol)
        if until_ms is None or time_ms - until_ms > pause_ms:
            self._since_ms[symbol] = time_ms
        if until_ms is None or time_ms > until_ms:
            self._until_ms[symbol] = time_ms

    def found(self) -> dict[str, Stretch]:
        """Return the newest stretch of each symbol that there was a ticker of."""
        return {it: Stretch(self._since_ms[it], self._until_ms[it]) for it in self._until_ms}


def _slot_ms(window_ms: int) -> int:
    return min(max(window_ms // _SLOTS, _SHORTEST_MS), _LONGEST_MS)


class _Slot:
    """A symbol's newest slot; `window_ms` is its longest window."""

    __slots__ = ("highest", "last", "length_ms", "lowest", "number", "window_ms")

    def __init__(self, window_ms: int) -> None:
        self.window_ms = window_ms
        self.length_ms = _slot_ms(window_ms)
        self.number = -1
        self.lowest = self.highest = self.last = _NONE

    def samples(self) -> list[Ticker]:
        by_time = {it.time_ms: it for it in (self.lowest, self.highest, self.last)}
        return [by_time[time_ms] for time_ms in sorted(by_time)]


_NONE = Ticker("", 0, 0, 0, 0, 0, 0, 0)


class Recent:
    """Samples the tickers of those symbols that have windows."""

    def __init__(self) -> None:
        self._slots: dict[str, _Slot] = {}
        self._finished: dict[int, list[Ticker]] = {}

    def watch(self, windows: Mapping[str, int]) -> None:
        """Sample these symbols from now on, each for the length of its longest window in milliseconds."""
        known = self._slots
        self._slots = {}
        for symbol, window_ms in windows.items():
            slot = known.get(symbol)
            if slot is not None and slot.window_ms != window_ms:
                self._finish(slot)
                slot = None
            self._slots[symbol] = slot or _Slot(window_ms)

    def take(self, ticker: Ticker) -> None:
        """Take a ticker that is newer than the symbol's last one."""
        slot = self._slots.get(ticker.symbol)
        if slot is None:
            return
        number = ticker.time_ms // slot.length_ms
        if number != slot.number:
            self._finish(slot)
            slot.number = number
            slot.lowest = slot.highest = slot.last = ticker
            return
        slot.last = ticker
        if ticker.close < slot.lowest.close:
            slot.lowest = ticker
        elif ticker.close > slot.highest.close:
            slot.highest = ticker

    def finished(self) -> list[Packed]:
        """Return what has become final since the last time."""
        finished, self._finished = self._finished, {}
        return [_packed(window_ms, tickers) for window_ms, tickers in finished.items()]

    def so_far(self, symbol: str) -> list[Packed]:
        """Return what has become final, and with it the slot of a symbol as far as it has come."""
        slot = self._slots.get(symbol)
        if slot is None:
            return []
        self._finish(slot)
        slot.number = -1
        return self.finished()

    def rest(self) -> list[Packed]:
        """Return all of it, the slots that have only begun too: nothing more will come."""
        for slot in self._slots.values():
            self._finish(slot)
            slot.number = -1
        return self.finished()

    def _finish(self, slot: _Slot) -> None:
        if slot.number >= 0:
            self._finished.setdefault(slot.window_ms, []).extend(slot.samples())


def _packed(window_ms: int, tickers: list[Ticker]) -> Packed:
    newest_ms = max(ticker.time_ms for ticker in tickers)
    # A window is covered only by a ticker that is older than it.
    return Packed(newest_ms, newest_ms + window_ms + 2 * _LONGEST_MS, pack(tickers))
