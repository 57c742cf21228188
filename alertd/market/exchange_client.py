"""One client of the local exchange: its connection, kept alive as the exchange does it."""

import attrs
import trio
from trio_websocket import WebSocketConnection

from alertd.market.stream_requests import Route

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

    async def close(self, code: int, reason: str, *, within_s: float = 2) -> None:
        """Close it in order, or cut it off where the other side takes longer than `within_s`."""
        with trio.move_on_after(within_s):
            await self.connection.aclose(code, reason)
        self.scope.cancel()

    async def keep_alive(self) -> None:
        """Ping it for ever, and close it where an answer fails to come."""
        async with trio.open_nursery() as nursery:
            while True:
                await trio.sleep(_PING_EVERY_S)
                nursery.start_soon(self._ping)

    async def _ping(self) -> None:
        with trio.move_on_after(_PONG_DUE_S) as due:
            await self.connection.ping()
        if due.cancelled_caught:
            await self.close(1008, "Pong timeout")
