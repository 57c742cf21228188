"""A request to the exchange's REST interface: one whole answer, within bounds, or why there is none."""

import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import attrs
import httpx
import trio

import alertd
from alertd.market.rest_error import RestError, answered, unreachable

_Bytes = TypeVar("_Bytes", bytes, bytearray)


@attrs.frozen
class Answer:
    """A good answer: its body, unpacked, and its headers."""

    body: bytes
    headers: Mapping[str, str]


@asynccontextmanager
async def rest_client(
    proxy: str | None, ssl_context: ssl.SSLContext | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Give what keeps connections open from one request to the next. Raises `RestError`.

    Without `proxy` those of the environment serve (HTTPS_PROXY, ALL_PROXY, NO_PROXY).
    """
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


async def get(client: httpx.AsyncClient, url: str, *, timeout_s: float, largest: int) -> Answer:
    """Return a good answer. `timeout_s` covers the whole of it, `largest` is in bytes, unpacked.

    Raises `RestError`.
    """
    with trio.move_on_after(timeout_s):
        return await _get(client, url, largest)
    raise RestError(f"no whole answer within {timeout_s:g} s", "is the network, or a proxy, slow?")


async def _get(client: httpx.AsyncClient, url: str, largest: int) -> Answer:
    try:
        async with client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise answered(response.status_code, response.headers.get("Retry-After"))
            packed = await _read(response, largest)
            encoding = response.headers.get("Content-Encoding")
            return Answer(_unpacked(packed, encoding, largest), response.headers)
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
