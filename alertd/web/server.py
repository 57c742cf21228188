"""Serving the control room on a socket, in the daemon's own loop, without harm to the daemon.

hypercorn's worker for Trio has the protocol. What is around it here are bounds that it lacks: on
how many clients there are at a time (each costs a descriptor, and the feed needs some), on how long
one may take to read its answer and may stay at all, and on what its failing can do.
"""

import logging
import socket
from contextlib import ExitStack
from functools import partial
from typing import cast

import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ASGIFramework, ConnectionState
from starlette.applications import Starlette

from alertd.web.stream import ClientStream

_log = logging.getLogger(__name__)

# More wait in the socket's backlog until one of these is done.
_MOST_CLIENTS = 32
# How long a client may be silent before its request, or between two, and how long it may take
# to read an answer.
_PATIENCE_S = 5.0
# How long a connection may last: whoever speaks HTTP/2, or asks for a websocket in vain, is never
# silent in hypercorn's eyes. The longest request, a reload, is over in a minute, or its client gone.
_LONGEST_S = 120.0


async def serve(  # noqa: PLR0913 - by name, but for the first two
    app: Starlette,
    listening: socket.socket,
    *,
    most_clients: int = _MOST_CLIENTS,
    patience_s: float = _PATIENCE_S,
    longest_s: float = _LONGEST_S,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until cancelled; started when clients are let in.

    The socket is closed at the end: nobody shall wait for an answer that will not come.
    """
    door = _Door(listening, most_clients, patience_s)
    context = WorkerContext(None)
    handler = partial(
        _serve_client,
        ASGIWrapper(cast(ASGIFramework, app)),
        _config(patience_s),
        context,
        longest_s=longest_s,
    )
    async with trio.open_nursery() as nursery:
        task_status.started()
        try:
            await trio.serve_listeners(handler, [door], handler_nursery=nursery)
        finally:
            door.abort()


class _Door(trio.abc.Listener[ClientStream]):
    """Lets so many clients in at a time, and knows who they are."""

    def __init__(self, listening: socket.socket, most: int, patience_s: float) -> None:
        listening.setblocking(False)
        self._listener = trio.SocketListener(trio.socket.from_stdlib_socket(listening))
        self._slots = trio.Semaphore(most)
        self._inside: set[ClientStream] = set()
        self._patience_s = patience_s

    async def accept(self) -> ClientStream:
        await self._slots.acquire()
        with ExitStack() as on_failure:
            on_failure.callback(self._slots.release)
            accepted = await self._listener.accept()
            on_failure.pop_all()
        stream = ClientStream(
            accepted, patience_s=self._patience_s, on_close=lambda: self._leaves(stream)
        )
        self._inside.add(stream)
        return stream

    def _leaves(self, stream: ClientStream) -> None:
        self._inside.discard(stream)
        self._slots.release()

    async def aclose(self) -> None:
        await self._listener.aclose()

    def abort(self) -> None:
        """Close every connection now: hypercorn's are shielded from being cancelled."""
        for stream in tuple(self._inside):
            stream.abort()


def _config(patience_s: float) -> Config:
    config = Config()
    config.errorlog = _log
    config.include_server_header = False
    config.keep_alive_timeout = patience_s
    return config


async def _serve_client(
    app: ASGIWrapper,
    config: Config,
    context: WorkerContext,
    stream: ClientStream,
    *,
    longest_s: float,
) -> None:
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end, stream, longest_s)
            await TCPServer(app, config, context, ConnectionState({}), stream)  # type: ignore[arg-type]  # it is duck-typed
            nursery.cancel_scope.cancel()
    except Exception:  # noqa: BLE001 - a boundary
        # What a stranger sends goes through libraries here, and whatever they make of it must not
        # end the watch over the market.
        _log.exception("a client's connection failed", extra={"event": "web.failed"})
    finally:
        stream.abort()


async def _end(stream: ClientStream, after_s: float) -> None:
    """Close the connection by then: to cancel hypercorn would not, as it sends in a shield."""
    await trio.sleep(after_s)
    stream.abort()
