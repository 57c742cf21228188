"""The exchange's side of the feed's benchmark: as many tickers as it is told to, as cheaply as it can.

A process of its own, so that its work is in nobody's figures. It reads a line of JSON from its
standard input (`{"symbols": 500, "certificate": null}`), prints its port, prints another line
when every symbol has a subscriber, and then takes one line a burst
(`{"ticks": 2500, "a_second": 4000}`).
"""

import json
import math
import ssl
import sys
from functools import partial
from urllib.parse import parse_qs, urlsplit

import attrs
import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request

_READ = 4096
_EXTENDED_LENGTH = 126


@attrs.define
class _Subscription:
    """Where a symbol's tickers go, and their frame before and after the event time."""

    stream: trio.abc.SendStream
    lock: trio.Lock  # the connection's: its task answers pings meanwhile
    head: bytes
    tail: bytes

    async def send(self, time_ms: int) -> None:
        async with self.lock:
            await self.stream.send_all(b"%s%d%s" % (self.head, time_ms, self.tail))


def _framed(name: str, *, wrapped: bool) -> tuple[bytes, bytes]:
    """Return a ticker's whole websocket frame, but for the 13 digits of its event time between."""
    head = b'{"e":"24hrMiniTicker","E":'
    tail = (
        b',"s":"%s","c":"100042.10","o":"99000.00","h":"101000.00","l":"98000.00","v":"12345.678"'
        b',"q":"1234567890.12","ps":"%s","st":1}'
    )
    symbol = name.partition("@")[0].upper().encode()
    tail %= (symbol, symbol)
    if wrapped:
        head, tail = b'{"stream":"%s","data":' % name.encode() + head, tail + b"}"
    length = len(head) + 13 + len(tail)
    # A text frame, final, not masked, of a length that takes two bytes.
    return bytes((0x81, _EXTENDED_LENGTH)) + length.to_bytes(2) + head, tail


class _Sender:
    """Accepts websockets, and sends the subscribed symbols' tickers in turn."""

    def __init__(self, symbols: int, context: ssl.SSLContext | None) -> None:
        self._symbols = symbols
        self._context = context
        self._subscriptions: list[_Subscription] = []
        self._complete = trio.Event()
        self._sent = 0

    async def serve(self, plain: trio.SocketStream) -> None:
        """Serve a connection until its client closes it."""
        stream = self._secured(plain)
        websocket, lock = WSConnection(ConnectionType.SERVER), trio.Lock()
        try:
            async for data in stream:
                websocket.receive_data(bytes(data))
                for event in websocket.events():
                    await self._answer(event, websocket, stream, lock)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return

    async def send(self, ticks: int, a_second: float) -> None:
        """Send so many tickers at an even pace, each symbol's in rising event time."""
        start = trio.current_time()
        for number in range(ticks):
            due = start + number / a_second
            if due > trio.current_time():
                await trio.sleep_until(due)
            rounds, index = divmod(self._sent, self._symbols)
            await self._subscriptions[index].send(1_700_000_000_000 + 2000 * rounds)
            self._sent += 1

    async def complete(self) -> None:
        """Wait until every symbol has a subscriber."""
        await self._complete.wait()

    def _secured(self, plain: trio.SocketStream) -> trio.abc.Stream:
        if self._context is None:
            return plain
        return trio.SSLStream(plain, self._context, server_side=True, https_compatible=True)

    async def _answer(
        self, event: object, websocket: WSConnection, stream: trio.abc.Stream, lock: trio.Lock
    ) -> None:
        async with lock:
            match event:
                case Request():
                    await stream.send_all(websocket.send(AcceptConnection()))
                    self._subscribe(event.target, stream, lock)
                case Ping() | CloseConnection():
                    await stream.send_all(websocket.send(event.response()))

    def _subscribe(self, target: str, stream: trio.abc.Stream, lock: trio.Lock) -> None:
        address = urlsplit(target)
        wrapped = address.path.endswith("/stream")
        names = parse_qs(address.query)["streams"][0] if wrapped else address.path.split("/")[-1]
        for name in names.split("/"):
            frame = _framed(name, wrapped=wrapped)
            self._subscriptions.append(_Subscription(stream, lock, *frame))
        if len(self._subscriptions) == self._symbols:
            self._complete.set()


async def _run(symbols: int, certificate: str | None) -> None:
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    sender = _Sender(symbols, context)
    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_tcp, sender.serve, 0, host="127.0.0.1")
        listeners: list[trio.SocketListener] = await nursery.start(serve)
        _say(listeners[0].socket.getsockname()[1])
        await sender.complete()
        _say("complete")
        while line := await trio.to_thread.run_sync(sys.stdin.readline):
            order = json.loads(line)
            await sender.send(order["ticks"], order["a_second"] or math.inf)
        nursery.cancel_scope.cancel()


def _say(word: object) -> None:
    print(json.dumps(word), flush=True)


if __name__ == "__main__":
    job = json.loads(sys.stdin.readline())
    trio.run(_run, job["symbols"], job["certificate"])
