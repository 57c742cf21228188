"""The exchange's REST interface: its list of symbols, its tickers, or why they cannot be had."""

import ssl
import time

from alertd.market.exchange_info import BadExchangeInfoError, parse_exchange_info
from alertd.market.listing import Listing
from alertd.market.rest_client import get, rest_client
from alertd.market.rest_error import RestError
from alertd.market.rest_tickers import BadTickersError, parse_tickers
from alertd.market.ticker import Ticker
from alertd.market.venue import Venue

# Spot's list, the largest, is about 17 MB unpacked.
_LARGEST_ANSWER = 64 * 1024 * 1024
_TIMEOUT_S = 15.0
_STRANGER = "is feed.rest_url the exchange's?"


async def fetch_listing(
    venue: Venue,
    *,
    proxy: str | None = None,
    ssl_context: ssl.SSLContext | None = None,
    timeout_s: float = _TIMEOUT_S,
    largest: int = _LARGEST_ANSWER,
) -> Listing:
    """Return what the venue lists now; it costs 1 of the 2,400 weight a minute (spot: 20 of 6,000).

    Without `proxy` those of the environment serve (HTTPS_PROXY, ALL_PROXY, NO_PROXY). `timeout_s`
    covers the whole of it, `largest` is in bytes of the unpacked answer. Raises `RestError`.
    """
    body = await _get_within(timeout_s, venue.exchange_info_url, proxy, ssl_context, largest)
    try:
        return parse_exchange_info(body, market=venue.name, fetched_ms=_now_ms())
    except BadExchangeInfoError as error:
        raise RestError(str(error), _STRANGER) from None


async def fetch_tickers(
    venue: Venue,
    *,
    proxy: str | None = None,
    ssl_context: ssl.SSLContext | None = None,
    timeout_s: float = _TIMEOUT_S,
    largest: int = _LARGEST_ANSWER,
) -> dict[str, Ticker]:
    """Return the tickers of all the venue's symbols as they are now, by symbol, in one request.

    They lag the streams by seconds. It costs 40 of the 2,400 weight a minute (spot: 80 of 6,000).
    The options, and what it raises, are those of `fetch_listing`.
    Source: Binance, "24hr Ticker Price Change Statistics" of USDⓈ-M, COIN-M and spot.
    """
    body = await _get_within(timeout_s, venue.tickers_url, proxy, ssl_context, largest)
    try:
        return parse_tickers(body)
    except BadTickersError as error:
        raise RestError(str(error), _STRANGER) from None


async def _get_within(
    timeout_s: float, url: str, proxy: str | None, ssl_context: ssl.SSLContext | None, largest: int
) -> bytes:
    async with rest_client(proxy, ssl_context) as client:
        return (await get(client, url, timeout_s=timeout_s, largest=largest)).body


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
