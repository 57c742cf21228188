"""Windows warmed from klines: what of their past nobody watched, asked of the exchange at the start.

Theory of operation. The journal's samples fill windows with what was seen before a restart. What they
lack (a symbol that is new, an outage) is in the exchange's klines, so before the first ticker each
symbol whose window over the close is not known asks for those that reach back to its beginning.
They go into the window around what was seen, which they never take the place of, and set nothing off.
Windows over another metric, of rolling 24 hours, would take two days of klines of a minute each, which
costs too much for hundreds of symbols: those fill up by themselves.

The pictures of alerts are filled from the same klines, and where those were not asked for, from such
as come once the feed has begun: no alert waits for them.

It is a convenience: it may take so long and weigh so much and no more, and whatever goes wrong leaves
windows to fill up by themselves, as they would have without it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

import attrs
import trio

from alertd.config.wording import counted
from alertd.engine.engine import Engine
from alertd.engine.metrics import CLOSE
from alertd.engine.prices import SLOT_MS, Prices
from alertd.engine.recent import GAP_MS, Stretch
from alertd.market.kline_source import KlineSource, requests_for
from alertd.market.past.klines import KlineSeries
from alertd.market.past.known_closes import known_closes
from alertd.market.rest_error import RestError

_log = logging.getLogger(__name__)

_Fill = Callable[["Missing", Sequence[KlineSeries]], None]
OpenKlines = Callable[[], AbstractAsyncContextManager[KlineSource]]

WITHIN_S = 15.0
# The exchange answers in some 50 ms: 573 symbols take 4 seconds.
_AT_ONCE = 8
# So many failures in a row are no longer about single symbols.
_MOST_FAILURES = 8
# Of what an address may ask for in a minute, a half: other programs may share it, and so may a restart.
_SHARE = 2
# Clocks differ by seconds; what is later than this is none of today's.
_LATEST_MS = 60_000


@attrs.frozen
class Missing:
    """What a symbol's windows do not know: the last `span_ms`, but for a stretch of them."""

    symbol: str
    span_ms: int
    known: Stretch | None


def missing(
    windows: Mapping[str, int], known: Mapping[str, Stretch], now_ms: int
) -> Iterator[Missing]:
    """Yield what is missing of each symbol's longest window, in milliseconds, at `now_ms`."""
    for symbol, window_ms in windows.items():
        begin_ms, stretch = now_ms - window_ms, known.get(symbol)
        if stretch is None or stretch.since_ms > begin_ms or stretch.until_ms <= begin_ms:
            yield Missing(symbol, window_ms, stretch)
        elif now_ms - stretch.until_ms > GAP_MS:
            yield Missing(symbol, now_ms - stretch.until_ms, stretch)


async def warm(  # noqa: PLR0913 - by name, but for the first three
    engine: Engine,
    known: Mapping[str, Stretch],
    open_klines: OpenKlines,
    *,
    now_ms: int,
    within_s: float = WITHIN_S,
    prices: Prices | None = None,
) -> None:
    """Fill the engine's windows over the close with what is not known of them; `now_ms` is the machine's time.

    What comes fills the `prices` of pictures as well. It ends after `within_s` at the latest, and
    says in a line of the log what came of it.
    """

    def fill(it: Missing, series: Sequence[KlineSeries]) -> None:
        engine.fill(it.symbol, _closes_of(it, series, now_ms))
        if prices is not None:
            _fill_prices(prices, it.symbol, series, now_ms)

    wanted = tuple(missing(engine.windows(CLOSE), known, now_ms))
    await _run(_Warming("windows", wanted, now_ms, fill), open_klines, within_s)


async def warm_pictures(
    prices: Prices, open_klines: OpenKlines, *, now_ms: int, within_s: float = WITHIN_S
) -> None:
    """Fill the prices of pictures with what is not known of them, in the same way."""

    def fill(it: Missing, series: Sequence[KlineSeries]) -> None:
        _fill_prices(prices, it.symbol, series, now_ms)

    wanted = tuple(Missing(name, span, None) for name, span in prices.lacking(now_ms).items())
    await _run(_Warming("pictures", wanted, now_ms, fill), open_klines, within_s)


