"""One connection takes over from another: nothing is lost, nothing is doubled, nothing unsaid.

The clock is virtual and jumps once nothing has happened for 5 ms; the sockets are real.
"""

from functools import partial
from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock

from alertd.market.feed.events import Disconnected, LateTicker, Quiet, Renewed, Streaming
from alertd.market.feed.feed import Shape
from tests.market.feed.broadcaster import Broadcaster, keeps_deaf, rejects, takes
from tests.market.feed.servers import wire
from tests.market.feed.sessions import now_ms
from tests.market.feed.watched_feed import WatchedFeed, watched_feed

DAY_S = 24 * 3600.0
BTC, ETH, SOL = "BTCUSDT", "ETHUSDT", "SOLUSDT"


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.005)


def check_that_nothing_is_lost(watched: WatchedFeed) -> None:
    assert sorted(watched.seen) == sorted(watched.exchange.sent)
    by_symbol: dict[str, list[int]] = {}
    for symbol, time_ms in watched.seen:
        by_symbol.setdefault(symbol, []).append(time_ms)
    assert all(times == sorted(times) for times in by_symbol.values())


@pytest.mark.parametrize("shape", [Shape.PER_SYMBOL, Shape.SHARED])
async def test_nothing_is_lost_over_the_cut_after_a_day(
    shape: Shape, clock: MockClock, nursery: trio.Nursery
):
    symbols = [f"S{number}USDT" for number in range(10)]
    exchange = Broadcaster(lifetime_s=DAY_S)
    async with watched_feed(exchange, *symbols, shape=shape, stale_after_s=7200) as watched:
        nursery.start_soon(partial(exchange.trade, *symbols, every_s=1200))
        await trio.sleep(2.5 * DAY_S)
        nursery.cancel_scope.cancel()
    check_that_nothing_is_lost(watched)
    assert not watched.of(Disconnected)
    assert watched.of(Renewed)


async def test_successors_open_spread_over_the_last_hours_of_the_day(
    clock: MockClock, nursery: trio.Nursery
):
    symbols = [f"S{number}USDT" for number in range(20)]
    exchange = Broadcaster(lifetime_s=DAY_S)
    draws = iter([number / 20 for number in range(1000)])
    settings = {"stale_after_s": 7200, "draw": lambda: next(draws)}
    async with watched_feed(exchange, *symbols, **settings):  # type: ignore[arg-type]
        nursery.start_soon(partial(exchange.trade, *symbols, every_s=1200))
        await trio.sleep(DAY_S)
        nursery.cancel_scope.cancel()
    successors = exchange.attempts[20:]
    assert len(successors) == 20
    assert min(successors) == pytest.approx(0.90 * DAY_S, abs=60)
    assert max(successors) == pytest.approx(0.976 * DAY_S, abs=60)
    apart = [later - earlier for earlier, later in pairwise(successors)]
    assert min(apart) > 300


async def test_what_two_connections_bring_is_taken_once_and_counted(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, lifetime_s=200) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Renewed, 2)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    check_that_nothing_is_lost(watched)
    # One beat with the successor's first ticker, and those of the five seconds after it.
    assert 4 <= len(watched.of(LateTicker)) <= 8


async def test_a_ticker_that_comes_on_the_old_connection_after_the_new_one_s_first_is_taken(
    clock: MockClock,
):
    exchange = Broadcaster()
    settings = {
        "shape": Shape.SHARED,
        "lifetime_s": 200,
        "stale_after_s": 7200,
        "draw": lambda: 0.0,
    }
    async with watched_feed(exchange, BTC, ETH, **settings) as watched:  # type: ignore[arg-type]
        await exchange.attempted(1)
        await trio.sleep(1)
        await exchange.send([BTC, ETH])
        await exchange.attempted(2)
        await trio.sleep(1)
        old, new = exchange.clients
        late = now_ms()
        await exchange.send_on(new, ETH, wire(late + 1, symbol=ETH))
        await watched.until(Renewed)
        await trio.sleep(0.5)
        await exchange.send_on(old, BTC, wire(late, symbol=BTC))
        await trio.sleep(0.5)
    assert (BTC, late) in watched.seen


async def test_a_successor_that_is_refused_is_tried_again_while_the_old_connection_goes_on(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster(lifetime_s=200)
    async with watched_feed(exchange, BTC, lifetime_s=200) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Streaming)
        exchange.treatments += [rejects] * 3
        await watched.until(Renewed)
        await trio.sleep(60)
        nursery.cancel_scope.cancel()
    assert len(exchange.attempts) == 5
    check_that_nothing_is_lost(watched)
    assert not watched.of(Disconnected)


async def test_a_deaf_successor_makes_nobody_quiet_and_is_replaced(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, lifetime_s=200) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Streaming)
        exchange.treatments.append(keeps_deaf)
        await watched.until(Renewed)
        await trio.sleep(10)
        nursery.cancel_scope.cancel()
    assert len(exchange.attempts) == 3
    check_that_nothing_is_lost(watched)
    assert not watched.of(Quiet)
    assert not watched.of(Disconnected)


