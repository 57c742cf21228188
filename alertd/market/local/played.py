"""The klines of a tape that is being played: what the local exchange can tell of the past."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile

import attrs
import msgspec

from alertd.market.past.klines import Kline, KlineSeries

# A day of klines of a minute each, and the quarter of an hour in which it begins.
_MOST = 1_500


class PlayedKlines:
    """Remembers the newest klines of some series, as they are read; `series` are the ones to read."""

    def __init__(self, series: Iterable[KlineSeries]) -> None:
        self._memories = {each.symbol: _Memory(each) for each in series}

    @property
    def series(self) -> tuple[KlineSeries, ...]:
        """The same series, whose klines are remembered."""
        return tuple(
            attrs.evolve(memory.series, klines=memory) for memory in self._memories.values()
        )

    def newest(
        self, symbol: str, interval_ms: int, count: int, *, until_ms: int
    ) -> Sequence[Kline] | None:
        """Return a symbol's newest klines that are over by then; None where there are none so long."""
        memory = self._memories.get(symbol)
        if memory is None or interval_ms % memory.series.interval_ms:
            return None
        own_ms = memory.series.interval_ms
        over = (it for it in memory.newest if it.open_time_ms + own_ms - 1 <= until_ms)
        # A longer one whose beginning is forgotten is none.
        whole = dropwhile(lambda it: it.open_time_ms % interval_ms != 0, over)
        return list(_joined(whole, interval_ms))[-count:]


class _Memory:
    """Iterates over a series, and keeps what was last."""

    def __init__(self, series: KlineSeries) -> None:
        self.series = series
        self.newest: deque[Kline] = deque(maxlen=_MOST)

    def __iter__(self) -> Iterator[Kline]:
        self.newest.clear()
        for kline in self.series.klines:
            self.newest.append(kline)
            yield kline


def _joined(klines: Iterable[Kline], interval_ms: int) -> Iterator[Kline]:
    """Yield klines as longer ones; the last of them may not be over."""
    longer: Kline | None = None
    for kline in klines:
        begin_ms = kline.open_time_ms - kline.open_time_ms % interval_ms
        if longer is None or longer.open_time_ms != begin_ms:
            if longer is not None:
                yield longer
            longer = msgspec.structs.replace(kline, open_time_ms=begin_ms)
        else:
            longer = _with(longer, kline)
    if longer is not None:
        yield longer


def _with(longer: Kline, kline: Kline) -> Kline:
    return msgspec.structs.replace(
        longer,
        high=max(longer.high, kline.high),
        low=min(longer.low, kline.low),
        close=kline.close,
        volume=longer.volume + kline.volume,
        quote_volume=longer.quote_volume + kline.quote_volume,
    )
