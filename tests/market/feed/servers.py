"""Loopback servers that do to a stream whatever a test asks for."""

import json
import ssl
from collections.abc import Awaitable, Callable
from functools import partial

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, WebSocketRequest, serve_websocket

Session = Callable[[WebSocketConnection], Awaitable[None]]


def wire(time_ms: int, *, symbol: str = "BTCUSDT", close: str = "100") -> str:
    """A sound frame of the exchange."""
    fields = {"e": "24hrMiniTicker", "E": time_ms, "s": symbol, "c": close, "o": "100"}
    return json.dumps(fields | {"h": "200", "l": "50", "v": "10", "q": "1000"})


def sends(*frames: str | bytes, then: Session | None = None) -> Session:
    """A session that sends frames, and then stays open and silent, or does what `then` does."""

    async def session(connection: WebSocketConnection) -> None:
        for frame in frames:
            await connection.send_message(frame)
        await (then or stays_silent)(connection)

    return session


async def stays_silent(connection: WebSocketConnection) -> None:
    """A session that only reads what the client sends."""
    while True:
        await connection.get_message()


def closes(code: int, reason: str = "") -> Session:
    """A session that ends with the closing handshake."""

    async def session(connection: WebSocketConnection) -> None:
        await connection.aclose(code, reason)

    return session


async def breaks_off(connection: WebSocketConnection) -> None:
    """A session whose TCP connection ends without a closing handshake."""
    await connection._stream.aclose()


async def serve_sessions(
    *sessions: Session,
    ssl_context: ssl.SSLContext | None = None,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Give the first connection the first session and so on; those after the last stay silent.

    Starts with the port that it listens on.
    """
    waiting = list(sessions)

    async def handle(request: WebSocketRequest) -> None:
        connection = await request.accept()
        try:
            await (waiting.pop(0) if waiting else stays_silent)(connection)
        except* (ConnectionClosed, trio.ClosedResourceError):
            pass

    async with trio.open_nursery() as nursery:
        server = await nursery.start(serve_websocket, handle, "127.0.0.1", 0, ssl_context)
        task_status.started(server.port)


async def serve_rejections(
    status: int, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED
) -> None:
    """Answer every handshake with an HTTP status. Starts with the port that it listens on."""

    async def handle(request: WebSocketRequest) -> None:
        await request.reject(status)

    async with trio.open_nursery() as nursery:
        server = await nursery.start(serve_websocket, handle, "127.0.0.1", 0, None)
        task_status.started(server.port)


async def serve_silence(*, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
    """Accept TCP connections and never say a word. Starts with the port that it listens on."""

    async def say_nothing(stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_tcp, host="127.0.0.1")
        (listener,) = await nursery.start(serve, say_nothing, 0)
        task_status.started(listener.socket.getsockname()[1])
