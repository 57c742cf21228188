"""The exchange's address: checked without connecting to it."""

from urllib.parse import urlsplit

from alertd.config.mistakes import WrongError
from alertd.config.values import text
from alertd.config.wording import shown


def venue_url(value: object) -> str:
    """Read the base address of websocket streams, such as wss://fstream.binance.com/market."""
    url = text(value)
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise WrongError("this is no address: write it like wss://host:port/path") from None
    if parts.scheme not in ("ws", "wss"):
        raise WrongError(f"{shown(url)}: the exchange's streams begin with wss:// (or ws://)")
    if not is_sound or parts.query or parts.fragment or not url.isprintable() or " " in url:
        raise WrongError("this is no address of streams: write it like wss://host:port/path")
    return url
