"""The local exchange's list of symbols, as alertd and as strangers ask for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal

import attrs
import httpx
import msgspec
import pytest
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from alertd.market.past.rolling_day import MiniTicker
from alertd.market.rest import fetch_listing, fetch_tickers
from alertd.market.venue import SPOT, USDM, Venue

SYMBOLS = ("BTCUSDT", "币安人生USDT")
PLAYED = MiniTicker("BTCUSDT", 1, *map(Decimal, ("0.0000001", "2", "3", "0.00000001", "1E+3", "0")))


@asynccontextmanager
async def serving(rest: LocalRest) -> AsyncIterator[int]:
    async with trio.open_nursery() as nursery:
        yield await nursery.start(rest.serve)
        nursery.cancel_scope.cancel()


async def exchanged(port: int, sent: bytes) -> bytes:
    """Send bytes and return all that comes back until the connection ends."""
    received = b""
    with trio.fail_after(5):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(sent)
            await stream.send_eof()
            async for chunk in stream:
                received += chunk
    return received


@pytest.mark.parametrize("venue", [USDM, SPOT])
async def test_alertd_reads_its_symbols_as_it_does_the_exchanges(venue: Venue):
    async with serving(LocalRest(SYMBOLS, venue=venue)) as port:
        at = attrs.evolve(venue, rest_url=f"http://127.0.0.1:{port}")
        assert (await fetch_listing(at)).trading == SYMBOLS


@pytest.mark.parametrize("venue", [USDM, SPOT])
async def test_alertd_reads_the_tickers_that_were_played_last(venue: Venue):
    newest: dict[str, MiniTicker] = {}
    async with serving(LocalRest(SYMBOLS, tickers=newest, venue=venue)) as port:
        at = attrs.evolve(venue, rest_url=f"http://127.0.0.1:{port}")
        assert await fetch_tickers(at) == {}
        newest["BTCUSDT"] = PLAYED
        assert await fetch_tickers(at) == {"BTCUSDT": PLAYED.ticker()}


async def test_what_the_exchange_plays_is_its_newest_ticker():
    exchange = LocalExchange()
    await exchange.play([PLAYED, msgspec.structs.replace(PLAYED, time_ms=2)])
    assert exchange.newest == {"BTCUSDT": msgspec.structs.replace(PLAYED, time_ms=2)}


async def test_a_connection_serves_several_requests():
    async with serving(LocalRest(SYMBOLS)) as port, httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}{USDM.exchange_info_path}"
        bodies = {(await client.get(url)).content for _ in range(3)}
        assert len(bodies) == 1
        assert len(client._transport._pool.connections) == 1  # type: ignore[attr-defined]


async def test_a_query_is_no_other_path():
    async with serving(LocalRest(SYMBOLS)) as port:
        target = f"{USDM.exchange_info_path}?symbol=BTCUSDT".encode()
        answer = await exchanged(port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", b"404"),
        (b"GET /api/v3/exchangeInfo HTTP/1.1", b"404"),
        (b"GET /fapi/v1/klines HTTP/1.1", b"400"),
        (b"GET /fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2 HTTP/1.1", b"400"),
        (b"GET /fapi/v1/klines?symbol=BTCUSDT&interval=1y&limit=2 HTTP/1.1", b"400"),
        (b"GET /fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=x HTTP/1.1", b"400"),
        (b"HEAD /fapi/v1/exchangeInfo HTTP/1.1", b"405"),
        (b"POST /fapi/v1/exchangeInfo HTTP/1.1", b"405"),
        (b"CONNECT example.org:443 HTTP/1.1", b"405"),
        (b"GET /fapi/v1/exchangeInfo HTTP/1.0", b"200"),
    ],
)
async def test_only_what_there_is_is_answered_and_only_by_get(request_line: bytes, status: bytes):
    async with serving(LocalRest(SYMBOLS)) as port:
        answer = await exchanged(port, request_line + b"\r\nHost: x\r\n\r\n")
    assert answer.split()[1] == status


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 1_000_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_a_client_that_makes_no_sense_ends_nothing_but_itself(sent: bytes):
    async with serving(LocalRest(SYMBOLS)) as port:
        # One that is cut off may not have said everything by then.
        with suppress(trio.BrokenResourceError):
            await exchanged(port, sent)
        good = b"GET /fapi/v1/exchangeInfo HTTP/1.1\r\nHost: x\r\n\r\n"
        assert (await exchanged(port, good)).startswith(b"HTTP/1.1 200 ")


async def test_a_client_that_says_nothing_is_not_waited_for(autojump_clock: trio.abc.Clock):
    ours, theirs = trio.testing.memory_stream_pair()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(LocalRest(SYMBOLS)._serve_stream, ours)
    assert trio.current_time() == 10
    await theirs.aclose()
