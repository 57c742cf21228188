"""An exchange that sends every ticker on all of its connections, and remembers what it sent."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from urllib.parse import unquote

import attrs
import trio
from trio_websocket import WebSocketConnection, WebSocketRequest, serve_websocket

from alertd.market.venue import stream_name
from tests.market.feed.misbehaving import ENDINGS
from tests.market.feed.servers import wire
from tests.market.feed.sessions import now_ms

Treatment = Callable[[WebSocketRequest], Awaitable[WebSocketConnection | None]]


async def welcomes(request: WebSocketRequest) -> WebSocketConnection | None:
    """Let it in, and stream."""
    return await request.accept()


async def rejects(request: WebSocketRequest) -> WebSocketConnection | None:
    """Refuse it."""
    await request.reject(503)
    return None


async def keeps_deaf(request: WebSocketRequest) -> WebSocketConnection | None:
    """Let it in, answer its pings, and send it nothing."""
    connection = await request.accept()
    while True:
        await connection.get_message()


def takes(delay_s: float) -> Treatment:
    """Let it in after a while."""

    async def treatment(request: WebSocketRequest) -> WebSocketConnection | None:
        await trio.sleep(delay_s)
        return await request.accept()

    return treatment


@attrs.define(eq=False)
class Client:
    """A connection that is streamed to: its symbols, and its end."""

    connection: WebSocketConnection
    streams: frozenset[str]
    is_combined: bool
    is_left_silent: bool = False
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)


@attrs.define
class Broadcaster:
    """Treats connections one after the other as `treatments` say, and the rest well.

    `attempts` are the times of connections, `sent` the (symbol, event time) of each ticker that
    went to anybody. A connection is cut `lifetime_s` after its opening.
    """

    treatments: list[Treatment] = attrs.field(factory=list)
    lifetime_s: float = float("inf")
    greeting: str | None = None
    attempts: list[float] = attrs.field(factory=list)
    sent: list[tuple[str, int]] = attrs.field(factory=list)
    clients: list[Client] = attrs.field(factory=list)
    on_sent: Callable[[str, int], None] = attrs.field()
    _attempted: trio.Event = attrs.field(factory=trio.Event)
    _by_stream: dict[str, list[Client]] = attrs.field(factory=dict)

    @on_sent.default
    def _remember(self) -> Callable[[str, int], None]:
        return lambda symbol, time_ms: self.sent.append((symbol, time_ms))

    async def serve(self, *, task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled. Starts with the base of its addresses."""
        async with trio.open_nursery() as nursery:
            server = await nursery.start(serve_websocket, self._handle, "127.0.0.1", 0, None)
            task_status.started(f"ws://127.0.0.1:{server.port}/market")

    async def send(self, symbols: Iterable[str]) -> None:
        """Send a ticker of each symbol to all that want it."""
        for symbol in symbols:
            time_ms = now_ms()
            clients = [client for client in self._wanted_by(symbol) if not client.is_left_silent]
            if clients:
                self.on_sent(symbol, time_ms)
            for client in clients:
                await self.send_on(client, symbol, wire(time_ms, symbol=symbol))

    async def trade(self, *symbols: str, every_s: float = 2.0) -> None:
        """Send a ticker of each symbol at every beat, for ever."""
        while True:
            await self.send(symbols)
            await trio.sleep(every_s)

    async def send_on(self, client: Client, symbol: str, frame: str) -> None:
        """Send a frame of a symbol on one connection, and nothing if that is ending."""
        combined = f'{{"stream":"{stream_name(symbol)}","data":{frame}}}'
        text = combined if client.is_combined else frame
        with suppress(*ENDINGS):
            await client.connection.send_message(text)

    async def attempted(self, count: int) -> None:
        """Wait until so many connections were attempted."""
        while len(self.attempts) < count:
            await self._attempted.wait()

    def _wanted_by(self, symbol: str) -> list[Client]:
        return self._by_stream.get(stream_name(symbol), [])

    def cut(self, client: Client) -> None:
        """Break a connection off."""
        client.scope.cancel()

    async def _handle(self, request: WebSocketRequest) -> None:
        self.attempts.append(trio.current_time())
        self._attempted.set()
        self._attempted = trio.Event()
        try:
            connection = await (self.treatments.pop(0) if self.treatments else welcomes)(request)
            if connection is not None:
                await self._stream_to(connection)
        except* ENDINGS:
            pass

    async def _stream_to(self, connection: WebSocketConnection) -> None:
        path = unquote(connection.path or "")
        _, combined, streams = path.partition("streams=")
        names = streams.split("/") if combined else [path.removeprefix("/market/ws/")]
        client = Client(connection, frozenset(names), bool(combined))
        if self.greeting is not None:
            await connection.send_message(self.greeting)
        self.clients.append(client)
        for name in client.streams:
            self._by_stream.setdefault(name, []).append(client)
        try:
            with trio.move_on_after(self.lifetime_s), client.scope:
                while True:
                    await connection.get_message()
        finally:
            self.clients.remove(client)
            for name in client.streams:
                self._by_stream[name].remove(client)
        await trio.aclose_forcefully(connection._stream)
