"""Serving connections on a port, for whatever speaks on them."""

from collections.abc import Awaitable, Callable

import trio


async def serve_connections(
    handler: Callable[[trio.SocketStream], Awaitable[object]],
    port: int,
    *,
    host: str,
    task_status: trio.TaskStatus[int],
) -> None:
    """Serve until cancelled; started with the port, which the system chooses for 0.

    Raises `OSError` where the port cannot be had.
    """
    listeners = await trio.open_tcp_listeners(port, host=host)
    async with trio.open_nursery() as nursery:
        await nursery.start(trio.serve_listeners, handler, listeners)
        task_status.started(listeners[0].socket.getsockname()[1])
