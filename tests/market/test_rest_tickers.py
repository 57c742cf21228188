"""All tickers in one answer, as each market writes it; what of it is a ticker, and what is not."""

import json
from typing import Any

import attrs
import pytest

from alertd.market.rest import fetch_tickers
from alertd.market.rest_error import RestError
from alertd.market.rest_tickers import BadTickersError, parse_tickers
from alertd.market.ticker import Ticker
from alertd.market.venue import COINM, SPOT, USDM, Venue
from tests.market.rest_servers import answers, hangs, rest_server

# One row of each market, as its documentation has it.
USDM_ROW = {
    "symbol": "BTCUSDT",
    "priceChange": "-94.99999800",
    "priceChangePercent": "-95.960",
    "weightedAvgPrice": "0.29628482",
    "lastPrice": "4.00000200",
    "lastQty": "200.00000000",
    "openPrice": "99.00000000",
    "highPrice": "100.00000000",
    "lowPrice": "0.10000000",
    "volume": "8913.30000000",
    "quoteVolume": "15.30000000",
    "openTime": 1499783499040,
    "closeTime": 1499869899040,
    "firstId": 28385,
    "lastId": 28460,
    "count": 76,
}
MINI_ROW = {
    key: USDM_ROW[key]
    for key in USDM_ROW
    if key not in ("priceChange", "priceChangePercent", "weightedAvgPrice", "lastQty")
}
COINM_ROW = {key: USDM_ROW[key] for key in USDM_ROW if key != "quoteVolume"} | {
    "pair": "BTCUSD",
    "baseVolume": "15.30000000",
}
TICKER = Ticker(
    symbol="BTCUSDT",
    time_ms=1499869899040,
    close=4.000002,
    open=99.0,
    high=100.0,
    low=0.1,
    volume=8913.3,
    quote_volume=15.3,
)


def body(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize("row", [USDM_ROW, MINI_ROW, COINM_ROW])
def test_each_markets_row_is_a_ticker(row: dict[str, Any]):
    assert parse_tickers(body(row)) == {"BTCUSDT": TICKER}


@pytest.mark.parametrize(
    "unsound",
    [
        {"lastPrice": "0.00000000"},
        {"lastPrice": "NaN"},
        {"lastPrice": None},
        {"lastPrice": "cheap"},
        {"lastPrice": ["4"]},
        {"highPrice": "0.05"},
        {"volume": "-1"},
        {"closeTime": 0},
        {"symbol": ""},
    ],
)
def test_a_row_that_is_no_sound_ticker_is_left_out_alone(unsound: dict[str, object]):
    rows = body(USDM_ROW | {"symbol": "NEWUSDT"} | unsound, USDM_ROW)
    assert parse_tickers(rows) == {"BTCUSDT": TICKER}


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"null", b'["\xff"]', b"[" * 100_000])
def test_what_is_no_list_of_tickers_is_said_to_be_none(text: bytes):
    with pytest.raises(BadTickersError, match=r"^no list of tickers: "):
        parse_tickers(text)


@pytest.mark.parametrize(
    ("venue", "asked"),
    [
        (USDM, "/fapi/v1/ticker/24hr"),
        (COINM, "/dapi/v1/ticker/24hr"),
        (SPOT, "/api/v3/ticker/24hr?type=MINI"),
    ],
)
async def test_each_market_is_asked_at_its_own_path(venue: Venue, asked: str):
    with rest_server(answers(body(USDM_ROW))) as server:
        tickers = await fetch_tickers(attrs.evolve(venue, rest_url=server.url))
    assert (tickers, server.asked) == ({"BTCUSDT": TICKER}, [asked])


async def test_a_ban_says_for_how_long():
    banned = answers(status=418, headers={"Retry-After": "120"})
    with rest_server(banned) as server, pytest.raises(RestError, match="banned") as raised:
        await fetch_tickers(attrs.evolve(USDM, rest_url=server.url))
    assert raised.value.retry_after_s == 120


async def test_another_server_is_told_from_the_exchange():
    with rest_server(answers(b"{}")) as server, pytest.raises(RestError) as raised:
        await fetch_tickers(attrs.evolve(USDM, rest_url=server.url))
    assert raised.value.advice == "is feed.rest_url the exchange's?"


async def test_an_answer_that_does_not_come_is_not_waited_for():
    with rest_server(hangs) as server, pytest.raises(RestError, match="no whole answer within"):
        await fetch_tickers(attrs.evolve(USDM, rest_url=server.url), timeout_s=0.05)
