"""A way out through an HTTP proxy: its address, and the tunnel that it opens."""

from base64 import b64encode
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import h11
import trio

from alertd.market.feed.faults import ProxyError

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

    Raises `ProxyError` where the proxy refuses, `OSError` where it cannot be reached. Neither
    shows the proxy's user or password.
    """
    parts = urlsplit(proxy)
    if parts.scheme != "http" or parts.hostname is None:
        raise ProxyError("the proxy's address is not like http://host:port")
    stream = await trio.open_tcp_stream(parts.hostname, parts.port or 80)
    try:
        await _connect(stream, f"{host}:{port}", parts.username, parts.password)
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
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await stream.receive_some(_READ))
    except h11.RemoteProtocolError:
        raise ProxyError("the proxy does not answer as a proxy") from None
    if not isinstance(event, h11.Response):
        raise ProxyError("the proxy closed the connection")
    if event.status_code not in _SUCCESS:
        raise ProxyError(f"the proxy answered with HTTP status {event.status_code}")
