"""What stands between: TCP relays and HTTP proxies, good ones and bad ones."""

from base64 import b64encode

import trio
from trio.abc import Stream

from tests.market.feed.misbehaving import Behaviour

_OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


def relay(port: int, *, stops_after_s: float | None = None) -> Behaviour:
    """Forward both ways to a port on loopback, and after a while no more, with all left open.

    So a half-open connection looks from the client: nothing comes, nothing is answered, and no
    end is seen. The system's acknowledgements still come, which the client never sees either.
    """

    async def behaviour(stream: Stream) -> None:
        async with await trio.open_tcp_stream("127.0.0.1", port) as far:
            with trio.move_on_after(stops_after_s or float("inf")):
                await _join(stream, far)
                return
            await trio.sleep_forever()

    return behaviour


def proxy(*, user: str | None = None) -> Behaviour:
    """A CONNECT proxy that works: for anybody, or for `user` as `name:password`."""

    async def behaviour(stream: Stream) -> None:
        lines = (await _head(stream)).split("\r\n")
        method, target, _ = lines[0].split(" ")
        assert method == "CONNECT"
        pass_ = user and f"Proxy-Authorization: Basic {b64encode(user.encode()).decode()}"
        if pass_ and pass_ not in lines:
            await stream.send_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        host, _, port = target.partition(":")
        async with await trio.open_tcp_stream(host, int(port)) as far:
            await stream.send_all(_OPEN)
            await _join(stream, far)

    return behaviour


async def _head(stream: Stream) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        received = await stream.receive_some()
        assert received
        head += received
    return head.decode()


async def _join(one: Stream, other: Stream) -> None:
    async with trio.open_nursery() as nursery:

        async def forward(source: Stream, sink: Stream) -> None:
            while received := await source.receive_some():
                await sink.send_all(bytes(received))
            nursery.cancel_scope.cancel()

        nursery.start_soon(forward, one, other)
        nursery.start_soon(forward, other, one)