async def test_a_successor_that_ends_at_once_leaves_the_old_connection_in_charge(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, lifetime_s=200) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Renewed)
        exchange.cut(exchange.clients[1])
        await trio.sleep(100)
        nursery.cancel_scope.cancel()
    check_that_nothing_is_lost(watched)
    assert not watched.of(Disconnected)
    assert watched.tally.streaming == {BTC}


async def test_a_loss_while_the_successor_opens_is_said_at_once(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, lifetime_s=200, draw=lambda: 0.0) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Streaming)
        exchange.treatments.append(takes(8))
        await trio.sleep_until(182)
        exchange.cut(exchange.clients[0])
        await watched.until(Disconnected)
        lost_at, lost = trio.current_time(), set(watched.tally.streaming)
        await watched.until(Streaming, 2)
        back_at, back = trio.current_time(), set(watched.tally.streaming)
        nursery.cancel_scope.cancel()
    assert lost_at == pytest.approx(182, abs=0.1)
    assert (lost, back) == (set(), {BTC})
    assert back_at == pytest.approx(188, abs=2.1)
    assert [event.fault.reason for event in watched.of(Disconnected)] == ["the connection was lost"]


async def test_a_loss_while_the_successor_is_waited_for_is_said_at_once(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, lifetime_s=200, draw=lambda: 0.5) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Streaming)
        exchange.treatments += [rejects] * 6
        await exchange.attempted(7)
        await trio.sleep(1)  # it is in the back-off of 16 s now
        exchange.cut(exchange.clients[0])
        await watched.until(Disconnected)
        lost = set(watched.tally.streaming)
        await watched.until(Streaming, 2)
        nursery.cancel_scope.cancel()
    assert lost == set()
    assert watched.tally.streaming == {BTC}
    (loss,) = watched.of(Disconnected)
    assert loss.fault.reason == "the connection was lost"
    assert loss.retry_in_s == pytest.approx(15, abs=0.5)


async def test_symbols_join_a_shared_connection_without_a_gap_for_the_others(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, ETH, shape=Shape.SHARED) as watched:
        nursery.start_soon(exchange.trade, BTC, ETH, SOL)
        await watched.until(Streaming, 2)
        await trio.sleep(30)
        watched.feed.watch([BTC, ETH, SOL])
        await watched.until(Streaming, 3)
        await trio.sleep(30)
        nursery.cancel_scope.cancel()
    assert len(exchange.attempts) == 2
    assert watched.tally.streaming == {BTC, ETH, SOL}
    assert not watched.of(Disconnected)
    check_that_nothing_is_lost(watched)


@pytest.mark.parametrize("shape", [Shape.PER_SYMBOL, Shape.SHARED])
async def test_symbols_leave_without_a_word_about_the_others(
    shape: Shape, clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, ETH, shape=shape) as watched:
        nursery.start_soon(exchange.trade, BTC, ETH)
        await watched.until(Streaming, 2)
        await trio.sleep(30)
        events, seen = len(watched.events), len(watched.seen)
        watched.feed.watch([BTC])
        await trio.sleep(30)
        nursery.cancel_scope.cancel()
    assert {symbol for symbol, _ in watched.seen[seen:]} == {BTC}
    assert watched.events[events:] == []
    assert len(exchange.attempts) == (1 if shape is Shape.SHARED else 2)


async def test_a_symbol_that_left_a_shared_connection_may_come_back(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC, ETH, shape=Shape.SHARED) as watched:
        nursery.start_soon(exchange.trade, BTC, ETH)
        await watched.until(Streaming, 2)
        watched.feed.watch([BTC])
        await trio.sleep(10)
        watched.feed.watch([BTC, ETH])
        await watched.until(Streaming, 3)
        nursery.cancel_scope.cancel()
    assert watched.events[-1] == Streaming(ETH)


FAREWELL = '{"e":"serverShutdown","E":1}'


async def test_a_farewell_has_a_successor_opened_before_the_end(
    clock: MockClock, nursery: trio.Nursery
):
    exchange = Broadcaster()
    async with watched_feed(exchange, BTC) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await watched.until(Streaming)
        await trio.sleep(100)
        old = exchange.clients[0]
        await old.connection.send_message(FAREWELL)
        await watched.until(Renewed)
        exchange.cut(old)
        await trio.sleep(30)
        nursery.cancel_scope.cancel()
    check_that_nothing_is_lost(watched)
    assert not watched.of(Disconnected)


async def test_farewells_on_every_connection_make_no_storm(clock: MockClock, nursery: trio.Nursery):
    exchange = Broadcaster(greeting=FAREWELL)
    async with watched_feed(exchange, BTC) as watched:
        nursery.start_soon(exchange.trade, BTC)
        await trio.sleep(200)
        nursery.cancel_scope.cancel()
    check_that_nothing_is_lost(watched)
    assert len(exchange.attempts) <= 8
