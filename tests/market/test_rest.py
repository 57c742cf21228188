"""Fetching the exchange's list of symbols from real servers, and what is said where that fails."""

import email.utils
import json
import socket
import ssl
import time
import zlib
from typing import NoReturn

import attrs
import pytest
import trio
import trustme

from alertd.market.exchange_info import BadExchangeInfoError, parse_exchange_info
from alertd.market.listing import Listing
from alertd.market.rest import fetch_listing
from alertd.market.rest_error import RestError
from alertd.market.venue import COINM, SPOT, USDM, Venue
from tests.market.rest_servers import (
    Behaviour,
    answers,
    cuts,
    exchange_info,
    hangs,
    lists,
    never_stops,
    rest_server,
    stops_half_way,
    symbol,
    talks_nonsense,
)


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def at(url: str, venue: Venue = USDM) -> Venue:
    return attrs.evolve(venue, rest_url=url)


async def fault(*behaviours: Behaviour, timeout_s: float = 10, largest: int = 10**6) -> RestError:
    """Return what is said when a server behaves so."""
    with rest_server(*behaviours) as server, pytest.raises(RestError) as raised:
        await fetch_listing(at(server.url), timeout_s=timeout_s, largest=largest)
    return raised.value


@pytest.mark.parametrize("venue", [USDM, COINM, SPOT])
async def test_each_market_is_asked_for_its_symbols(venue: Venue):
    with rest_server(lists("BTCUSDT", "币安人生USDT")) as server:
        listing = await fetch_listing(at(server.url, venue))
    assert listing.trading == ("BTCUSDT", "币安人生USDT")
    assert (listing.market, server.asked) == (venue.name, [venue.exchange_info_path])


async def test_a_listing_knows_when_it_was_fetched():
    before_ms = time.time_ns() // 1_000_000
    with rest_server(lists("BTCUSDT")) as server:
        listing = await fetch_listing(at(server.url))
    assert before_ms <= listing.fetched_ms <= time.time_ns() // 1_000_000


async def test_a_packed_answer_is_unpacked():
    packed = zlib.compress(exchange_info([symbol("BTCUSDT")]), wbits=31)
    with rest_server(answers(packed, headers={"Content-Encoding": "gzip"})) as server:
        assert (await fetch_listing(at(server.url))).trading == ("BTCUSDT",)


async def test_it_comes_over_tls_from_whom_the_system_trusts():
    authority = trustme.CA()
    with rest_server(lists("BTCUSDT"), tls=serving(authority)) as server:
        listing = await over_tls(server.url, authority)
    assert listing.trading == ("BTCUSDT",)


async def test_a_certificate_that_nobody_vouches_for_is_said_to_be_one():
    tls = serving(trustme.CA())
    with rest_server(cuts, tls=tls) as server, pytest.raises(RestError) as raised:
        await fetch_listing(at(server.url))
    assert raised.value.reason == "TLS: unable to get local issuer certificate"
    assert "clock" in raised.value.advice


async def test_a_certificate_of_another_name_is_said_to_be_one():
    authority = trustme.CA()
    tls = serving(authority, "example.org")
    with rest_server(cuts, tls=tls) as server, pytest.raises(RestError) as raised:
        await over_tls(server.url, authority)
    assert raised.value.reason.startswith("TLS: IP address mismatch")


async def test_tls_to_a_plain_server_is_said_to_be_it():
    with rest_server(lists("BTCUSDT")) as server, pytest.raises(RestError, match="speak TLS"):
        await fetch_listing(at(server.url.replace("http:", "https:")))


@pytest.mark.parametrize("status", [403, 451])
async def test_a_blocked_region_is_said_to_be_one(status: int):
    error = await fault(answers(status=status))
    assert str(error) == (
        f"the exchange does not serve this region or address (HTTP {status}); "
        "run alertd where it does, or set feed.proxy"
    )


@pytest.mark.parametrize(("status", "what"), [(429, "too many requests"), (418, "banned")])
async def test_who_asks_too_often_learns_for_how_long_to_be_quiet(status: int, what: str):
    error = await fault(answers(status=status, headers={"Retry-After": "120"}))
    assert what in error.reason
    assert error.retry_after_s == 120


async def test_the_end_of_a_ban_may_be_a_date():
    date = email.utils.formatdate(time.time() + 600, usegmt=True)
    error = await fault(answers(status=418, headers={"Retry-After": date}))
    assert error.retry_after_s == pytest.approx(600, abs=20)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("soon", 120),
        ("-5", 120),
        ("Wed, 21 Oct 99999999999999 07:28:00 GMT", 120),
        ("Wed, 21 Oct 2026 07:28:00 +99999999999999999999", 120),
        ("9" * 400, 259_200),
        ("Fri, 01 Jan 1999 00:00:00 GMT", 0),
        ("0", 0),
    ],
)
async def test_a_ban_is_of_a_sensible_length_whatever_is_said(said: str, taken: float):
    error = await fault(answers(status=429, headers={"Retry-After": said}))
    assert error.retry_after_s == taken


async def test_a_server_in_trouble_is_the_exchanges():
    error = await fault(answers(status=500))
    assert error.reason == "the exchange is in trouble (HTTP 500)"
    assert error.retry_after_s is None


@pytest.mark.parametrize("status", [301, 404])
async def test_another_status_means_that_no_list_is_there(status: int):
    error = await fault(answers(status=status, headers={"Location": "http://127.0.0.1:1/"}))
    assert str(error) == f"nothing of the kind there (HTTP {status}); is feed.rest_url right?"


