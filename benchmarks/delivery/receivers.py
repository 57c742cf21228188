"""Who gets the messages: a web server that notes when each came, and two that never take any."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import h11
import msgspec
import trio

_CHUNK = 65_536


class Receiver:
    """Answers every POST with 200. `arrived_s` has when the whole of each was there, by its title."""

    def __init__(self) -> None:
        self.arrived_s: dict[str, float] = {}

    async def serve(self, *, task_status: trio.TaskStatus[str]) -> None:
        """Serve until cancelled; started with the Apprise URL."""
        async with trio.open_nursery() as nursery:
            serving = partial(trio.serve_tcp, self._answer, 0, host="127.0.0.1")
            listeners: list[trio.SocketListener] = await nursery.start(serving)
            port = listeners[0].socket.getsockname()[1]
            task_status.started(f"json://127.0.0.1:{port}")

    async def _answer(self, stream: trio.SocketStream) -> None:
        connection, body = h11.Connection(h11.SERVER), b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(bytes(await stream.receive_some(_CHUNK)))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
            elif isinstance(event, h11.ConnectionClosed):
                return
        arrived_s = time.perf_counter()
        self.arrived_s[msgspec.json.decode(body)["title"]] = arrived_s
        headers = [("Content-Length", "0"), ("Connection", "close")]
        answer = connection.send(h11.Response(status_code=200, headers=headers)) or b""
        await stream.send_all(answer + (connection.send(h11.EndOfMessage()) or b""))


@contextmanager
def closed_port() -> Iterator[str]:
    """Give the URL of a port where every connection is refused."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"json://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def hanging_port() -> Iterator[str]:
    """Give the URL of a port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield f"json://127.0.0.1:{server.getsockname()[1]}"
