"""Venues: the exchange's markets, where each is reached, and what a stream is called.

What differs between them on the wire, beyond the addresses:

|                              | usdm          | coinm             | spot                        |
|------------------------------|---------------|-------------------|-----------------------------|
| `v` and `q` of a mini ticker | base, quote   | contracts, base   | base, quote                 |
| keys beyond the nine         | `ps`, `st`    | `ps`, `st`        | none                        |
| status of a symbol, in REST  | `status`      | `contractStatus`  | `status`                    |
| the server's ping            | every 3 min   | every 3 min       | every 20 s                  |
| its pong is due within       | 10 min        | 10 min            | 1 min, payload echoed       |
| messages a client may send   | 10 a second   | 10 a second       | 5 a second, pongs included  |
| streams a connection         | 1024          | 200 or 1024       | 1024                        |
| a restart is announced       | no            | no                | `{"e":"serverShutdown"}`    |

Source: Binance's pages on the websocket market streams and the exchange information of each.
"""

from collections.abc import Iterable, Mapping
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import quote

import attrs

_DAY_S = 24 * 60 * 60.0


@attrs.frozen(kw_only=True)
class Venue:
    """A market of the exchange.

    `stream_url` is the base below which its streams live, `rest_url` that of its REST interface,
    in which `exchange_info_path` lists the symbols, `tickers_path` has a ticker of each, and
    `klines_path` the past of one. `kline_costs` are pairs of so many klines at most, and the weight
    of an answer that long; an address may ask for `weight_a_minute`. A symbol that trades pushes a
    mini ticker every `push_interval_s` seconds; a connection is cut after `connection_lifetime_s`.
    """

    name: str
    stream_url: str
    rest_url: str
    exchange_info_path: str
    tickers_path: str
    klines_path: str
    kline_costs: tuple[tuple[int, int], ...]
    weight_a_minute: int
    push_interval_s: float
    connection_lifetime_s: float = _DAY_S

    def ticker_url(self, symbol: str) -> str:
        """Return the address of a symbol's mini-ticker stream."""
        return f"{self.stream_url.rstrip('/')}/ws/{_quoted(symbol)}"

    def combined_url(self, symbols: Iterable[str]) -> str:
        """Return the address of one connection for all of these symbols' mini-ticker streams."""
        streams = "/".join(_quoted(symbol) for symbol in symbols)
        return f"{self.stream_url.rstrip('/')}/stream?streams={streams}"

    @property
    def exchange_info_url(self) -> str:
        """Where the venue's symbols are listed."""
        return f"{self.rest_url.rstrip('/')}{self.exchange_info_path}"

    @property
    def tickers_url(self) -> str:
        """Where the tickers of all the venue's symbols are."""
        return f"{self.rest_url.rstrip('/')}{self.tickers_path}"

    def klines_url(self, symbol: str, interval: str, count: int) -> str:
        """Where a symbol's newest klines are, so many of them; an interval is `1m`, `15m` and so on."""
        query = f"symbol={quote(symbol)}&interval={interval}&limit={count}"
        return f"{self.rest_url.rstrip('/')}{self.klines_path}?{query}"

    def kline_weight(self, count: int) -> int:
        """Return what an answer with so many klines weighs."""
        return next(weight for most, weight in self.kline_costs if count <= most)

    def klines_for(self, weight: int) -> int:
        """Return how many klines an answer of that weight may have, the lightest one at least."""
        lightest, *heavier = self.kline_costs
        return max([lightest[0], *(most for most, costs in heavier if costs <= weight)])


# Source: Binance USDⓈ-M and COIN-M futures, "Kline/Candlestick Data" and "Exchange Information".
_FUTURES_KLINE_COSTS = ((99, 1), (499, 2), (1000, 5), (1500, 10))

# Since 2026-04-23 this host routes by path, and mini tickers belong to /market. The path without
# it still completes the handshake, and then stays silent for ever.
# Source: Binance USDⓈ-M futures, "WebSocket Connect"; cryptofeed issue 1128, jesse issue 562.
USDM = Venue(
    name="usdm",
    stream_url="wss://fstream.binance.com/market",
    rest_url="https://fapi.binance.com",
    exchange_info_path="/fapi/v1/exchangeInfo",
    tickers_path="/fapi/v1/ticker/24hr",
    klines_path="/fapi/v1/klines",
    kline_costs=_FUTURES_KLINE_COSTS,
    weight_a_minute=2400,
    push_interval_s=2.0,
)
COINM = Venue(
    name="coinm",
    stream_url="wss://dstream.binance.com",
    rest_url="https://dapi.binance.com",
    exchange_info_path="/dapi/v1/exchangeInfo",
    tickers_path="/dapi/v1/ticker/24hr",
    klines_path="/dapi/v1/klines",
    kline_costs=_FUTURES_KLINE_COSTS,
    weight_a_minute=2400,
    push_interval_s=0.5,
)
SPOT = Venue(
    name="spot",
    stream_url="wss://stream.binance.com:9443",
    rest_url="https://api.binance.com",
    exchange_info_path="/api/v3/exchangeInfo",
    # MINI leaves out what a mini ticker does not have, and with it half of the answer.
    tickers_path="/api/v3/ticker/24hr?type=MINI",
    klines_path="/api/v3/klines",
    kline_costs=((1000, 2),),
    weight_a_minute=6000,
    push_interval_s=1.0,
)
VENUES: Mapping[str, Venue] = {venue.name: venue for venue in (USDM, COINM, SPOT)}

_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def stream_name(symbol: str) -> str:
    """Return the name of a symbol's mini-ticker stream: ASCII letters in lower case, others as is.

    The exchange takes any other spelling and then sends nothing, without an error.
    """
    return f"{symbol.translate(_ASCII_LOWER)}@miniTicker"


def _quoted(symbol: str) -> str:
    return quote(stream_name(symbol), safe="@")
