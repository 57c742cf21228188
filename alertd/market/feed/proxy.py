"""A way out through an HTTP proxy: its address, and the tunnel that it opens."""

from base64 import b64encode
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11
import trio

from alertd.market.feed.faults import ProxyError, fault_of

_NO_ADDRESS = "the proxy's address is not like http://host:port"
_READ = 4096
_SUCCESS = range(200, 300)


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for a websocket address, if any.

    $HTTPS_PROXY is for `wss://`, $HTTP_PROXY for `ws://`, $ALL_PROXY for both; $NO_PROXY makes
    exceptions. Raises nothing: what is no address of a proxy fails when it is used.
    """
    proxies, parts = getproxies(), urlsplit(url)
    if proxy_bypass(parts.netloc):
        return None
    return proxies.get("https" if parts.scheme == "wss" else "http") or proxies.get("all")


async def open_tunnel(proxy: str, host: str, port: int) -> trio.SocketStream:
    """Return a stream to `host` through the proxy (HTTP CONNECT).

    Raises `ProxyError` where the proxy cannot be reached or refuses. It does not show the proxy's
    user or password.
    """
    try:
        parts = urlsplit(proxy)
        if parts.scheme != "http" or parts.hostname is None:
            raise ProxyError(_NO_ADDRESS)
        stream = await trio.open_tcp_stream(parts.hostname, parts.port or 80)
    except (ValueError, UnicodeError):
        raise ProxyError(_NO_ADDRESS) from None
    except OSError as error:
        reason = fault_of(error).reason
        raise ProxyError(f"the proxy cannot be reached: {reason}") from None
    try:
        name = f"[{host}]" if ":" in host else host
        await _connect(stream, f"{name}:{port}", parts.username, parts.password)
    except BaseException:  # whatever ends it, cancellation too, the socket is closed
        await trio.aclose_forcefully(stream)
        raise
    return stream


async def _connect(
    stream: trio.SocketStream, target: str, user: str | None, password: str | None
) -> None:
    headers = [("Host", target)]
    if user is not None:
        pair = f"{unquote(user)}:{unquote(password or '')}"
        headers.append(("Proxy-Authorization", f"Basic {b64encode(pair.encode()).decode()}"))
    http = h11.Connection(h11.CLIENT)
    request = http.send(h11.Request(method="CONNECT", target=target, headers=headers))
    await stream.send_all(request + http.send(h11.EndOfMessage()))
    try:
        while not isinstance(event := http.next_event(), h11.Response):
            if event is h11.NEED_DATA:
                http.receive_data(await _received(stream))
    except h11.RemoteProtocolError:
        raise ProxyError("the proxy does not answer as a proxy") from None
    if event.status_code not in _SUCCESS:
        raise ProxyError(f"the proxy answered with HTTP status {event.status_code}")


async def _received(stream: trio.SocketStream) -> bytes:
    received = await stream.receive_some(_READ)
    if not received:
        raise ProxyError("the proxy closed the connection")
    return bytes(received)
