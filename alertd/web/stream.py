"""A client's connection, with bounds that the HTTP server does not have."""

from collections.abc import Callable

import trio


class ClientStream(trio.abc.HalfCloseableStream):
    """A socket's stream that does not wait for ever for a client to read; `on_close` is called once.

    hypercorn sends in a shield, so that a client who does not read could hold up the daemon's end.
    """

    def __init__(
        self, stream: trio.SocketStream, *, patience_s: float, on_close: Callable[[], object]
    ) -> None:
        self._stream = stream
        self._patience_s = patience_s
        self._on_close = on_close
        self._closed = False

    @property
    def socket(self) -> trio.socket.SocketType:
        """The socket, whose addresses the server asks for."""
        return self._stream.socket

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send, or raise `BrokenResourceError` where that takes too long."""
        try:
            with trio.fail_after(self._patience_s):
                await self._stream.send_all(data)
        except trio.TooSlowError:
            raise trio.BrokenResourceError("the client does not read") from None
        except trio.BusyResourceError:
            # hypercorn closes a connection while it sends on it, when the client spoiled it.
            raise trio.BrokenResourceError("it is being closed") from None

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until there is room."""
        await self._stream.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """Receive what there is."""
        return await self._stream.receive_some(max_bytes)

    async def send_eof(self) -> None:
        """Say that no more is sent."""
        await self._stream.send_eof()

    async def aclose(self) -> None:
        """Close it."""
        self.abort()
        await trio.lowlevel.checkpoint()

    def abort(self) -> None:
        """Close it now; whoever waits for it is told so."""
        self._stream.socket.close()
        if not self._closed:
            self._closed = True
            self._on_close()
