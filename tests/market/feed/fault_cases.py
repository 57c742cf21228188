"""Everything that the exchange, or what stands before it, is made to do to the feed."""

import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import attrs
import trio
import trustme

from alertd.market.feed.websocket import Route
from alertd.market.local.exchange import LocalExchange
from tests.market.feed.misbehaving import (
    Behaviour,
    answers,
    hangs_up,
    late,
    rejects,
    resets,
    says_nothing,
    secured,
    serve,
    websocket,
    websocket_that_dies,
)
from tests.market.feed.relays import proxy, relay
from tests.market.feed.servers import Session, breaks_off, closes, sends, stays_silent, wire
from tests.market.feed.sessions import (
    beats,
    bursts,
    is_well,
    now_ms,
    repeats_itself,
    says_farewell,
    sends_a_binary_ticker,
    sends_fragments,
    sends_no_websocket_frame,
)


@attrs.frozen
class Site:
    """Where the exchange is to be found, and how."""

    url: str
    route: Route = attrs.field(factory=Route)
    symbol: str = "BTCUSDT"


@attrs.frozen
class Case:
    """Something that is done to the feed. `comes_back`: tickers flow again without a person."""

    does: str
    start: Callable[[trio.Nursery], Awaitable[Site]]
    comes_back: bool = True


WELL = websocket(is_well)
BEGINS = 20  # beats before a connection that streams goes wrong


def plain(*behaviours: Behaviour) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """An exchange whose connections are treated so, and well afterwards."""

    async def start(nursery: trio.Nursery) -> Site:
        port = await nursery.start(partial(serve, *behaviours, WELL))
        return Site(f"ws://127.0.0.1:{port}/market")

    return start


def streaming(then: Session) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """An exchange that streams for a while and then does something else."""
    return plain(websocket(beats(BEGINS, then=then)))


@cache
def authority() -> trustme.CA:
    """The authority that the feed trusts in these cases."""
    return trustme.CA()


def certificate(
    *,
    issuer: trustme.CA | None = None,
    name: str = "127.0.0.1",
    not_after: datetime | None = None,
) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for `name`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    begin = not_after and not_after - timedelta(days=30)
    issued = (issuer or authority()).issue_cert(name, not_before=begin, not_after=not_after)
    issued.configure_cert(context)
    return context


def tls(*behaviours: Behaviour) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """An exchange behind TLS, whose connections are treated so, and well afterwards."""

    async def start(nursery: trio.Nursery) -> Site:
        trusting = ssl.create_default_context()
        authority().configure_trust(trusting)
        well = secured(certificate(), WELL)
        port = await nursery.start(partial(serve, *behaviours, well))
        return Site(f"wss://127.0.0.1:{port}/market", Route(ssl_context=trusting))

    return start


def shakes_hands_with(context: ssl.SSLContext) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """An exchange that shows another certificate at first."""
    return tls(secured(context, WELL))


def through(
    *proxies: Behaviour, user: str = "", host: str = "127.0.0.1"
) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """An exchange that is well, and in front of it a proxy that treats connections so."""

    async def start(nursery: trio.Nursery) -> Site:
        port = await nursery.start(partial(serve, WELL))
        proxy_port = await nursery.start(partial(serve, *proxies))
        route = Route(proxy=f"http://{user}{host}:{proxy_port}")
        return Site(f"ws://127.0.0.1:{port}/market", route)

    return start


async def half_open(nursery: trio.Nursery) -> Site:
    """An exchange that is well, reached by a way on which everything is dropped after a while."""
    first = websocket(beats(1000, then=stays_silent))
    port = await nursery.start(partial(serve, first, WELL))
    behaviours = relay(port, stops_after_s=2 * BEGINS - 1), relay(port)
    return Site(f"ws://127.0.0.1:{await nursery.start(partial(serve, *behaviours))}/market")


async def nobody_listens(nursery: trio.Nursery) -> Site:
    """A port that refuses connections, until a server opens it after 20 s."""
    with trio.socket.socket() as taken:
        await taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    async def come_up() -> None:
        await trio.sleep(20)
        listeners = await trio.open_tcp_listeners(port, host="127.0.0.1")
        await trio.serve_listeners(WELL, listeners)

    nursery.start_soon(come_up)
    return Site(f"ws://127.0.0.1:{port}/market")


def local(
    *, base: str, symbol: str, traded: str = "BTCUSDT"
) -> Callable[[trio.Nursery], Awaitable[Site]]:
    """The project's own exchange, on which one symbol trades."""

    async def start(nursery: trio.Nursery) -> Site:
        exchange = LocalExchange()
        port = await nursery.start(exchange.serve)

        async def trade() -> None:
            while True:
                await exchange.publish(traded, wire(now_ms(), symbol=traded))
                await trio.sleep(2)

        nursery.start_soon(trade)
        return Site(f"ws://127.0.0.1:{port}{base}", symbol=symbol)

    return start


