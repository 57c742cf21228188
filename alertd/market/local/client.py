"""One client of the local exchange: its connection, kept alive as the exchange does it."""

from collections.abc import Awaitable, Callable

import attrs
import trio
from trio_websocket import WebSocketConnection

from alertd.market.local.requests import Route

# Source: Binance USDⓈ-M futures, "Websocket Market Streams": a ping every 3 minutes, and whoever
# has not answered it within 10 is disconnected.
_PING_EVERY_S = 180
_PONG_DUE_S = 600


@attrs.define(eq=False)
class ExchangeClient:
    """A connection past its handshake, its route, and the streams that it has subscribed to.

    Cancelling `scope` ends all that is done for it and cuts it off, without a closing frame.
    """

    connection: WebSocketConnection
    route: Route
    scope: trio.CancelScope
    streams: tuple[str, ...] = ()
    _listening: trio.CancelScope = attrs.field(factory=trio.CancelScope, init=False)
    _last_words: tuple[int, str] = attrs.field(default=(1000, ""), init=False)

    def end(self, code: int, reason: str) -> None:
        """Have the connection closed in order, by the task that listens to it."""
        self._last_words = (code, reason)
        self._listening.cancel()

    async def listen(self, answer: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Give each message to `answer`, until `end` is called; raises `ConnectionClosed`."""
        with self._listening:
            while True:
                await answer(await self.connection.get_message())

    async def close(self, *, within_s: float) -> None:
        """Close the connection in order, unless the other side takes longer than `within_s`."""
        code, reason = self._last_words
        with trio.move_on_after(within_s):
            await self.connection.aclose(code, reason)

    async def keep_alive(self) -> None:
        """Ping it for ever, and end it where an answer fails to come."""
        async with trio.open_nursery() as nursery:
            while True:
                await trio.sleep(_PING_EVERY_S)
                nursery.start_soon(self._ping)

    async def _ping(self) -> None:
        with trio.move_on_after(_PONG_DUE_S) as due:
            await self.connection.ping()
        if due.cancelled_caught:
            self.end(1008, "Pong timeout")