async def _run(warming: "_Warming", open_klines: OpenKlines, within_s: float) -> None:
    if not warming.wanted:
        return
    began = trio.current_time()
    with trio.move_on_after(within_s) as bound:
        try:
            async with open_klines() as source:
                await warming.run(source)
        except RestError as error:
            warming.reason = str(error)
    if bound.cancelled_caught:
        warming.reason = f"not all klines have come within {within_s:g} s"
    _tell(warming, trio.current_time() - began)


class _Warming:
    """Warms symbols, several at once, until all are warm or there is no sense in going on."""

    def __init__(self, what: str, wanted: tuple[Missing, ...], now_ms: int, fill: _Fill) -> None:
        self.what = what
        self.wanted = wanted
        self.warmed = 0
        self.reason = ""
        self._fill_in = fill
        self._now_ms = now_ms
        self._failures = 0
        self._scope = trio.CancelScope()

    async def run(self, source: KlineSource) -> None:
        most_weight = source.venue.weight_a_minute // _SHARE
        waiting = iter(self.wanted)
        with self._scope:
            async with trio.open_nursery() as nursery:
                for _ in range(_AT_ONCE):
                    nursery.start_soon(self._warm_each, waiting, source, most_weight)

    async def _warm_each(
        self, waiting: Iterator[Missing], source: KlineSource, most_weight: int
    ) -> None:
        share = most_weight // len(self.wanted)
        for it in waiting:
            requests = requests_for(it.symbol, it.span_ms, source.venue, most_weight=share)
            if source.used_weight + sum(map(source.weight_of, requests)) > most_weight:
                self._give_up("this address has asked the exchange for half of what it may")
                return
            try:
                self._fill(it, [await source.fetch(request) for request in requests])
            except RestError as error:
                self._fail(error)

    def _fill(self, it: Missing, series: Sequence[KlineSeries]) -> None:
        newest_ms = max((kline.open_time_ms for one in series for kline in one.klines), default=0)
        if newest_ms > self._now_ms + _LATEST_MS:
            raise RestError("klines of the future", "is this machine's clock right?")
        self._fill_in(it, series)
        self.warmed += 1
        self._failures = 0

    def _fail(self, error: RestError) -> None:
        self.reason = str(error)
        self._failures += 1
        if error.retry_after_s is not None or self._failures >= _MOST_FAILURES:
            self._scope.cancel()

    def _give_up(self, reason: str) -> None:
        self.reason = reason
        self._scope.cancel()


def _closes_of(it: Missing, series: Sequence[KlineSeries], now_ms: int) -> list[tuple[int, float]]:
    closes, known = known_closes(series, until_ms=now_ms), it.known
    if known is None:
        return closes
    return [each for each in closes if not known.since_ms <= each[0] <= known.until_ms]


def _fill_prices(prices: Prices, symbol: str, series: Sequence[KlineSeries], now_ms: int) -> None:
    """Let prices be known minute by minute; a longer kline's are those of each of its minutes."""
    for one in series:
        for kline in one.klines:
            values = (float(kline.close), float(kline.low), float(kline.high))
            ends = range(SLOT_MS, one.interval_ms + 1, SLOT_MS)
            times = (min(kline.open_time_ms + end - 1, now_ms) for end in ends)
            prices.fill(symbol, ((time_ms, *values) for time_ms in times))


def _tell(warming: _Warming, seconds: float) -> None:
    wanted, warmed = counted(len(warming.wanted), "symbol"), warming.warmed
    if warmed == len(warming.wanted):
        _log.info("%s of %s warmed from klines in %.1f s", warming.what, wanted, seconds)
    else:
        text = "%s of %d of %s warmed from klines in %.1f s; others fill up by themselves: %s"
        _log.warning(text, warming.what, warmed, wanted, seconds, warming.reason)
