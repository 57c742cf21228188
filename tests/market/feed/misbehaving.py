"""A misbehaving exchange: a real server on loopback that treats each connection as a test asks.

A behaviour does something to a TCP or TLS stream and returns, or stays. They are put together:
`secured(context, websocket(sends(wire(1), then=breaks_off)))`.
"""

import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from functools import partial

import trio
from trio.abc import Stream
from trio_websocket import ConnectionClosed, wrap_server_stream
from wsproto.utilities import LocalProtocolError

from tests.market.feed.servers import Session

Behaviour = Callable[[Stream], Awaitable[None]]

# How a connection ends that the client, or the test itself, has ended.
ENDINGS = (
    ConnectionClosed,
    LocalProtocolError,
    trio.BrokenResourceError,
    trio.ClosedResourceError,
)


async def serve(
    *behaviours: Behaviour,
    host: str = "127.0.0.1",
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Treat the first connection by the first behaviour and so on; the last one is for the rest.

    Starts with the port that it listens on.
    """
    waiting = list(behaviours)

    async def handle(stream: trio.SocketStream) -> None:
        try:
            await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(stream)
        except* ENDINGS:
            pass

    async with trio.open_nursery() as nursery:
        (listener,) = await nursery.start(partial(trio.serve_tcp, handle, 0, host=host))
        task_status.started(listener.socket.getsockname()[1])


# On the bare connection.


async def says_nothing(stream: Stream) -> None:
    """Accept, and that is all."""
    await trio.sleep_forever()


async def hangs_up(stream: Stream) -> None:
    """Read the request, and close the connection without an answer."""
    await stream.receive_some()


async def resets(stream: Stream) -> None:
    """End a connection by RST instead of FIN, which drops what is under way."""
    assert isinstance(stream, trio.SocketStream)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.socket.close()
    await trio.lowlevel.checkpoint()


def answers(response: bytes) -> Behaviour:
    """Answer the request with these bytes, and stay silent."""

    async def behaviour(stream: Stream) -> None:
        await stream.receive_some()
        await stream.send_all(response)
        await trio.sleep_forever()

    return behaviour


def late(delay_s: float, behaviour: Behaviour) -> Behaviour:
    """Begin to behave after a while."""

    async def later(stream: Stream) -> None:
        await trio.sleep(delay_s)
        await behaviour(stream)

    return later


def secured(context: ssl.SSLContext, behaviour: Behaviour) -> Behaviour:
    """Behave so on top of TLS, once that has shaken hands."""

    async def within(stream: Stream) -> None:
        secure = trio.SSLStream(stream, context, server_side=True, https_compatible=True)
        await secure.do_handshake()
        await behaviour(secure)

    return within


# On the websocket.


def rejects(status: int, **headers: str) -> Behaviour:
    """Answer the websocket handshake with an HTTP status; `_` in a header's name is a dash."""
    extra = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def behaviour(stream: Stream) -> None:
        async with trio.open_nursery() as nursery:
            request = await wrap_server_stream(nursery, stream)
            await request.reject(status, extra_headers=extra)
            nursery.cancel_scope.cancel()

    return behaviour


def websocket(session: Session) -> Behaviour:
    """Shake hands, answer pings, and do what the session does; its end cuts the connection."""

    async def behaviour(stream: Stream) -> None:
        async with trio.open_nursery() as nursery:
            request = await wrap_server_stream(nursery, stream)
            await session(await request.accept())
            nursery.cancel_scope.cancel()

    return behaviour


def websocket_that_dies(session: Session) -> Behaviour:
    """Do what the session does, then leave the connection open and neither read nor answer."""

    async def behaviour(stream: Stream) -> None:
        await websocket(session)(stream)
        await trio.sleep_forever()

    return behaviour