def _of_certificates() -> list[Case]:
    expired = certificate(not_after=datetime(2021, 1, 1, tzinfo=UTC))
    return [
        Case("shows a certificate of an unknown authority",
             shakes_hands_with(certificate(issuer=trustme.CA()))),
        Case("shows an expired certificate", shakes_hands_with(expired)),
        Case("shows another host's certificate",
             shakes_hands_with(certificate(name="example.org"))),
        Case("speaks no TLS where TLS is expected", tls(answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"))),
        Case("TLS, and all is well", tls()),
    ]  # fmt: skip


def _of_openings() -> list[Case]:
    return [
        Case("refuses connections for 20 s", nobody_listens),
        Case("accepts and says nothing", plain(says_nothing)),
        Case("accepts, shakes hands by TLS and says nothing",
             tls(secured(certificate(), says_nothing))),
        Case("says nothing where TLS is expected", tls(says_nothing)),
        Case("closes at the handshake", plain(hangs_up)),
        Case("resets at the handshake", plain(resets)),
        Case("answers the handshake with something else", plain(answers(b"SSH-2.0-OpenSSH_9\r\n\r\n"))),
        Case("takes 6 s for the handshake", plain(late(6, WELL))),
        Case("takes 15 s for the handshake", plain(late(15, WELL))),
    ]  # fmt: skip


def _of_refusals() -> list[Case]:
    return [
        Case("a page of HTML instead of a websocket",
             plain(answers(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"))),
        Case("301 at the handshake", plain(rejects(301, Location="https://www.binance.com/"))),
        Case("403 at the handshake", plain(rejects(403))),
        Case("404 at the handshake", plain(rejects(404))),
        Case("418 at the handshake, `Retry-After: 300`", plain(rejects(418, Retry_After="300"))),
        Case("418 at the handshake, without `Retry-After`", plain(rejects(418))),
        Case("429 at the handshake, `Retry-After: 20`", plain(rejects(429, Retry_After="20"))),
        Case("451 at the handshake", plain(rejects(451))),
        Case("502 at the handshake", plain(rejects(502))),
    ]  # fmt: skip


def _of_silences() -> list[Case]:
    return [
        Case("opens, and sends nothing; pings are answered", plain(websocket(stays_silent))),
        Case("opens, and sends nothing; pings are not answered",
             plain(websocket_that_dies(sends(then=_returns)))),
        Case("falls silent while it streams; pings are answered", streaming(stays_silent)),
        Case("falls silent while it streams; pings are not answered",
             plain(websocket_that_dies(beats(BEGINS, then=_returns)))),
        Case("half-open: all packets are dropped while it streams", half_open),
        Case("sends a ticker a minute", plain(websocket(beats(4, every_s=60, then=is_well)))),
    ]  # fmt: skip


def _of_endings() -> list[Case]:
    return [
        Case("cuts the connection, no closing frame (1006)", streaming(breaks_off)),
        Case("resets while it streams",
             plain(_streams_then(resets))),
        Case("closes with 1001", streaming(closes(1001, "Going away"))),
        Case('closes with 1008 "Pong timeout"', streaming(closes(1008, "Pong timeout"))),
        Case('closes with 1008 "Too many requests"', streaming(closes(1008, "Too many requests"))),
        Case("closes with 3001", streaming(closes(3001, "illegal request"))),
        Case("announces its end (`serverShutdown`) and closes with 1001 10 s later",
             streaming(says_farewell(beats(5, then=closes(1001, "Going away"))))),
    ]  # fmt: skip


def _streams_then(behaviour: Behaviour) -> Behaviour:
    async def both(stream: trio.abc.Stream) -> None:
        await websocket(beats(BEGINS, then=_returns))(stream)
        await behaviour(stream)

    return both


def _of_frames() -> list[Case]:
    return [
        Case("sends garbage in text frames", streaming(sends("garbage", then=is_well))),
        Case("sends a binary frame of garbage", streaming(sends(b"\x00\xff", then=is_well))),
        Case("sends a ticker in a binary frame", streaming(sends_a_binary_ticker)),
        Case("sends a ticker in fragments, pings between them", streaming(sends_fragments)),
        Case("sends a frame of half a MiB", streaming(sends("x" * 500_000, then=is_well))),
        Case("sends a frame of 3 MiB", streaming(sends("x" * 3_000_000, then=is_well))),
        Case("sends what is no websocket frame", streaming(sends_no_websocket_frame)),
        Case("sends tickers twice and out of order", plain(websocket(repeats_itself))),
        Case("sends 10,000 tickers at once", streaming(bursts(10_000, then=is_well))),
        Case("pings in the midst of 10,000 tickers",
             streaming(bursts(10_000, ping=True, then=is_well))),
    ]  # fmt: skip


def _of_addresses() -> list[Case]:
    old_route = local(base="", symbol="BTCUSDT")
    unknown = local(base="/market", symbol="BTCUSDTT")
    return [
        Case("the old route: connects and stays silent", old_route, comes_back=False),
        Case("an unknown symbol: connects and stays silent", unknown, comes_back=False),
    ]


def _of_proxies() -> list[Case]:
    refused = proxy(user="me:secret")
    return [
        Case("a proxy that works", through(proxy())),
        Case("a proxy that works, with a password", through(refused, user="me:secret@")),
        Case("a proxy that refuses (407)", through(refused, proxy())),
        Case("a proxy that hangs", through(says_nothing, proxy())),
        Case("a proxy that answers garbage", through(answers(b"\x05\x00 socks\r\n\r\n"), proxy())),
        Case("a proxy that hangs up", through(hangs_up, proxy())),
    ]


async def _returns(connection: object) -> None:
    await trio.lowlevel.checkpoint()


def cases() -> list[Case]:
    """Return every case, in the order of the table."""
    return [
        *_of_openings(),
        *_of_certificates(),
        *_of_refusals(),
        *_of_silences(),
        *_of_endings(),
        *_of_frames(),
        *_of_addresses(),
        *_of_proxies(),
    ]
