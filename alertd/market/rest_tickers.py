"""The answer to `ticker/24hr` into tickers, for every market of the exchange."""

from collections.abc import Mapping
from typing import Any

import msgspec

from alertd.market.ticker import BadFrameError, Ticker, sound_ticker

# Ticker's field -> key in REST. COIN-M has `baseVolume` in place of `quoteVolume`: what `q` of its
# mini ticker is. Source: Binance, "24hr Ticker Price Change Statistics" of each market.
REST_KEYS = {
    "symbol": "symbol",
    "time_ms": "closeTime",
    "close": "lastPrice",
    "open": "openPrice",
    "high": "highPrice",
    "low": "lowPrice",
    "volume": "volume",
    "quote_volume": "quoteVolume",
}
_COINM_KEYS = REST_KEYS | {"quote_volume": "baseVolume"}


class BadTickersError(ValueError):
    """The exchange's mistake: what came is no list of tickers. Its text says why."""


_decoder = msgspec.json.Decoder(list[dict[str, Any]])


def parse_tickers(body: bytes) -> dict[str, Ticker]:
    """Return the tickers in an answer of usdm, coinm or spot, by symbol.

    A symbol whose ticker is not sound is left out: one that has not traded yet has prices of 0.
    Raises `BadTickersError`.
    """
    try:
        rows = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadTickersError(f"no list of tickers: {error}") from None
    found = (_ticker(row) for row in rows)
    return {ticker.symbol: ticker for ticker in found if ticker is not None}


def _ticker(row: Mapping[str, object]) -> Ticker | None:
    keys = REST_KEYS if REST_KEYS["quote_volume"] in row else _COINM_KEYS
    try:
        return sound_ticker({field: row.get(key) for field, key in keys.items()})
    except BadFrameError:
        return None
