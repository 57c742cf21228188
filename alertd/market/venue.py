"""Venues: the exchange's markets, where their streams are, and what a stream is called."""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import quote

import attrs

_DAY_S = 24 * 60 * 60.0


@attrs.frozen
class Venue:
    """A market of the exchange.

    `stream_url` is the base below which its streams live; a connection is cut after
    `connection_lifetime_s`.
    """

    name: str
    stream_url: str
    connection_lifetime_s: float = _DAY_S

    def ticker_url(self, symbol: str) -> str:
        """Return the address of a symbol's mini-ticker stream."""
        return f"{self.stream_url.rstrip('/')}/ws/{_quoted(symbol)}"

    def combined_url(self, symbols: Iterable[str]) -> str:
        """Return the address of one connection for all of these symbols' mini-ticker streams."""
        streams = "/".join(_quoted(symbol) for symbol in symbols)
        return f"{self.stream_url.rstrip('/')}/stream?streams={streams}"


# Since 2026-04-23 this host routes by path, and mini tickers belong to /market. The path without
# it still completes the handshake, and then stays silent for ever.
# Source: Binance USDⓈ-M futures, "WebSocket Connect"; cryptofeed issue 1128, jesse issue 562.
USDM = Venue("usdm", "wss://fstream.binance.com/market")

_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def stream_name(symbol: str) -> str:
    """Return the name of a symbol's mini-ticker stream: ASCII letters in lower case, others as is.

    The exchange takes any other spelling and then sends nothing, without an error.
    """
    return f"{symbol.translate(_ASCII_LOWER)}@miniTicker"


def _quoted(symbol: str) -> str:
    return quote(stream_name(symbol), safe="@")
