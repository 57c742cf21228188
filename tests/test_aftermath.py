"""Gaps that are over: what is asked for, what comes of it, and how it is spread over time.

Time stands still but for the jumps that a test makes: nothing runs out while a server answers.
"""

import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial

import attrs
import msgspec
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.aftermath import Aftermath
from alertd.engine.condition import Comparison
from alertd.engine.engine import Engine
from alertd.engine.prices import Prices
from alertd.engine.rule import Rule
from alertd.engine.touched import Extreme, Touched
from alertd.market.kline_source import open_klines
from alertd.market.local.rest import LocalRest
from alertd.market.past.klines import Kline
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.observers.gaps import GapEvent, GapNoticed, GapsLookedInto
from tests.engine.tickers import check_of, rule
from tests.market.kline_answers import Row, behaves, body, row
from tests.market.past.kline_rows import MINUTE_MS, START_MS, flat
from tests.market.rest_servers import Behaviour, Exchange, RestServer, answers, cuts, rest_server

ABOVE = check_of("close", "above", 105)
RISES = check_of("close", "rises", "3%", within_s=3600)
HIGH = check_of("close", "new_high", within_s=300)
# The gap of most of these tests: from the 90th minute on, ten and a half of them.
BEFORE_MS = START_MS + 90 * MINUTE_MS
AFTER_MS = BEFORE_MS + 630_000


@pytest.fixture
def clock() -> MockClock:
    return MockClock()


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


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


# What is a gap.


@pytest.mark.parametrize(("lasted_ms", "gaps"), [(120_000, 0), (120_001, 1)])
async def test_more_than_two_minutes_without_a_ticker_are_a_gap(
    lasted_ms: int, gaps: int, clock: MockClock
):
    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(BEFORE_MS + lasted_ms, 100))
            await it.passes(1)
            await it.until(lambda: len(server.asked) == gaps)
    assert it.told.count(GapNoticed("BTCUSDT")) == len(server.asked) == gaps


async def test_what_was_never_seen_before_has_no_gap(clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(AFTER_MS, 100))
            await it.passes(5)
    assert (it.told, server.asked) == ([], [])


# What is found.


async def test_only_the_klines_of_the_gap_are_asked_for(clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            await it.found()
    assert asked(server) == ["symbol=BTCUSDT&interval=1m&limit=13"]


async def test_levels_that_the_price_touched_meanwhile_are_told(clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    (owner,) = (task.rule for task in it.engine._symbols["BTCUSDT"].program.tasks)
    extreme = Extreme(110, START_MS + 95 * MINUTE_MS)
    touched = Touched(owner, "BTCUSDT", 105, extreme, upwards=True)
    assert it.told == [GapNoticed("BTCUSDT"), found]
    assert found == GapsLookedInto(("BTCUSDT",), (), (touched,), 630)


@pytest.mark.parametrize("minute", [90, 100])
async def test_what_may_have_been_before_or_after_it_is_not(minute: int, clock: MockClock):
    with rest_server(serving(rows(88, 100, row(minute, 100, 110, 90, 100)))) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS + 1, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found == GapsLookedInto(("BTCUSDT",), (), (), 629.999)


async def test_a_rule_that_is_silenced_there_is_not_told_of(clock: MockClock):
    def silenced(owner: Rule, symbol: str) -> bool:
        return (owner.name, symbol) == ("above", "BTCUSDT")

    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE, silenced=silenced) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found.touched == ()


@pytest.mark.parametrize(("first", "last"), [(95, 100), (88, 95)])
async def test_klines_of_a_part_of_it_leave_it_unknown_but_for_what_they_tell(
    first: int, last: int, clock: MockClock
):
    with rest_server(serving(rows(first, last, row(95, 100, 110, 90, 100)))) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert (found.known, found.unknown, len(found.touched)) == ((), ("BTCUSDT",), 1)


async def test_where_klines_have_nothing_to_tell_nobody_is_asked_and_all_is_known(
    clock: MockClock,
):
    with rest_server(WICK) as server:
        async with world(server, clock, check_of("volume", "above", 5)) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found == GapsLookedInto(("BTCUSDT",), (), (), 630)
    assert server.asked == []


# What is filled.


async def test_a_rise_since_what_nobody_saw_is_told_at_the_next_ticker(clock: MockClock):
    with rest_server(serving(rows(88, 100, row(95, 101, 101, 99, 101), price=101))) as server:
        async with world(server, clock, RISES) as it:
            assert it.sees(tick(BEFORE_MS, 101)) == []
            assert it.sees(tick(AFTER_MS, 102)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 102)) == ["rises"]
            assert it.sees(tick(AFTER_MS + 4000, 103)) == []


