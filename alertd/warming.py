"""Windows warmed from klines: what of their past nobody watched, asked of the exchange at the start.

Theory of operation. The journal's samples fill windows with what was seen before a restart. What they
lack (a symbol that is new, an outage) is in the exchange's klines, so before the first ticker each
symbol whose window over the close is not known asks for those that reach back to its beginning.
They go into the window around what was seen, which they never take the place of, and set nothing off.
Windows over another metric, of rolling 24 hours, would take two days of klines of a minute each, which
costs too much for hundreds of symbols: those fill up by themselves.

The pictures of alerts are filled from the same klines, and where those were not asked for, from such
as come once the feed has begun: no alert waits for them.

It is a convenience: it may take so long and weigh so much and no more. What has not come by then is asked for
again every minute, while the feed runs, ten times at most; meanwhile windows fill up by themselves, as they would have without it.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs
import trio

from alertd.asking import Asking, OpenKlines
from alertd.config.wording import counted
from alertd.engine.engine import Engine
from alertd.engine.metrics import CLOSE
from alertd.engine.prices import SLOT_MS, Prices
from alertd.engine.recent import GAP_MS, Stretch
from alertd.logs.fields import about
from alertd.market.past.klines import KlineSeries
from alertd.market.past.known_closes import known_closes
from alertd.market.rest_error import RestError

_log = logging.getLogger(__name__)

_Fill = Callable[["Missing", Sequence[KlineSeries]], None]

WITHIN_S = 15.0
# What an address may ask for is counted by the minute.
_AGAIN_S = 60.0
_GIVEN_UP_S = 660.0
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


@attrs.frozen
class Left:
    """What windows still miss: at `now_ms` by the machine's clock, which was `at_s` by Trio's.

    `newest_ms` are the event times of the symbols' newest tickers then, 0 without one. The exchange may be asked
    again in `again_s`.
    """

    missing: tuple[Missing, ...]
    now_ms: int
    at_s: float
    newest_ms: Mapping[str, int]
    again_s: float = _AGAIN_S


def cold(engine: Engine, known: Mapping[str, Stretch], *, now_ms: int) -> Left:
    """Return all that the engine's windows over the close miss now, at `now_ms`."""
    found = tuple(missing(engine.windows(CLOSE), known, now_ms))
    newest_ms = {it.symbol: engine.newest_ms(it.symbol) for it in found}
    return Left(found, now_ms, trio.current_time(), newest_ms)


async def warm(
    engine: Engine,
    left: Left,
    open_klines: OpenKlines,
    *,
    within_s: float = WITHIN_S,
    prices: Prices | None = None,
) -> Left:
    """Fill the engine's windows over the close with what they miss; return what is left then.

    What comes fills the `prices` of pictures as well. It ends after `within_s` at the latest, and
    says in a line of the log what came of it.
    """
    now_ms, passed_ms = left.now_ms, round((trio.current_time() - left.at_s) * 1000)

    def fill(it: Missing, series: Sequence[KlineSeries]) -> None:
        believe(series, now_ms=now_ms + passed_ms)
        newest_ms = engine.newest_ms(it.symbol)
        if newest_ms != left.newest_ms[it.symbol] and newest_ms < now_ms - GAP_MS:
            # A ticker has come of another market, a past one that is played back.
            return
        own = [until(one, now_ms) for one in series]
        engine.fill(it.symbol, _closes_of(it, own, now_ms))
        if prices is not None:
            fill_prices(prices, it.symbol, own, now_ms)

    # What is missing lies further back by now.
    wanted = {attrs.evolve(it, span_ms=it.span_ms + passed_ms): it for it in left.missing}
    asking = Asking(list(wanted), fill)
    await _ask("windows", asking, open_klines, within_s)
    again_s = max(_AGAIN_S, asking.retry_after_s or 0.0)
    return attrs.evolve(left, missing=tuple(wanted[it] for it in asking.left), again_s=again_s)


async def warm_rest(
    engine: Engine, left: Left, open_klines: OpenKlines, *, prices: Prices | None = None
) -> None:
    """Go on with what is left, minute by minute, while the feed runs; what does not come for long is given up."""
    while left.missing and trio.current_time() + left.again_s - left.at_s < _GIVEN_UP_S:
        await trio.sleep(left.again_s)
        left = await warm(engine, left, open_klines, prices=prices)


async def warm_pictures(
    prices: Prices, open_klines: OpenKlines, *, now_ms: int, within_s: float = WITHIN_S
) -> None:
    """Fill the prices of pictures with what is not known of them, in the same way."""

    def fill(it: Missing, series: Sequence[KlineSeries]) -> None:
        believe(series, now_ms=now_ms)
        fill_prices(prices, it.symbol, series, now_ms)

    wanted = [Missing(name, span, None) for name, span in prices.lacking(now_ms).items()]
    await _ask("pictures", Asking(wanted, fill), open_klines, within_s)


async def _ask(
    what: str, asking: Asking[Missing], open_klines: OpenKlines, within_s: float
) -> None:
    if asking.wanted:
        began_s = trio.current_time()
        await asking.run(open_klines, within_s=within_s)
        _tell(what, asking, trio.current_time() - began_s)


def believe(series: Sequence[KlineSeries], *, now_ms: int) -> None:
    """Raise `RestError` for klines that are later than now, by the clock that they are to be judged by."""
    newest_ms = max((kline.open_time_ms for one in series for kline in one.klines), default=0)
    if newest_ms > now_ms + _LATEST_MS:
        raise RestError("klines of the future", "is this machine's clock right?")


def _closes_of(it: Missing, series: Sequence[KlineSeries], now_ms: int) -> list[tuple[int, float]]:
    closes, known = known_closes(series, until_ms=now_ms), it.known
    if known is None:
        return closes
    return [each for each in closes if not known.since_ms <= each[0] <= known.until_ms]


def until(series: KlineSeries, until_ms: int) -> KlineSeries:
    """Return the klines that had begun by a time."""
    klines = [kline for kline in series.klines if kline.open_time_ms <= until_ms]
    return attrs.evolve(series, klines=klines)


def fill_prices(prices: Prices, symbol: str, series: Sequence[KlineSeries], now_ms: int) -> None:
    """Let prices be known minute by minute; a longer kline's are those of each of its minutes."""
    for one in series:
        for kline in one.klines:
            values = (float(kline.close), float(kline.low), float(kline.high))
            ends = range(SLOT_MS, one.interval_ms + 1, SLOT_MS)
            times = (min(kline.open_time_ms + end - 1, now_ms) for end in ends)
            prices.fill(symbol, ((time_ms, *values) for time_ms in times))


def _tell(what: str, asking: Asking[Missing], seconds: float) -> None:
    wanted, left = counted(len(asking.wanted), "symbol"), len(asking.left)
    if not left:
        text = "%s of %s warmed from klines in %.1f s"
        _log.info(
            text, what, wanted, seconds, extra=about("windows.warmed", count=len(asking.wanted))
        )
    else:
        text = "%s of %d of %s warmed from klines in %.1f s; others fill up by themselves: %s"
        warmed = len(asking.wanted) - left
        facts = about("windows.unknown", count=left, reason=asking.reason)
        _log.warning(text, what, warmed, wanted, seconds, asking.reason, extra=facts)
