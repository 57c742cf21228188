"""Ways in which a feed could be blind and not know it: one after another, tried."""

import itertools

import pytest
import trio
from trio.testing import MockClock
from trio_websocket import WebSocketConnection, WebSocketRequest

from alertd.market.feed.events import Disconnected, Quiet, Renewed, Streaming, TurnedBack
from alertd.market.feed.faults import Cause
from alertd.market.feed.feed import Shape
from tests.market.feed.broadcaster import Broadcaster, Treatment, keeps_deaf, welcomes
from tests.market.feed.servers import wire
from tests.market.feed.sessions import now_ms
from tests.market.feed.watched_feed import watched_feed


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.005)


def half() -> float:
    return 0.5


def out_until(end_s: float, then: Treatment) -> Treatment:
    """Refuse connections until a time, and then treat them."""

    async def treatment(request: WebSocketRequest) -> WebSocketConnection | None:
        if trio.current_time() < end_s:
            await request.reject(503)
            return None
        return await then(request)

    return treatment


async def test_a_deaf_connection_after_an_outage_is_not_waited_for_as_long_as_the_outage_was(
    clock: MockClock,
):
    exchange = Broadcaster()
    first = [keeps_deaf]

    async def deaf_once(request: WebSocketRequest) -> WebSocketConnection | None:
        return await (first.pop() if first else welcomes)(request)

    exchange.treatments = [out_until(600, deaf_once)] * 200
    async with watched_feed(exchange, "BTCUSDT", draw=half) as watched, trio.open_nursery() as n:
        n.start_soon(exchange.trade, "BTCUSDT")
        await watched.until(Streaming)
        assert trio.current_time() == pytest.approx(600 + 30 + 60, abs=35)
        n.cancel_scope.cancel()


async def test_a_connection_that_goes_deaf_for_most_of_its_symbols_is_replaced(clock: MockClock):
    symbols = [f"S{number}USDT" for number in range(20)]
    exchange = Broadcaster()
    async with (
        watched_feed(exchange, *symbols, shape=Shape.SHARED, draw=half) as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, symbols[0])
        for _ in range(50):
            await exchange.send(symbols[1:])
            await trio.sleep(2)
        assert len(watched.tally.streaming) == 20
        await watched.until(Renewed)  # all but the first are silent now
        assert {symbol for event in watched.of(Quiet) for symbol in event.symbols} >= set(
            symbols[1:6]
        )
        assert len(watched.tally.streaming) < 20
        assert not watched.of(Disconnected)
        nursery.cancel_scope.cancel()


async def test_a_few_quiet_symbols_do_not_cost_the_others_their_connection(clock: MockClock):
    symbols = [f"S{number}USDT" for number in range(20)]
    exchange = Broadcaster()
    async with (
        watched_feed(exchange, *symbols, shape=Shape.SHARED) as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, *symbols[2:])
        for _ in range(50):
            await exchange.send(symbols[:2])
            await trio.sleep(2)
        await trio.sleep(600)
        assert watched.tally.streaming == set(symbols[2:])
        assert not watched.of(Renewed)
        nursery.cancel_scope.cancel()


async def test_a_shared_connection_that_stalls_is_given_up_after_stale_after(clock: MockClock):
    symbols = [f"S{number}USDT" for number in range(20)]
    exchange = Broadcaster()
    async with watched_feed(exchange, *symbols, shape=Shape.SHARED, draw=half) as watched:
        for _ in range(20):
            await exchange.send(symbols)
            await trio.sleep(2)
        stalled_at = trio.current_time() - 2
        await watched.until(Disconnected)
        (lost,) = watched.of(Disconnected)
        assert lost.fault.cause is Cause.STALLED
        assert trio.current_time() - stalled_at == pytest.approx(30, abs=2)


async def test_a_deaf_successor_does_not_take_over_from_a_connection_that_streams(
    clock: MockClock,
):
    exchange = Broadcaster(treatments=[welcomes, keeps_deaf])
    async with (
        watched_feed(exchange, "BTCUSDT", lifetime_s=1000, draw=half) as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, "BTCUSDT")
        await watched.until(Renewed)
        # Not by the deaf one, opened at 940 s, but by the third, once that was given up.
        assert trio.current_time() > 940 + 25
        assert len(exchange.attempts) == 3
        nursery.cancel_scope.cancel()


async def test_a_time_that_is_a_few_minutes_ahead_blinds_for_no_more_than_moments(
    clock: MockClock,
):
    exchange = Broadcaster()
    async with (
        watched_feed(exchange, "BTCUSDT") as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, "BTCUSDT")
        await trio.sleep(100.5)
        await exchange.send_on(exchange.clients[0], "BTCUSDT", wire(now_ms() + 540_000))
        await watched.until(TurnedBack)
        assert trio.current_time() < 100.5 + 6
        nursery.cancel_scope.cancel()


async def test_symbols_beyond_the_limit_come_over_shared_connections_whenever_they_come(
    clock: MockClock,
):
    symbols = ["BTCUSDT", *(f"S{number}USDT" for number in range(300))]
    exchange = Broadcaster()
    async with (
        watched_feed(exchange, "BTCUSDT") as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, *symbols)
        await watched.until(Streaming)
        watched.feed.watch(symbols)
        await watched.until(Streaming, 301)
        await trio.sleep(120)
        assert len(exchange.clients) == 2
        times = [time_ms for symbol, time_ms in watched.seen if symbol == "BTCUSDT"]
        gaps = {after - before for before, after in itertools.pairwise(times)}
        assert max(gaps) <= 4000
        nursery.cancel_scope.cancel()


async def test_a_frame_nested_without_end_is_one_bad_frame(clock: MockClock):
    exchange = Broadcaster()
    async with (
        watched_feed(exchange, "BTCUSDT") as watched,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(exchange.trade, "BTCUSDT")
        await watched.until(Streaming)
        await exchange.send_on(exchange.clients[0], "BTCUSDT", '{"x":' + "[" * 5000)
        seen = len(watched.seen)
        await trio.sleep(10)
        assert len(watched.seen) > seen
        assert watched.tally.bad_frames == 1
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("turns", range(1, 9))
async def test_a_symbol_may_be_dropped_at_any_moment_of_its_beginning(turns: int):
    async with watched_feed(Broadcaster(), "BTCUSDT") as watched:
        for _ in range(turns):
            await trio.lowlevel.checkpoint()
        if watched.feed._nursery is not None:
            watched.feed.watch([])
        for _ in range(20):
            await trio.lowlevel.checkpoint()
        assert not watched.events