async def test_a_rise_that_is_told_of_is_not_told_again(clock: MockClock):
    with rest_server(serving(rows(price=104))) as server:
        async with world(server, clock, RISES) as it:
            it.sees(tick(BEFORE_MS - 2000, 100))
            assert it.sees(tick(BEFORE_MS, 104)) == ["rises"]
            assert it.sees(tick(AFTER_MS, 104)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 104)) == []


@pytest.mark.parametrize(("was", "told"), [(105, []), (100.5, ["new_high"])])
async def test_a_new_high_after_a_gap_is_one_over_what_nobody_saw(
    was: float, told: list[str], clock: MockClock
):
    with rest_server(serving(rows(88, 100, row(98, 100, was, 100, 100)))) as server:
        async with world(server, clock, HIGH) as it:
            it.sees(tick(BEFORE_MS - 1000_000, 100))
            it.sees(tick(BEFORE_MS, 100))
            assert it.sees(tick(AFTER_MS, 100)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 101)) == told


async def test_klines_never_take_the_place_of_what_was_seen(clock: MockClock):
    with rest_server(serving(rows(first=30, price=101))) as server:
        async with world(server, clock, RISES) as it:
            it.sees(tick(BEFORE_MS - 1000, 103))
            it.sees(tick(BEFORE_MS, 103))
            it.sees(tick(AFTER_MS, 103))
            await it.found()
            # Of the minute of the last ticker before, what came after it counts.
            assert it.sees(tick(AFTER_MS + 2000, 104)) == []
            assert it.sees(tick(AFTER_MS + 4000, 104.03)) == ["rises"]


async def test_pictures_are_filled_too(clock: MockClock):
    prices = Prices()
    prices.watch({"BTCUSDT": 30 * MINUTE_MS})
    with rest_server(WICK) as server:
        async with world(server, clock, check_of("volume", "above", 5), prices=prices) as it:
            for ticker in (tick(BEFORE_MS, 100), tick(AFTER_MS, 101)):
                prices.take(ticker)
                it.sees(ticker)
            await it.found()
    path = prices.path("BTCUSDT", 11 * MINUTE_MS)
    assert path is not None
    assert list(path.highs) == [100, 100, 100, 100, 100, 110, 100, 100, 100, 100, 101]


async def test_klines_are_not_for_the_market_that_began_meanwhile(clock: MockClock):
    with rest_server(serving(rows(price=50))) as server:
        async with world(server, clock, RISES, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 100))
            it.engine.update(tick(1_000_000, 100))
            found = await it.found()
            assert found == GapsLookedInto((), ("BTCUSDT",), (), 630)
            assert it.sees(tick(1_002_000, 102)) == []


async def test_two_gaps_of_a_symbol_are_two(clock: MockClock):
    wicks = rows(80, 100, row(85, 100, 110, 90, 100), row(95, 100, 107, 95, 100))
    with rest_server(serving(wicks)) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS - 600_000, 100))
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert {it.extreme.price for it in found.touched} == {110, 107}


# What it costs.


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


@pytest.mark.parametrize(("minutes", "requests", "weight"), [(10, 573, 573), (600, 1146, 1146)])
async def test_the_whole_market_back_at_once_stays_within_half_of_the_weight_of_a_minute(
    minutes: int, requests: int, weight: int, clock: MockClock
):
    symbols, market = names(573), Market()
    async with market.serving() as server, world(server, clock, ABOVE, symbols=symbols) as it:
        for at_ms in (AFTER_MS - minutes * MINUTE_MS, AFTER_MS):
            for symbol in symbols:
                it.sees(tick(at_ms, 100, symbol=symbol))
        found = await it.found()
    assert (len(found.known), found.unknown) == (573, ())
    assert len(market.asked) == requests
    assert sum(USDM.kline_weight(count) for _, count in market.asked) == weight <= 2400 / 2


