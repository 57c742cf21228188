import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing
from trio.testing import MockClock
from trio_websocket import ConnectionRejected

from alertd.market.local.exchange import LocalExchange
from alertd.market.past.klines import DAY_MS
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.tape import Tape
from tests.market.local.exchange_users import (
    Venue,
    ask,
    is_silent,
    open_exchange,
    receive_until_closed,
)
from tests.market.past.kline_rows import DAY_MINUTES, MINUTE_MS, START_MS, flat, series_of

BTC_PATH = "/market/ws/btcusdt@miniTicker"


@pytest.fixture
async def venue() -> AsyncIterator[Venue]:
    async with open_exchange() as venue:
        yield venue


def tape(*symbols: str, minutes: int = 3) -> Tape:
    klines = flat(range(DAY_MINUTES + minutes - 1))
    return Tape(tuple(series_of(symbol, klines) for symbol in symbols), path=KlinePath.CLOSE)


def frames(market: Tape, symbol: str) -> list[str]:
    return [ticker.frame() for ticker in market if ticker.symbol == symbol]


async def play_to_the_end(venue: Venue, market: Tape, speed: float | None = None) -> None:
    await venue.exchange.play(market, speed=speed)
    await venue.exchange.close()


async def test_a_symbol_of_its_own_connection_gets_its_bare_frames(venue: Venue) -> None:
    market = tape("BTCUSDT", "ETHUSDT")
    async with venue.subscribed("BTCUSDT") as client, trio.open_nursery() as nursery:
        nursery.start_soon(play_to_the_end, venue, market)
        assert await receive_until_closed(client) == (frames(market, "BTCUSDT"), 1001)


async def test_a_combined_connection_gets_wrapped_frames_in_the_order_of_events(
    venue: Venue,
) -> None:
    market = tape("BTCUSDT", "ETHUSDT")
    async with venue.subscribed("BTCUSDT", "ETHUSDT") as client, trio.open_nursery() as nursery:
        nursery.start_soon(play_to_the_end, venue, market)
        received, _ = await receive_until_closed(client)
    assert received == [
        f'{{"stream":"{ticker.symbol.lower()}@miniTicker","data":{ticker.frame()}}}'
        for ticker in market
    ]


