"""A link against real loopback servers: it goes on, whatever they do.

The clock is virtual and jumps once nothing has happened for 20 ms, so that no back-off is waited
out; the sockets are real.
"""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import attrs
import pytest
import trio
import trustme
from trio.testing import MockClock

from alertd.backoff import Backoff
from alertd.market.feed.events import BadFrame, Disconnected, FeedEvent, LateTicker, Streaming
from alertd.market.feed.habits import Habits
from alertd.market.feed.link import Link
from alertd.market.feed.pacer import Pacer
from alertd.market.feed.symbol import SymbolStream
from alertd.market.feed.websocket import Route
from alertd.market.ticker import Ticker, decode_ticker
from tests.market.feed.servers import (
    breaks_off,
    closes,
    sends,
    serve_rejections,
    serve_sessions,
    serve_silence,
    wire,
)


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.02)


Kind = TypeVar("Kind", bound=FeedEvent)


@attrs.define
class Seen:
    """What came out of a stream: tickers, and what it said of itself."""

    tickers: list[Ticker] = attrs.field(factory=list)
    events: list[FeedEvent] = attrs.field(factory=list)
    changed: trio.Event = attrs.field(factory=trio.Event)

    def take(self, ticker: Ticker) -> None:
        self.tickers.append(ticker)
        self._wake()

    def report(self, event: FeedEvent) -> None:
        self.events.append(event)
        self._wake()

    def _wake(self) -> None:
        self.changed.set()
        self.changed = trio.Event()

    @property
    def times(self) -> list[int]:
        return [ticker.time_ms for ticker in self.tickers]

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, *, tickers: int = 0, disconnections: int = 0) -> None:
        while len(self.tickers) < tickers or len(self.of(Disconnected)) < disconnections:
            await self.changed.wait()


@asynccontextmanager
async def streaming(
    url: str, *, on_ticker: Callable[[Ticker], None] | None = None, **habits: object
) -> AsyncIterator[Seen]:
    """Keep BTCUSDT connected to `url` for as long as the block lasts."""
    seen = Seen()
    usual = {
        "pacer": Pacer(interval_s=1, burst=1000),
        "report": seen.report,
        "explain_silence": lambda symbol: f"why is {symbol} silent?",
    }
    link = Link(
        [SymbolStream(symbol="BTCUSDT", on_ticker=on_ticker or seen.take, report=seen.report)],
        address=lambda _symbols: url,
        decode=decode_ticker,
        habits=Habits(**(usual | habits)),  # type: ignore[arg-type]
    )
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        yield seen
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def stream_of(*sessions: object, **settings: object) -> AsyncIterator[Seen]:
    """The same, from a server that gives each connection its session."""
    async with trio.open_nursery() as nursery:
        port = await nursery.start(partial(serve_sessions, *sessions))  # type: ignore[arg-type]
        async with streaming(f"ws://127.0.0.1:{port}/ws/btcusdt@miniTicker", **settings) as seen:  # type: ignore[arg-type]
            yield seen
        nursery.cancel_scope.cancel()


async def test_tickers_come_through_in_order():
    async with stream_of(sends(wire(1), wire(2), wire(3))) as seen:
        await seen.until(tickers=3)
    assert seen.times == [1, 2, 3]
    assert seen.events == [Streaming("BTCUSDT")]


BAD_FRAMES: list[str | bytes] = [
    "garbage",
    "",
    b"\x00\xff",
    "[]",
    '{"result": null, "id": 1}',
    wire(5, close="NaN"),
    wire(5, close="-1"),
    wire(5).replace('"v"', '"w"'),
    wire(5, symbol="ETHUSDT"),
    "x" * 500_000,
]


async def test_a_bad_frame_is_reported_and_skipped_and_the_connection_stays():
    async with stream_of(sends(wire(1), *BAD_FRAMES, wire(9))) as seen:
        await seen.until(tickers=2)
    assert seen.times == [1, 9]
    assert [event.count for event in seen.of(BadFrame)] == list(range(1, len(BAD_FRAMES) + 1))
    assert not seen.of(Disconnected)


async def test_what_is_said_of_a_huge_bad_frame_is_short():
    async with stream_of(sends("x" * 500_000, wire(1, symbol="Y" * 500_000), wire(1))) as seen:
        await seen.until(tickers=1)
    assert all(len(event.reason) < 200 for event in seen.of(BadFrame))


async def test_a_frame_too_large_to_be_read_costs_the_connection_but_not_the_stream(
    clock: MockClock,
):
    too_large = "x" * 3_000_000
    async with stream_of(sends(wire(1), too_large), sends(wire(2))) as seen:
        await seen.until(tickers=2)
    assert seen.times == [1, 2]
    assert len(seen.of(Disconnected)) == 1


async def test_late_and_repeated_tickers_are_dropped_and_counted():
    async with stream_of(sends(wire(5), wire(5), wire(4), wire(6))) as seen:
        await seen.until(tickers=2)
    assert seen.times == [5, 6]
    assert [event.count for event in seen.of(LateTicker)] == [1, 2]


