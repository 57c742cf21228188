"""Opening a websocket so that every failure is quick, and says why."""

import os
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import trio
from trio_websocket import (
    ConnectionClosed,
    ConnectionRejected,
    HandshakeError,
    WebSocketConnection,
    wrap_client_stream,
)
from wsproto.utilities import LocalProtocolError

# What the network and the far end can do to a connection: the errors after which trying again is
# right. Any other error is a mistake of ours and ends the process. A local protocol error is here
# because trio-websocket's reader raises it for a pong that falls into the closing handshake.
NETWORK_ERRORS = (
    OSError,
    trio.BrokenResourceError,
    trio.ClosedResourceError,
    trio.TooSlowError,
    HandshakeError,
    ConnectionClosed,
    LocalProtocolError,
)

# Long enough for a polite goodbye, short enough that nobody waits for one.
_CLOSE_TIMEOUT_S = 1.0


@asynccontextmanager
async def open_websocket(
    url: str, *, connect_timeout_s: float, ssl_context: ssl.SSLContext | None = None
) -> AsyncIterator[WebSocketConnection]:
    """Connect to a `ws://` or `wss://` address, and close the connection at the end of the block.

    `connect_timeout_s` covers name, TCP, TLS and handshake together. Raises one of
    `NETWORK_ERRORS`, alone or in an exception group.

    trio-websocket's own opener waits for ever on a peer that accepts and then says nothing, and
    reports a bad certificate as a mere time-out; leaving its block can hang as well. Here each
    step raises its own error, all under one deadline, and the reader is cancelled at the end.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "wss"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    deadline = trio.current_time() + connect_timeout_s
    with trio.fail_at(deadline):
        context = (ssl_context or ssl.create_default_context()) if secure else None
        stream = await _open_stream(host, port, context)
    async with stream, trio.open_nursery() as nursery:
        with trio.fail_at(deadline):
            resource = parts.path + (f"?{parts.query}" if parts.query else "")
            connection = await wrap_client_stream(nursery, stream, parts.netloc, resource)
        try:
            yield connection
        finally:
            with trio.move_on_after(_CLOSE_TIMEOUT_S):
                await connection.aclose()
            nursery.cancel_scope.cancel()


async def _open_stream(
    host: str, port: int, ssl_context: ssl.SSLContext | None
) -> trio.SocketStream | trio.SSLStream[trio.SocketStream]:
    plain = await trio.open_tcp_stream(host, port)
    if ssl_context is None:
        return plain
    secure = trio.SSLStream(plain, ssl_context, server_hostname=host, https_compatible=True)
    try:
        await secure.do_handshake()
    except BaseException:
        await trio.aclose_forcefully(plain)
        raise
    return secure


def explain(error: BaseException) -> str:
    """Say in a few words what one of `NETWORK_ERRORS`, or a group of them, means."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(explain(inner) for inner in error.exceptions))
    match error:
        case trio.TooSlowError():
            return "no answer in time"
        case ConnectionRejected():
            return f"refused with HTTP status {error.status_code}"
        case ConnectionClosed():
            return _explain_close(error)
        case OSError() | trio.BrokenResourceError():
            return _explain_broken(error)
    return str(error) or type(error).__name__


def _explain_close(error: ConnectionClosed) -> str:
    if error.reason is None or error.reason.code == 1006:  # noqa: PLR2004 - "abnormal closure"
        return "the connection was lost"
    said = f" {error.reason.reason}" if error.reason.reason else ""
    return f"closed by the exchange with code {error.reason.code}{said}"


def _explain_broken(error: OSError | trio.BrokenResourceError) -> str:
    """Trio wraps what the system said: its own sentence is about streams and attempts."""
    if error.__cause__ is not None:
        return explain(error.__cause__)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    if isinstance(error, OSError) and error.errno and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno)
    return getattr(error, "strerror", None) or str(error) or "the connection broke"
