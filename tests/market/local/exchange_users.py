"""Real websocket clients of the local exchange, for tests."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import attrs
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_client_stream

from alertd.market.local.exchange import LocalExchange


@attrs.frozen
class Venue:
    exchange: LocalExchange
    port: int

    @asynccontextmanager
    async def connected(self, target: str) -> AsyncIterator[WebSocketConnection]:
        # trio-websocket's own `open_websocket` leaves the socket open where the server closes first.
        async with (
            await trio.open_tcp_stream("127.0.0.1", self.port) as stream,
            trio.open_nursery() as nursery,
        ):
            client = await wrap_client_stream(nursery, stream, "127.0.0.1", target)
            yield client
            with trio.move_on_after(5):
                await client.aclose()
            nursery.cancel_scope.cancel()

    @asynccontextmanager
    async def subscribed(self, *symbols: str) -> AsyncIterator[WebSocketConnection]:
        """Connect to a symbol's own path, or to the combined one for several."""
        names = [f"{quote(symbol.lower())}@miniTicker" for symbol in symbols]
        target = f"ws/{names[0]}" if len(names) == 1 else f"stream?streams={'/'.join(names)}"
        async with self.connected(f"/market/{target}") as client:
            await self.exchange.subscribed_to(symbols)
            yield client


@asynccontextmanager
async def open_exchange(*, patience_s: float = 30) -> AsyncIterator[Venue]:
    exchange = LocalExchange(patience_s=patience_s)
    async with trio.open_nursery() as nursery:
        port = await nursery.start(exchange.serve)
        yield Venue(exchange, port)
        nursery.cancel_scope.cancel()


async def ask(client: WebSocketConnection, method: str, *names: str) -> Any:
    await client.send_message(json.dumps({"method": method, "params": names, "id": 1}))
    return json.loads(await client.get_message())


async def receive_until_closed(client: WebSocketConnection) -> tuple[list[str], int | None]:
    """Return the texts that came, and the code with which the connection closed."""
    texts: list[str] = []
    try:
        while True:
            texts.append(str(await client.get_message()))
    except ConnectionClosed as closed:
        return texts, closed.reason.code if closed.reason else None


async def is_silent(client: WebSocketConnection) -> bool:
    """Tell whether nothing comes, in a time in which what was published would have come."""
    with trio.move_on_after(0.1):
        await client.get_message()
        return False
    return True
