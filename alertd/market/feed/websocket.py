"""Opening a websocket so that every failure is quick, and has its own error."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import SplitResult, urlsplit

import attrs
import h11
import trio
from trio.abc import Stream
from trio_websocket import WebSocketConnection, wrap_client_stream

from alertd.market.feed.faults import HungUpError, NotAWebsocketError
from alertd.market.feed.proxy import open_tunnel

_Bytes = trio.SocketStream | trio.SSLStream[trio.SocketStream]

# What trio-websocket's reader makes of an answer that is no websocket's: h11 refuses to answer it as
# a server would, and headers are decoded as if they had to be ASCII.
_NO_GREETING = (h11.LocalProtocolError, UnicodeDecodeError)

# Long enough for a polite goodbye, short enough that nobody waits for one.
_CLOSE_TIMEOUT_S = 1.0


@attrs.frozen(kw_only=True)
class Route:
    """The way to the exchange: under which deadline, with which certificates, by which proxy.

    `connect_timeout_s` covers name, proxy, TCP, TLS and handshake together.
    """

    connect_timeout_s: float = 10.0
    ssl_context: ssl.SSLContext | None = attrs.field(default=None, repr=False)
    proxy: str | None = attrs.field(default=None, repr=False)


@asynccontextmanager
async def open_websocket(url: str, route: Route) -> AsyncIterator[WebSocketConnection]:
    """Connect to a `ws://` or `wss://` address, and close the connection at the end of the block.

    Raises one of `faults.NETWORK_ERRORS`, alone or in an exception group.

    trio-websocket's own opener waits for ever on a peer that accepts and then says nothing, and
    reports a bad certificate as a mere time-out; leaving its block can hang as well. Here each
    step raises its own error, all under one deadline, and the reader is cancelled at the end.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "wss"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    deadline = trio.current_time() + route.connect_timeout_s
    with trio.fail_at(deadline):
        plain = await _open_plain(host, port, route.proxy)
        stream = await _secured(plain, host, route.ssl_context) if secure else plain
    greeted = _Greeted(stream)
    try:
        async with _websocket(greeted, parts, deadline) as connection:
            yield connection
    except* _NO_GREETING:
        if greeted.is_open:
            raise
        raise NotAWebsocketError from None


@asynccontextmanager
async def _websocket(
    greeted: "_Greeted", parts: SplitResult, deadline: float
) -> AsyncIterator[WebSocketConnection]:
    """Shake hands over a stream, read for as long as the block lasts, and close it."""
    async with greeted, trio.open_nursery() as nursery:
        with trio.fail_at(deadline):
            resource = parts.path + (f"?{parts.query}" if parts.query else "")
            connection = await wrap_client_stream(
                nursery,
                greeted,  # type: ignore[arg-type]  # any stream will do
                parts.netloc,
                resource,
            )
            greeted.is_open = True
        try:
            yield connection
        finally:
            with trio.move_on_after(_CLOSE_TIMEOUT_S):
                await connection.aclose()
            nursery.cancel_scope.cancel()


class _Greeted(Stream):
    """A stream whose end is an error for as long as the websocket on it is not open.

    trio-websocket's reader ends without a word there, and its opener waits for ever.
    """

    def __init__(self, stream: _Bytes) -> None:
        self.is_open = False
        self._stream = stream

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        try:
            received = await self._stream.receive_some(max_bytes)
        except trio.BrokenResourceError:
            if self.is_open:
                raise
            raise HungUpError from None
        if not received and not self.is_open:
            raise HungUpError
        return received

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        try:
            await self._stream.send_all(data)
        except trio.BrokenResourceError:
            if self.is_open:
                raise
            raise HungUpError from None

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _open_plain(host: str, port: int, proxy: str | None) -> trio.SocketStream:
    if proxy is None:
        return await trio.open_tcp_stream(host, port)
    return await open_tunnel(proxy, host, port)


async def _secured(
    plain: trio.SocketStream, host: str, ssl_context: ssl.SSLContext | None
) -> trio.SSLStream[trio.SocketStream]:
    context = ssl_context or ssl.create_default_context()
    secure = trio.SSLStream(plain, context, server_hostname=host, https_compatible=True)
    try:
        await secure.do_handshake()
    except BaseException:  # whatever ends it, cancellation too, the socket is closed
        await trio.aclose_forcefully(plain)
        raise
    return secure
