"""Asking for klines: what for, what it weighs, and what is said where there are none."""

import attrs
import pytest

from alertd.market.kline_source import KlineRequest, open_klines, requests_for
from alertd.market.past.klines import KlineSeries
from alertd.market.rest_error import RestError
from alertd.market.rest_klines import Interval
from alertd.market.venue import COINM, SPOT, USDM, Venue
from tests.market.kline_answers import body, row
from tests.market.past.kline_rows import MINUTE_MS
from tests.market.rest_servers import Behaviour, answers, hangs, never_stops, rest_server

HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LAST_TWO = KlineRequest("BTCUSDT", Interval.MINUTE, 2)
GOOD = body([row(0, 10), row(1, 11)])


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def at(url: str, venue: Venue = USDM) -> Venue:
    return attrs.evolve(venue, rest_url=url)


async def fault(*behaviours: Behaviour, timeout_s: float = 10) -> RestError:
    with rest_server(*behaviours) as server, pytest.raises(RestError) as raised:
        async with open_klines(at(server.url), timeout_s=timeout_s) as source:
            await source.fetch(LAST_TWO)
    return raised.value


@pytest.mark.parametrize(
    ("venue", "path"),
    [(USDM, "/fapi/v1/klines"), (COINM, "/dapi/v1/klines"), (SPOT, "/api/v3/klines")],
)
async def test_each_market_is_asked_for_its_klines(venue: Venue, path: str):
    with rest_server(answers(GOOD)) as server:
        async with open_klines(at(server.url, venue)) as source:
            series = await source.fetch(LAST_TWO)
    assert isinstance(series, KlineSeries)
    assert (series.symbol, series.interval_ms, len(tuple(series.klines))) == ("BTCUSDT", 60_000, 2)
    assert server.asked == [f"{path}?symbol=BTCUSDT&interval=1m&limit=2"]


async def test_a_symbol_that_is_not_ascii_is_asked_for():
    with rest_server(answers(GOOD)) as server:
        async with open_klines(at(server.url)) as source:
            await source.fetch(attrs.evolve(LAST_TWO, symbol="龙虾USDT"))
    assert "symbol=%E9%BE%99%E8%99%BEUSDT&" in server.asked[0]


@pytest.mark.parametrize(
    ("said", "used"),
    [("1000", 1000), ("1", 2), ("", 2), ("-7", 2), ("lots", 2), ("9" * 99, 999_999_999)],
)
async def test_the_weight_is_what_the_exchange_says_or_what_is_known_of_it(said: str, used: int):
    with rest_server(answers(GOOD, headers={"X-MBX-USED-WEIGHT-1M": said})) as server:
        async with open_klines(at(server.url)) as source:
            await source.fetch(attrs.evolve(LAST_TWO, count=300))
            assert source.used_weight == used


@pytest.mark.parametrize(
    ("venue", "count", "weight"),
    [
        (USDM, 99, 1),
        (USDM, 100, 2),
        (USDM, 1000, 5),
        (USDM, 1500, 10),
        (SPOT, 1, 2),
        (SPOT, 1000, 2),
    ],
)
def test_an_answer_weighs_what_the_exchange_says(venue: Venue, count: int, weight: int):
    assert venue.kline_weight(count) == weight


async def test_garbage_is_said_to_be_no_klines():
    assert (await fault(answers(b"<html>"))).reason.startswith("no klines: ")


async def test_too_much_is_left_there():
    assert "over 1,048,576 bytes" in (await fault(never_stops)).reason


async def test_an_answer_that_does_not_come_is_not_waited_for():
    assert (await fault(hangs, timeout_s=0.1)).reason == "no whole answer within 0.1 s"


async def test_a_ban_says_for_how_long():
    error = await fault(answers(status=418, headers={"Retry-After": "77"}))
    assert error.retry_after_s == 77


# What is asked for.


def asked(span_ms: int, *, most_weight: int, venue: Venue = USDM) -> list[tuple[str, int]]:
    requests = requests_for("BTCUSDT", span_ms, venue, most_weight=most_weight)
    return [(request.interval.value, request.count) for request in requests]


@pytest.mark.parametrize(
    ("span_ms", "most_weight", "requests"),
    [
        (1, 1, [("1m", 3)]),
        (MINUTE_MS, 1, [("1m", 3)]),
        (HOUR_MS, 1, [("1m", 62)]),
        (4 * HOUR_MS, 2, [("1m", 242)]),
        (DAY_MS, 10, [("1m", 1442)]),
        (DAY_MS, 9, [("1m", 1000), ("15m", 98)]),
        (DAY_MS, 3, [("1m", 499), ("15m", 98)]),
        (DAY_MS, 2, [("1m", 99), ("15m", 98)]),
        (DAY_MS, 0, [("1m", 99), ("15m", 98)]),
    ],
)
def test_as_much_as_may_be_comes_in_minutes(
    span_ms: int, most_weight: int, requests: list[tuple[str, int]]
):
    assert asked(span_ms, most_weight=most_weight) == requests


def test_the_spot_market_gives_a_thousand_at_once():
    assert asked(12 * HOUR_MS, most_weight=2, venue=SPOT) == [("1m", 722)]
    assert asked(DAY_MS, most_weight=9, venue=SPOT) == [("1m", 1000), ("15m", 98)]


def test_a_day_of_every_symbol_of_the_exchange_takes_less_than_half_a_minutes_weight():
    requests = requests_for("BTCUSDT", DAY_MS, USDM, most_weight=1200 // 573)
    assert 573 * sum(USDM.kline_weight(request.count) for request in requests) <= 1200