async def test_what_weighs_too_much_for_this_minute_is_asked_for_in_the_next(
    clock: MockClock, caplog: pytest.LogCaptureFixture
):
    symbols, next_minute = names(100), threading.Event()

    def used(exchange: Exchange) -> None:
        weight = "1" if next_minute.is_set() else "1200"
        answers(body(rows()), headers={"X-MBX-USED-WEIGHT-1M": weight})(exchange)

    with rest_server(used) as server:
        async with world(server, clock, ABOVE, symbols=symbols) as it:
            for at_ms in (BEFORE_MS, AFTER_MS):
                for symbol in symbols:
                    it.sees(tick(at_ms, 100, symbol=symbol))
            first = await it.found()
            asked_first = len(server.asked)
            next_minute.set()
            await it.passes(59)
            assert len(server.asked) == asked_first <= 8
            await it.passes(1)
            await it.passes(1)
            await it.until(lambda: it.told[-1] is not first)
            rest = it.told[-1]
    assert isinstance(rest, GapsLookedInto)
    assert sorted((*first.known, *rest.known)) == sorted(symbols)
    assert "this address has asked the exchange for half of what it may" in caplog.text


async def test_the_longest_windows_come_first(clock: MockClock):
    symbols, market = names(99), Market()
    async with market.serving() as server, world(server, clock, ABOVE, symbols=symbols) as it:
        lengths_s = {"S97USDT": 60, "S98USDT": 7200}
        windows = {
            symbol: [rule(check_of("close", "rises", "3%", within_s=length_s))]
            for symbol, length_s in lengths_s.items()
        }
        it.engine.watch({symbol: [rule(ABOVE)] for symbol in symbols[:97]} | windows)
        for at_ms in (BEFORE_MS, AFTER_MS):
            for symbol in symbols:
                it.sees(tick(at_ms, 100, symbol=symbol))
        await it.found()
    # Eight are asked for at once.
    assert {"S97USDT", "S98USDT"} <= {symbol for symbol, _ in market.asked[:16]}


async def test_an_exchange_that_wants_to_be_left_alone_is(
    clock: MockClock, caplog: pytest.LogCaptureFixture
):
    ban = answers(status=429, headers={"Retry-After": "300"})
    with rest_server(ban, WICK) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 100))
            await it.passes(1)
            await it.until(lambda: "HTTP 429" in caplog.text)
            await it.passes(290)
            # What is noticed meanwhile waits as well.
            it.sees(tick(AFTER_MS + 130_000, 100))
            await it.passes(9)
            assert len(server.asked) == 1
            await it.passes(1)
            await it.passes(1)
            await it.until(lambda: isinstance(it.told[-1], GapsLookedInto))
    assert len(server.asked) == 3


async def test_what_does_not_come_for_ten_minutes_is_given_up(
    clock: MockClock, caplog: pytest.LogCaptureFixture
):
    with rest_server(cuts) as server:
        async with world(server, clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            # The day's high is another: that much is known.
            it.sees(msgspec.structs.replace(tick(AFTER_MS, 100), high=1001.0))
            await it.passes(1)
            for tried in range(1, 11):
                await it.until(lambda: len(caplog.messages) == tried)  # noqa: B023 - at once
                assert it.told == [GapNoticed("BTCUSDT")]
                await it.passes(60)
                await it.passes(1)
            await it.until(lambda: isinstance(it.told[-1], GapsLookedInto))
    (found,) = it.told[1:]
    assert isinstance(found, GapsLookedInto)
    assert (found.known, found.unknown) == ((), ("BTCUSDT",))
    assert [it.extreme for it in found.touched] == [Extreme(1001.0)]
    assert caplog.messages[0].startswith("gaps of 1 symbol, 10m 30s at most: 0 filled from klines")


async def test_what_came_of_it_is_told_in_a_line(
    clock: MockClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "alertd.aftermath")
    with rest_server(WICK) as server:
        async with world(server, clock, ABOVE, symbols=names(20)) as it:
            for at_ms in (BEFORE_MS, AFTER_MS):
                for symbol in names(20):
                    it.sees(tick(at_ms, 100, symbol=symbol))
            await it.found()
    (line,) = caplog.messages
    assert line == "gaps of 20 symbols, 10m 30s at most, filled from klines in 0.0 s"