async def test_tickers_that_a_new_connection_repeats_are_dropped_too(clock: MockClock):
    async with stream_of(sends(wire(5), then=closes(1001)), sends(wire(5), wire(6))) as seen:
        await seen.until(tickers=2)
    assert seen.times == [5, 6]


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (closes(1001, "going away"), "closed by the exchange with code 1001 going away"),
        (closes(1008, "Pong timeout"), "closed by the exchange with code 1008 Pong timeout"),
        (closes(3001, "illegal request"), "closed by the exchange with code 3001 illegal request"),
        (breaks_off, "the connection was lost"),
    ],
)
async def test_a_connection_that_ends_is_opened_anew(ending: object, reason: str, clock: MockClock):
    async with stream_of(sends(wire(1), then=ending), sends(wire(2))) as seen:  # type: ignore[arg-type]
        await seen.until(tickers=2)
    assert seen.times == [1, 2]
    assert [event.fault.reason for event in seen.of(Disconnected)] == [reason]
    assert len(seen.of(Streaming)) == 2


async def test_failures_count_up_and_only_data_resets_them(clock: MockClock):
    silent_then_gone = sends(then=closes(1001))
    async with stream_of(
        *[silent_then_gone] * 3, sends(wire(1), then=closes(1001)), *[silent_then_gone] * 2
    ) as seen:
        await seen.until(disconnections=6)
    assert [event.failures for event in seen.of(Disconnected)] == [1, 2, 3, 1, 2, 3]


async def test_the_back_off_is_waited_out(clock: MockClock):
    start = trio.current_time()
    gone = sends(then=closes(1001))
    async with stream_of(
        gone, gone, gone, sends(wire(1)), backoff=Backoff(first_s=10, cap_s=15), draw=lambda: 0.5
    ) as seen:
        await seen.until(tickers=1)
    assert [event.retry_in_s for event in seen.of(Disconnected)] == [5, 7.5, 7.5]
    assert trio.current_time() - start == pytest.approx(20, abs=1)


async def test_attempts_wait_for_the_pacer(clock: MockClock):
    pacer = Pacer(interval_s=100, burst=1)
    start = trio.current_time()
    async with stream_of(
        sends(then=closes(1001)), sends(wire(1)), pacer=pacer, draw=lambda: 0
    ) as seen:
        await seen.until(tickers=1)
    assert trio.current_time() - start == pytest.approx(100, abs=1)


async def test_a_refused_connection_says_so(clock: MockClock):
    with trio.socket.socket() as taken:
        await taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port
        port = taken.getsockname()[1]
        async with streaming(f"ws://127.0.0.1:{port}/ws/x") as seen:
            await seen.until(disconnections=1)
    assert seen.of(Disconnected)[0].fault.reason == "Connection refused"


async def test_a_refused_handshake_says_with_which_status(nursery: trio.Nursery, clock: MockClock):
    port = await nursery.start(partial(serve_rejections, 451))
    async with streaming(f"ws://127.0.0.1:{port}/ws/x") as seen:
        await seen.until(disconnections=1)
    assert seen.of(Disconnected)[0].fault.reason == "refused with HTTP status 451"


@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_a_peer_that_accepts_and_says_nothing_is_given_up_in_time(
    scheme: str, nursery: trio.Nursery, clock: MockClock
):
    port = await nursery.start(serve_silence)
    start = trio.current_time()
    async with streaming(
        f"{scheme}://127.0.0.1:{port}/ws/x", route=Route(connect_timeout_s=7)
    ) as seen:
        await seen.until(disconnections=1)
    assert trio.current_time() - start == pytest.approx(7, abs=0.5)
    assert seen.of(Disconnected)[0].fault.reason == "no answer in time"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def test_tickers_come_through_tls(
    authority: trustme.CA, server_context: ssl.SSLContext, nursery: trio.Nursery
):
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    session = sends(wire(1))
    port = await nursery.start(partial(serve_sessions, session, ssl_context=server_context))
    async with streaming(f"wss://127.0.0.1:{port}/ws/x", route=Route(ssl_context=trusting)) as seen:
        await seen.until(tickers=1)
    assert seen.times == [1]


async def test_a_certificate_that_is_not_trusted_says_so(
    server_context: ssl.SSLContext, nursery: trio.Nursery, clock: MockClock
):
    async with trio.open_nursery() as servers:
        listeners = await trio.open_ssl_over_tcp_listeners(0, server_context, host="127.0.0.1")
        servers.start_soon(trio.serve_listeners, _shake_hands, listeners)
        port = listeners[0].transport_listener.socket.getsockname()[1]  # type: ignore[attr-defined]
        async with streaming(f"wss://127.0.0.1:{port}/ws/x") as seen:
            await seen.until(disconnections=1)
        servers.cancel_scope.cancel()
    assert seen.of(Disconnected)[0].fault.reason.startswith("TLS: unable to get local issuer")


async def _shake_hands(stream: trio.SSLStream[trio.SocketStream]) -> None:
    with pytest.raises(trio.BrokenResourceError):
        await stream.do_handshake()


async def test_an_error_that_is_not_the_network_s_ends_the_stream_loudly(nursery: trio.Nursery):
    class RuleEngineError(Exception):
        pass

    def fail(ticker: Ticker) -> None:
        raise RuleEngineError

    port = await nursery.start(partial(serve_sessions, sends(wire(1))))
    with pytest.RaisesGroup(RuleEngineError, flatten_subgroups=True):
        async with streaming(f"ws://127.0.0.1:{port}/ws/x", on_ticker=fail):
            await trio.sleep_forever()
