"""The exchange's REST interface: its list of symbols, its tickers, or why they cannot be had."""

import ssl
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import trio

import alertd
from alertd.market.exchange_info import BadExchangeInfoError, parse_exchange_info
from alertd.market.listing import Listing
from alertd.market.rest_error import RestError, answered, unreachable
from alertd.market.rest_tickers import BadTickersError, parse_tickers
from alertd.market.ticker import Ticker
from alertd.market.venue import Venue

# Spot's list, the largest, is about 17 MB unpacked.
_LARGEST_ANSWER = 64 * 1024 * 1024
_TIMEOUT_S = 15.0
_STRANGER = "is feed.rest_url the exchange's?"

_Bytes = TypeVar("_Bytes", bytes, bytearray)


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
    with trio.move_on_after(timeout_s):
        return await _get(url, proxy, ssl_context, largest)
    raise RestError(f"no whole answer within {timeout_s:g} s", "is the network, or a proxy, slow?")


async def _get(
    url: str, proxy: str | None, ssl_context: ssl.SSLContext | None, largest: int
) -> bytes:
    """Return the body of a good answer."""
    async with _client(proxy, ssl_context) as client:
        try:
            async with client.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise answered(response.status_code, response.headers.get("Retry-After"))
                packed = await _read(response, largest)
                return _unpacked(packed, response.headers.get("Content-Encoding"), largest)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # UnicodeError: a host name that DNS cannot have, such as one with two dots in a row.
            raise unreachable(error, urlsplit(url).hostname or url) from None


async def _read(response: httpx.Response, largest: int) -> bytes:
    body = bytearray()
    with trio.CancelScope() as scope:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > largest:
                # To leave the loop would leave httpx's generators to the garbage collector.
                scope.cancel()
    return bytes(_bounded(body, largest))


def _unpacked(body: bytes, encoding: str | None, largest: int) -> bytes:
    """Return the answer unpacked, and never more of it than `largest`, which httpx does not check."""
    if encoding != "gzip":
        return body
    try:
        # wbits: with gzip's header.
        unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(body, largest + 1)
    except zlib.error as error:
        raise RestError(f"a broken answer: {error}", "it is tried again") from None
    return _bounded(unpacked, largest)


def _bounded(body: _Bytes, largest: int) -> _Bytes:
    if len(body) > largest:
        raise RestError(f"the answer is over {largest:,} bytes", "is feed.rest_url right?")
    return body


@asynccontextmanager
async def _client(
    proxy: str | None, ssl_context: ssl.SSLContext | None
) -> AsyncIterator[httpx.AsyncClient]:
    try:
        client = httpx.AsyncClient(
            proxy=proxy,
            # The system's certificates, as for the streams, and not those that httpx brings.
            verify=ssl_context or ssl.create_default_context(),
            timeout=None,  # noqa: S113 - one deadline covers the whole
            headers={"User-Agent": f"alertd/{alertd.__version__}", "Accept-Encoding": "gzip"},
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        # Its text has the proxy's address in it, and that may have a password.
        raise RestError(
            "the proxy that is set cannot be used", "only http:// and https:// proxies can"
        ) from None
    async with client:
        yield client


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
