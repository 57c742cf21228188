"""Addresses of the exchange and of a proxy: checked without connecting to them."""

import re
from urllib.parse import unquote, urlsplit

from alertd.config.mistakes import WrongError
from alertd.config.values import text
from alertd.config.wording import shown

# Source: Binance USDⓈ-M futures, "WebSocket Connect", since 2026-04-23.
_ROUTED_HOST, _MARKET_ROUTE = "fstream.binance.com", "market"

_SEPARATORS = re.compile(r"[/?&=;,]+")
# Shorter ones are words, and to hide them would blank them wherever the log uses them.
_SHORTEST_SECRET = 8


def stream_url(value: object) -> str:
    """Read the base address of websocket streams, such as wss://fstream.binance.com/market."""
    url, scheme = _address(value, "of streams: write it like wss://host:port/path")
    if scheme not in ("ws", "wss"):
        raise WrongError(f"{shown(url)}: the exchange's streams begin with wss:// (or ws://)")
    parts = urlsplit(url)
    if parts.hostname == _ROUTED_HOST and parts.path.strip("/") != _MARKET_ROUTE:
        # The other paths connect, and then stay silent for ever: see market.venue.
        raise WrongError(f"mini tickers are below /{_MARKET_ROUTE} on this host")
    return url


def rest_url(value: object) -> str:
    """Read the base address of the REST interface, such as https://fapi.binance.com."""
    url, scheme = _address(value, "of REST: write it like https://host:port")
    if scheme not in ("http", "https"):
        raise WrongError(f"{shown(url)}: the exchange's REST begins with https:// (or http://)")
    return url


def archive_url(value: object) -> str:
    """Read the base address of an archive of klines, such as https://data.binance.vision."""
    url, scheme = _address(value, "of an archive: write it like https://host")
    if scheme not in ("http", "https"):
        raise WrongError(f"{shown(url)}: an archive's address begins with https:// (or http://)")
    return url


def proxy_url(value: object) -> str:
    """Read the address of an HTTP proxy, such as http://user:password@host:3128."""
    url, scheme = _address(value, "of a proxy: write it like http://host:port")
    if scheme != "http":
        raise WrongError(f"{shown(url)}: a proxy begins with http://, and tunnels TLS by CONNECT")
    return url


def heartbeat_url(value: object) -> str:
    """Read the address that a heartbeat calls, such as https://hc-ping.com/<uuid>."""
    what = "of a heartbeat: write it like https://host/path"
    url, scheme = _address(value, what, may_ask=True)
    if scheme not in ("http", "https"):
        raise WrongError(f"{shown(url)}: a heartbeat's address begins with https:// (or http://)")
    return url


def secrets_in(url: str) -> frozenset[str]:
    """Return what of a proxy's address must not be printed: its password, as written and as sent."""
    password = urlsplit(url).password
    return frozenset({password, unquote(password)}) if password else frozenset()


def heartbeat_secrets(url: str) -> frozenset[str]:
    """Return what of a heartbeat's address must not be printed: who knows it can call in our place.

    That is everything behind the host but plain words and short numbers, such as `ping` or
    `status=up`.
    """
    parts = urlsplit(url)
    pieces = _SEPARATORS.split(f"{parts.path}?{parts.query}")
    user = {parts.username, unquote(parts.username)} if parts.username else set()
    return secrets_in(url) | user | {it for it in pieces if len(it) >= _SHORTEST_SECRET}


def _address(value: object, what: str, *, may_ask: bool = False) -> tuple[str, str]:
    """Return an address and its scheme; `what` says of what it is one, and how such are written.

    `may_ask`: with a query behind a question mark.
    """
    url = text(value)
    wrong = WrongError(f"this is no address {what}")
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # as the look-up will
    except (ValueError, UnicodeError):
        raise wrong from None
    if not parts.scheme or "://" not in url:
        raise wrong
    is_sound &= may_ask or not parts.query
    if not is_sound or parts.fragment or not url.isprintable() or " " in url:
        raise wrong
    return url, parts.scheme
