"""The recent past of every symbol, sampled: what windows are warmed from after a restart.

A window asks for its lowest and its highest value, so of every slot of time the tickers with the
lowest and the highest close are enough, and the last one. A slot is a fraction of the symbol's longest
window: however many tickers come, a symbol makes no more than three of them a slot.
"""

import zlib
from collections.abc import Iterator, Mapping

import attrs
import msgspec

from alertd.market.ticker import Ticker

# A window is known to a 240th of its length; a day's are 6 minutes long, an hour's 15 seconds.
_SLOTS = 240
_SHORTEST_MS, _LONGEST_MS = 15_000, 360_000

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


def _pack(tickers: list[Ticker]) -> bytes:
    # The quickest way to a third of the size.
    return zlib.compress(msgspec.json.encode([msgspec.structs.astuple(it) for it in tickers]), 1)


class _Slot:
    """A symbol's newest slot; `window_ms` is its longest window."""

    __slots__ = ("highest", "last", "length_ms", "lowest", "number", "window_ms")

    def __init__(self, window_ms: int) -> None:
        self.window_ms = window_ms
        self.length_ms = min(max(window_ms // _SLOTS, _SHORTEST_MS), _LONGEST_MS)
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
    return Packed(newest_ms, newest_ms + window_ms + 2 * _LONGEST_MS, _pack(tickers))
