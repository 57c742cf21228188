"""The local exchange: serves a market over real websockets, as Binance's futures host does.

One nursery a connection holds what belongs to it: trio-websocket's reader, the answers to its
frames, the pings. Whatever breaks in one ends that one and never touches another.

The market itself is one task: `play` takes tickers in the order of their event times, makes each
a frame once and awaits its sending to one subscriber after the other. So the market waits for the
slowest and loses nothing at any speed; one that takes nothing for `patience_s` is cut off, so
that it cannot stop the market for good.
"""

from collections.abc import Iterable
from functools import partial

import trio
from trio_websocket import ConnectionClosed, wrap_server_stream
from wsproto.utilities import LocalProtocolError

from alertd.market.local.client import ExchangeClient
from alertd.market.local.requests import Route, answer, wrapped
from alertd.market.local.serving import serve_connections
from alertd.market.past.rolling_day import MiniTicker
from alertd.market.venue import stream_name

_HANDSHAKE_S = 10

# How a connection ends. LocalProtocolError: trio-websocket's reader answers a ping although the
# closing handshake has begun.
_ENDINGS = (ConnectionClosed, LocalProtocolError)


class LocalExchange:
    """Serves mini ticker streams under `/market/ws/<stream>` and `/market/stream?streams=...`.

    As on the exchange, a stream that does not exist (an unknown symbol, one in upper case) and the
    paths without `/market` connect, are acknowledged and stay silent.
    """

    def __init__(self, *, patience_s: float = 30) -> None:
        self.time_ms = 0  # the event time of the newest ticker: the market's clock
        self.sent = 0  # frames, to all subscribers together
        self.newest: dict[str, MiniTicker] = {}  # what was played last of each symbol
        self._patience_s = patience_s
        self._clients: dict[ExchangeClient, None] = {}
        # Stream name -> those who want it, so that a frame looks at nobody else.
        self._subscribers: dict[str, dict[ExchangeClient, None]] = {}
        self._changed = trio.Event()

    async def serve(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serve until cancelled; started with the port, which the system chooses for 0.

        Raises `OSError` where the port cannot be had.
        """
        await serve_connections(self._serve_stream, port, host=host, task_status=task_status)

    async def subscribed_to(self, symbols: Iterable[str]) -> None:
        """Wait until each of the symbols has a subscriber."""
        streams = [stream_name(symbol) for symbol in symbols]
        while not all(stream in self._subscribers for stream in streams):
            await self._changed.wait()

    async def settled(self, symbols: Iterable[str], *, quiet_s: float = 1) -> None:
        """Wait until one of the symbols has a subscriber, and then `quiet_s` bring no other."""
        streams = [stream_name(symbol) for symbol in symbols]
        while not any(stream in self._subscribers for stream in streams):
            await self._changed.wait()
        quiet = False
        while not quiet:
            with trio.move_on_after(quiet_s) as scope:
                await self._changed.wait()
            quiet = scope.cancelled_caught

    async def play(self, tickers: Iterable[MiniTicker], *, speed: float | None = None) -> None:
        """Send the tickers to their subscribers, and return when the last one is sent.

        `speed` is how many of the market's seconds pass in one: 60 makes a minute a second; None
        plays as fast as the subscribers take it. Connections stay open, and silent, afterwards.
        """
        s_per_ms = 0.001 / speed if speed is not None else 0.0
        began, first_ms = trio.current_time(), None
        for ticker in tickers:
            first_ms = ticker.time_ms if first_ms is None else first_ms
            due = began + (ticker.time_ms - first_ms) * s_per_ms
            if due > trio.current_time():
                await trio.sleep_until(due)
            self.time_ms = ticker.time_ms
            self.newest[ticker.symbol] = ticker
            await self.publish(ticker.symbol, ticker.frame())

    async def publish(self, symbol: str, frame: str) -> None:
        """Send a frame, whatever its text is, to the symbol's subscribers, one after the other."""
        stream = stream_name(symbol)
        clients = self._subscribers.get(stream)
        if not clients:
            await trio.lowlevel.checkpoint()
            return
        combined = ""
        for client in tuple(clients):
            if client.route.combined:
                combined = combined or wrapped(stream, frame)
                await self._send(client, combined)
            else:
                await self._send(client, frame)

    def cut_off(self, symbols: Iterable[str] | None = None) -> None:
        """Cut the connections of the symbols' subscribers (None: all), without a closing frame."""
        streams = None if symbols is None else {stream_name(symbol) for symbol in symbols}
        for client in self._clients:
            if streams is None or not streams.isdisjoint(client.streams):
                client.scope.cancel()

    async def close(self) -> None:
        """Close the connections that there are, so that what was sent arrives before the end.

        Those that come meanwhile stay: a good client is back within a second.
        """
        ending = set(self._clients)
        for client in ending:
            client.end(1001, "Going away")
        while not ending.isdisjoint(self._clients):
            await self._changed.wait()

    async def _send(self, client: ExchangeClient, text: str) -> None:
        with trio.move_on_after(self._patience_s) as patience:
            try:
                await client.connection.send_message(text)
            except _ENDINGS:
                # Its own task is ending it.
                await trio.lowlevel.checkpoint()
            else:
                self.sent += 1
        if patience.cancelled_caught:
            # The frame may be out in part, so there is no closing it in order.
            client.scope.cancel()

    async def _serve_stream(self, stream: trio.SocketStream) -> None:
        try:
            async with trio.open_nursery() as nursery:
                await self._serve_connection(stream, nursery)
                nursery.cancel_scope.cancel()
        except* _ENDINGS:
            pass  # a client is gone; `serve_listeners` closes what is left of its socket

    async def _serve_connection(self, stream: trio.SocketStream, nursery: trio.Nursery) -> None:
        request = None
        with trio.move_on_after(_HANDSHAKE_S):
            request = await wrap_server_stream(nursery, stream)
        if request is None:
            return
        route = Route.parse(request.path)
        if route is None:
            await request.reject(404, body=b"Not Found")
            return
        client = ExchangeClient(await request.accept(), route, nursery.cancel_scope)
        nursery.start_soon(client.keep_alive)
        self._clients[client] = None
        try:
            self._subscribe(client, route.streams)
            await client.listen(partial(self._answer, client))
            self._subscribe(client, ())
            await client.close(within_s=self._patience_s)
        finally:
            del self._clients[client]
            self._subscribe(client, ())

    async def _answer(self, client: ExchangeClient, message: str | bytes) -> None:
        if isinstance(message, bytes):
            client.end(1008, "Invalid request")
            return
        reply, streams = answer(message, client.streams)
        await client.connection.send_message(reply)
        self._subscribe(client, streams)

    def _subscribe(self, client: ExchangeClient, streams: tuple[str, ...]) -> None:
        """Let these be the client's streams, whatever it had before."""
        before, client.streams = client.streams, streams
        if client.route.carries_market:
            for stream in set(before).difference(streams):
                self._subscribers[stream].pop(client)
                if not self._subscribers[stream]:
                    del self._subscribers[stream]
            for stream in streams:
                self._subscribers.setdefault(stream, {})[client] = None
        self._changed.set()
        self._changed = trio.Event()