async def test_every_subscriber_gets_everything(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as one, venue.subscribed("BTCUSDT") as other:
        await venue.exchange.publish("BTCUSDT", "frame")
        assert [await one.get_message(), await other.get_message()] == ["frame", "frame"]
        assert venue.exchange.sent == 2


async def test_a_symbol_that_is_not_ascii_is_served(venue: Venue) -> None:
    async with venue.subscribed("币安人生USDT") as client:
        await venue.exchange.publish("币安人生USDT", "frame")
        assert await client.get_message() == "frame"


async def test_subscribing_by_a_text_frame_starts_the_stream(venue: Venue) -> None:
    async with venue.connected("/market/ws") as client:
        assert await ask(client, "SUBSCRIBE", "btcusdt@miniTicker") == {"result": None, "id": 1}
        await venue.exchange.subscribed_to(["BTCUSDT"])
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_unsubscribing_by_a_text_frame_stops_the_stream(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        assert await ask(client, "UNSUBSCRIBE", "btcusdt@miniTicker") == {"result": None, "id": 1}
        assert await ask(client, "LIST_SUBSCRIPTIONS") == {"result": [], "id": 1}
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await is_silent(client)


@pytest.mark.parametrize(
    "target",
    [
        "/market/ws/BTCUSDT@miniTicker",
        "/market/ws/nosuchusdt@miniTicker",
        "/market/stream?streams=BTCUSDT@miniTicker",
        "/ws/btcusdt@miniTicker",
        "/stream?streams=btcusdt@miniTicker",
    ],
)
async def test_what_the_exchange_leaves_silent_connects_and_stays_silent(
    venue: Venue, target: str
) -> None:
    async with venue.connected(target) as client:
        assert len((await ask(client, "LIST_SUBSCRIPTIONS"))["result"]) == 1
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await is_silent(client)


async def test_on_the_old_route_a_subscription_is_acknowledged_and_silent(venue: Venue) -> None:
    async with venue.connected("/ws") as client:
        assert await ask(client, "SUBSCRIBE", "btcusdt@miniTicker") == {"result": None, "id": 1}
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await is_silent(client)


async def test_another_path_is_refused_at_the_handshake(venue: Venue) -> None:
    not_found = pytest.RaisesExc(ConnectionRejected, check=lambda error: error.status_code == 404)
    with pytest.RaisesGroup(not_found):
        async with venue.connected("/public/ws/btcusdt@miniTicker"):
            pytest.fail("it was let in")


async def test_a_binary_frame_is_refused_with_1008(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        await client.send_message(b"\x01")
        assert await receive_until_closed(client) == ([], 1008)


async def test_a_ping_is_answered(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        with trio.fail_after(5):
            await client.ping()
        assert client.closed is None


@asynccontextmanager
async def mute_client(venue: Venue, target: str) -> AsyncIterator[trio.SocketStream]:
    """Shake hands and no more: nothing that comes afterwards is read, let alone answered."""
    async with await trio.open_tcp_stream("127.0.0.1", venue.port) as stream:
        await stream.send_all(
            f"GET {target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        response = b""
        while not response.endswith(b"\r\n\r\n"):
            response += await stream.receive_some(1)
        yield stream


async def test_the_server_pings_every_three_minutes(autojump_clock: MockClock) -> None:
    began = autojump_clock.current_time()
    times = []
    async with open_exchange() as venue, mute_client(venue, BTC_PATH) as stream:
        for _ in range(3):
            opcode, size = await stream.receive_some(2)
            assert opcode == 0x89  # a ping, in one frame
            await stream.receive_some(size)
            times.append(round(trio.current_time() - began))
    assert times == [180, 360, 540]


async def test_who_answers_no_ping_for_ten_minutes_is_closed_with_1008(
    autojump_clock: MockClock,
) -> None:
    received = b""
    async with open_exchange() as venue, mute_client(venue, BTC_PATH) as stream:
        began = autojump_clock.current_time()
        while b"Pong timeout" not in received:
            received += await stream.receive_some()
        assert received.endswith(b"\x88\x0e\x03\xf0Pong timeout")
        assert round(trio.current_time() - began) == 180 + 600


async def test_who_answers_pings_stays_connected(autojump_clock: MockClock) -> None:
    async with open_exchange() as venue, venue.subscribed("BTCUSDT") as client:
        began = autojump_clock.current_time()
        await trio.sleep(20 * 180 + 90)
        assert autojump_clock.current_time() - began >= 3600
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_a_slow_subscriber_slows_the_market_and_loses_nothing(venue: Venue) -> None:
    market = tape("BTCUSDT", minutes=400)
    padding = " " * 50_000  # 20 MB in all: far more than the sockets hold

    async def publish_all() -> None:
        for ticker in market:
            await venue.exchange.publish("BTCUSDT", ticker.frame() + padding)

    async with venue.subscribed("BTCUSDT") as client, trio.open_nursery() as nursery:
        nursery.start_soon(publish_all)
        await trio.testing.wait_all_tasks_blocked(0.05)
        assert venue.exchange.sent < 400
        received = [str(await client.get_message()).rstrip() for _ in range(400)]
    assert received == frames(market, "BTCUSDT")


async def test_a_subscriber_that_hangs_is_cut_off_so_that_others_go_on(
    autojump_clock: MockClock,
) -> None:
    big = "x" * 1_000_000
    async with open_exchange(patience_s=7) as venue, mute_client(venue, BTC_PATH) as hung:
        await venue.exchange.subscribed_to(["BTCUSDT"])
        began = autojump_clock.current_time()
        for _ in range(30):
            await venue.exchange.publish("BTCUSDT", big)
        assert round(trio.current_time() - began) == 7
        async with venue.subscribed("BTCUSDT") as client:
            await venue.exchange.publish("BTCUSDT", "frame")
            assert await client.get_message() == "frame"
        await hung.aclose()


async def test_a_subscriber_that_vanishes_does_not_touch_another(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        async with mute_client(venue, BTC_PATH) as vanishing:
            reset_on_close = struct.pack("ii", 1, 0)
            vanishing.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_on_close)
        for text in ("one", "two", "three"):
            await venue.exchange.publish("BTCUSDT", text)
        assert [await client.get_message() for _ in range(3)] == ["one", "two", "three"]


@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x00\xff\r\n\r\n", b""],
    ids=["plain HTTP", "TLS", "nothing"],
)
async def test_what_is_no_websocket_does_not_touch_another(venue: Venue, garbage: bytes) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        async with await trio.open_tcp_stream("127.0.0.1", venue.port) as stream:
            await stream.send_all(garbage)
            await trio.testing.wait_all_tasks_blocked(0.02)
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_who_never_shakes_hands_is_let_go(autojump_clock: MockClock) -> None:
    began = autojump_clock.current_time()
    async with (
        open_exchange() as venue,
        await trio.open_tcp_stream("127.0.0.1", venue.port) as stream,
    ):
        assert await stream.receive_some() == b""
    assert round(trio.current_time() - began) == 10


async def test_a_frame_that_is_broken_ends_its_own_connection_only(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client, mute_client(venue, BTC_PATH) as broken:
        await broken.send_all(b"\xff" * 20)
        while await broken.receive_some():
            pass
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_a_ping_during_the_closing_handshake_does_not_touch_another(venue: Venue) -> None:
    masked_ping, binary = b"\x89\x80\x00\x00\x00\x00", b"\x82\x80\x00\x00\x00\x00"
    async with venue.subscribed("BTCUSDT") as client, mute_client(venue, BTC_PATH) as closing:
        await closing.send_all(binary)
        assert (await closing.receive_some())[:1] == b"\x88"
        await closing.send_all(masked_ping)
        assert await closing.receive_some() == b""
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_cutting_off_ends_connections_without_a_closing_frame(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as cut, venue.subscribed("ETHUSDT") as spared:
        venue.exchange.cut_off(["BTCUSDT"])
        assert await receive_until_closed(cut) == ([], 1006)
        await venue.exchange.publish("ETHUSDT", "frame")
        assert await spared.get_message() == "frame"


async def test_everybody_can_be_cut_off_at_once(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as one, venue.connected("/ws/x") as other:
        assert await ask(other, "LIST_SUBSCRIPTIONS")
        venue.exchange.cut_off()
        assert (await receive_until_closed(one), await receive_until_closed(other)) == (
            ([], 1006),
            ([], 1006),
        )


async def test_who_was_cut_off_can_come_back(venue: Venue) -> None:
    async with venue.subscribed("BTCUSDT") as client:
        venue.exchange.cut_off()
        await receive_until_closed(client)
    async with venue.subscribed("BTCUSDT") as client:
        await venue.exchange.publish("BTCUSDT", "frame")
        assert await client.get_message() == "frame"


async def test_the_market_goes_at_the_speed_asked_for(autojump_clock: MockClock) -> None:
    async with open_exchange() as venue:
        began = autojump_clock.current_time()
        await venue.exchange.play(tape("BTCUSDT", minutes=31), speed=60)
        assert trio.current_time() - began == pytest.approx(30)


async def test_without_a_speed_the_market_takes_no_time(autojump_clock: MockClock) -> None:
    async with open_exchange() as venue:
        began = autojump_clock.current_time()
        await venue.exchange.play(tape("BTCUSDT", minutes=31))
        assert trio.current_time() == began


async def test_the_clock_of_the_market_is_the_event_time_of_its_newest_ticker(
    venue: Venue,
) -> None:
    await venue.exchange.play(tape("BTCUSDT", minutes=3))
    assert venue.exchange.time_ms == START_MS + DAY_MS + 2 * MINUTE_MS - 1


async def test_it_has_settled_when_nobody_has_come_for_a_second(
    autojump_clock: MockClock,
) -> None:
    async with open_exchange() as venue, trio.open_nursery() as nursery:
        began = autojump_clock.current_time()
        settled_after: list[float] = []

        async def wait() -> None:
            await venue.exchange.settled(["BTCUSDT", "ETHUSDT"])
            settled_after.append(trio.current_time() - began)

        nursery.start_soon(wait)
        await trio.sleep(100)
        async with venue.subscribed("BTCUSDT"):
            await trio.sleep(0.9)
            async with venue.subscribed("ETHUSDT"):
                await trio.sleep(2)
        assert settled_after == [pytest.approx(101.9)]


async def test_a_port_that_is_taken_is_an_error_of_its_own(venue: Venue) -> None:
    with pytest.raises(OSError, match="Address already in use"):
        await LocalExchange().serve(venue.port)


async def test_closing_ends_connections_on_the_old_route_too(venue: Venue) -> None:
    async with venue.connected("/ws/btcusdt@miniTicker") as client:
        assert await ask(client, "LIST_SUBSCRIPTIONS")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(venue.exchange.close)
            assert await receive_until_closed(client) == ([], 1001)
