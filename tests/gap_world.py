"""An engine with gaps to be looked into, beside servers that know klines of them.

Time stands still but for the jumps that a test makes: nothing runs out while a server answers.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial

import attrs
import trio
import trio.testing
from trio.testing import MockClock

from alertd.aftermath import Aftermath
from alertd.engine.condition import Comparison
from alertd.engine.engine import Engine
from alertd.engine.prices import Prices
from alertd.engine.rule import Rule
from alertd.market.kline_source import open_klines
from alertd.market.local.rest import LocalRest
from alertd.market.past.klines import Kline
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.observers.gaps import GapEvent, GapsLookedInto
from tests.engine.tickers import check_of, rule
from tests.market.kline_answers import Row, behaves, body, row
from tests.market.past.kline_rows import MINUTE_MS, START_MS, flat
from tests.market.rest_servers import Behaviour, RestServer, answers

ABOVE = check_of("close", "above", 105)
RISES = check_of("close", "rises", "3%", within_s=3600)
HIGH = check_of("close", "new_high", within_s=300)
# The gap of most of these tests: from the 90th minute on, ten and a half of them.
BEFORE_MS = START_MS + 90 * MINUTE_MS
AFTER_MS = BEFORE_MS + 630_000


def tick(at_ms: int, close: float, *, symbol: str = "BTCUSDT") -> Ticker:
    return Ticker(symbol, at_ms, close, close, 1000.0, 1.0, 1.0, 1.0)


def rows(first: int = 88, last: int = 100, *others: Row, price: float = 100) -> list[Row]:
    """Klines at one price, but for some others."""
    by_time = {it[0]: it for it in (*(row(it, price) for it in range(first, last + 1)), *others)}
    return list(by_time.values())


def serving(klines: Iterable[Row]) -> Behaviour:
    """As many of these as are asked for, whatever the symbol."""
    known = list(klines)
    return behaves(lambda _symbol, _interval, count: answers(body(known[-count:])))


# In the 95th minute it went down to 90 and up to 110.
WICK = serving(rows(88, 100, row(95, 100, 110, 90, 100)))


class Told:
    """What is told of gaps."""

    def __init__(self) -> None:
        self.events: list[GapEvent] = []
        self.found = trio.Event()

    def take(self, event: GapEvent) -> None:
        self.events.append(event)
        if isinstance(event, GapsLookedInto):
            self.found.set()


@attrs.frozen
class World:
    """An engine whose gaps are looked into, and what is told of them."""

    engine: Engine
    aftermath: Aftermath
    clock: MockClock
    _told: Told

    @property
    def told(self) -> list[GapEvent]:
        return self._told.events

    def sees(self, ticker: Ticker) -> list[str]:
        """Let a symbol be seen again; return the rules that fire."""
        self.aftermath.notice(ticker)
        return [alert.rule.name for alert in self.engine.update(ticker)]

    async def passes(self, seconds: float) -> None:
        """Let time pass for those who sleep."""
        await trio.testing.wait_all_tasks_blocked()
        self.clock.jump(seconds)
        await trio.testing.wait_all_tasks_blocked()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until a server has brought something about."""
        while not is_so():
            await trio.testing.wait_all_tasks_blocked(0.01)

    async def found(self) -> GapsLookedInto:
        """Wait for what is found of gaps that were noticed just now."""
        await trio.testing.wait_all_tasks_blocked()
        self.clock.jump(1)
        await self._told.found.wait()
        found = self.told[-1]
        assert isinstance(found, GapsLookedInto)
        return found


@asynccontextmanager
async def world(
    server: RestServer,
    clock: MockClock,
    *conditions: Comparison,
    symbols: Iterable[str] = ("BTCUSDT",),
    prices: Prices | None = None,
    silenced: Callable[[Rule, str], bool] = lambda _rule, _symbol: False,
) -> AsyncIterator[World]:
    rules = [rule(it, name=it.operator.value) for it in conditions]
    engine, told = Engine(dict.fromkeys(symbols, rules)), Told()
    aftermath = Aftermath(engine, prices or Prices(), report=told.take, silenced=silenced)
    open_it = partial(open_klines, attrs.evolve(USDM, rest_url=server.url))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(aftermath.run, open_it)
        yield World(engine, aftermath, clock, told)
        nursery.cancel_scope.cancel()


def asked(server: RestServer) -> list[str]:
    return [path.partition("?")[2] for path in server.asked]


def names(count: int) -> list[str]:
    return [f"S{number}USDT" for number in range(count)]


class Market:
    """The exchange's REST interface over a market that stands still, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self._rest = LocalRest((), klines=self._klines)

    def _klines(self, symbol: str, interval_ms: int, count: int) -> list[Kline]:
        self.asked.append((symbol, count))
        step = interval_ms // MINUTE_MS
        newest = 100 - 100 % step
        return flat(range(newest - (count - 1) * step, newest + 1, step))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[RestServer]:
        async with trio.open_nursery() as nursery:
            port = await nursery.start(self._rest.serve)
            yield RestServer(f"http://127.0.0.1:{port}")
            nursery.cancel_scope.cancel()