@pytest.mark.parametrize("behaviour", [hangs, stops_half_way])
async def test_an_answer_that_does_not_end_is_not_waited_for(behaviour: Behaviour):
    error = await fault(behaviour, timeout_s=0.2)
    assert error.reason == "no whole answer within 0.2 s"


async def test_an_answer_that_is_too_large_is_left_there():
    error = await fault(never_stops, largest=1_000_000)
    assert error.reason == "the answer is over 1,000,000 bytes"


async def test_an_answer_that_unpacks_to_too_much_is_left_there():
    packed = zlib.compress(b" " * 10_000_000, wbits=31)
    error = await fault(answers(packed, headers={"Content-Encoding": "gzip"}))
    assert error.reason == "the answer is over 1,000,000 bytes"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"symbols": 5}', b"\xff\xfe"])
async def test_what_is_no_list_of_symbols_is_said_to_be_none(body: bytes):
    assert (await fault(answers(body))).reason.startswith("no list of symbols: ")


async def test_a_broken_packing_is_an_error_like_others():
    error = await fault(answers(b"garbage", headers={"Content-Encoding": "gzip"}))
    assert error.reason.startswith("a broken answer: ")


@pytest.mark.parametrize("behaviour", [cuts, talks_nonsense])
async def test_a_server_that_makes_no_sense_is_named(behaviour: Behaviour):
    assert (await fault(behaviour)).reason.startswith("127.0.0.1: ")


async def test_nobody_there_is_said_to_be_it():
    with rest_server(cuts) as server:
        gone = server.url
    with pytest.raises(RestError, match=r"^127\.0\.0\.1: connection refused; "):
        await fetch_listing(at(gone))


async def test_a_name_that_nobody_knows_is_said_to_be_one():
    trio.socket.set_custom_hostname_resolver(KnowsNobody())
    with pytest.raises(RestError, match=r"^the name nowhere\.invalid cannot be looked up"):
        await fetch_listing(at("http://nowhere.invalid"))


@pytest.mark.parametrize("url", ["http://a..b", "http://xn--.com", "http://ß。.x", "ftp://x"])
async def test_what_is_no_address_is_said_to_be_none(url: str):
    with pytest.raises(RestError, match=r"^no address that REST can use; "):
        await fetch_listing(at(url))


async def test_the_configured_proxy_is_asked_in_place_of_the_exchange():
    with rest_server(lists("BTCUSDT")) as proxy:
        listing = await fetch_listing(at("http://nowhere.invalid"), proxy=proxy.url)
    assert listing.trading == ("BTCUSDT",)
    assert proxy.asked == ["http://nowhere.invalid/fapi/v1/exchangeInfo"]


async def test_the_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch):
    with rest_server(lists("BTCUSDT")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert (await fetch_listing(at("http://nowhere.invalid"))).trading == ("BTCUSDT",)


async def test_a_host_that_needs_no_proxy_is_asked_itself(monkeypatch: pytest.MonkeyPatch):
    with rest_server(cuts) as proxy, rest_server(lists("BTCUSDT")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert (await fetch_listing(at(server.url))).trading == ("BTCUSDT",)
    assert proxy.asked == []


async def test_a_proxy_that_refuses_the_tunnel_is_said_to_be_it():
    # It knows GET alone, and a tunnel is asked for by CONNECT.
    with rest_server(cuts) as proxy, pytest.raises(RestError) as raised:
        await fetch_listing(USDM, proxy=proxy.url.replace("//", "//me:hunter22@"))
    assert raised.value.reason.startswith("the proxy refuses: 501")
    assert "hunter22" not in str(raised.value)


async def test_a_proxy_that_cannot_be_used_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("all_proxy", "socks5://me:hunter22@127.0.0.1:1")
    with pytest.raises(RestError) as raised:
        await fetch_listing(USDM)
    assert str(raised.value) == (
        "the proxy that is set cannot be used; only http:// and https:// proxies can"
    )


class KnowsNobody(trio.abc.HostnameResolver):
    """The system's resolver on a machine without a network, which would take its time."""

    async def getaddrinfo(self, *_: object, **__: object) -> NoReturn:
        await trio.lowlevel.checkpoint()
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def getnameinfo(self, *_: object) -> NoReturn:
        await trio.lowlevel.checkpoint()
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def serving(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def over_tls(url: str, authority: trustme.CA) -> Listing:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return await fetch_listing(at(url), ssl_context=context)


@pytest.mark.parametrize(
    "proxy", ["http://u:s3c/ret@127.0.0.1:9", "http://u:s3cret@127.0.0.1:abc", "http://bü..x:1"]
)
async def test_a_proxy_that_is_no_address_says_so_and_shows_nothing_of_it(
    proxy: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(RestError) as caught:
        await fetch_listing(at("http://127.0.0.1:1"))
    assert "s3c" not in str(caught.value)


async def test_a_tick_size_beyond_all_numbers_is_none():
    symbol = {"symbol": "BTCUSDT", "status": "TRADING", "contractType": "PERPETUAL"}
    filters = [{"filterType": "PRICE_FILTER", "tickSize": "1e1000000"}]
    body = json.dumps({"symbols": [symbol | {"filters": filters}]}).encode()
    listing = parse_exchange_info(body, market="usdm", fetched_ms=1)
    assert listing.symbols["BTCUSDT"].price_tick is None


def test_an_answer_nested_without_end_is_no_list():
    with pytest.raises(BadExchangeInfoError):
        parse_exchange_info(b'{"symbols":' + b"[" * 100_000, market="usdm", fetched_ms=1)
