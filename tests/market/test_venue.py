"""Where a symbol's stream is; any other spelling connects and stays silent for ever."""

import attrs
import pytest

from alertd.market.venue import COINM, SPOT, USDM, VENUES, Venue, stream_name


def test_mini_tickers_are_below_the_market_route():
    assert USDM.ticker_url("BTCUSDT") == "wss://fstream.binance.com/market/ws/btcusdt@miniTicker"


def test_a_base_may_end_in_a_slash():
    local = attrs.evolve(USDM, stream_url="ws://127.0.0.1:8765/market/")
    assert local.ticker_url("BTCUSDT") == "ws://127.0.0.1:8765/market/ws/btcusdt@miniTicker"


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("1000PEPEUSDT", "1000pepeusdt@miniTicker"),
        ("BTCUSDT_260925", "btcusdt_260925@miniTicker"),
        ("币安人生USDT", "币安人生usdt@miniTicker"),
        ("ÄUSDT", "Äusdt@miniTicker"),
    ],
)
def test_only_ascii_letters_are_lowered(symbol: str, name: str):
    assert stream_name(symbol) == name


def test_what_is_not_ascii_is_percent_encoded_in_an_address():
    assert USDM.ticker_url("龙虾USDT").endswith("/ws/%E9%BE%99%E8%99%BEusdt@miniTicker")


@pytest.mark.parametrize(
    ("venue", "tickers", "symbols"),
    [
        (
            USDM,
            "wss://fstream.binance.com/market/ws/btcusdt@miniTicker",
            "https://fapi.binance.com/fapi/v1/exchangeInfo",
        ),
        (
            COINM,
            "wss://dstream.binance.com/ws/btcusdt@miniTicker",
            "https://dapi.binance.com/dapi/v1/exchangeInfo",
        ),
        (
            SPOT,
            "wss://stream.binance.com:9443/ws/btcusdt@miniTicker",
            "https://api.binance.com/api/v3/exchangeInfo",
        ),
    ],
)
def test_each_market_has_its_own_addresses(venue: Venue, tickers: str, symbols: str):
    assert (venue.ticker_url("BTCUSDT"), venue.exchange_info_url) == (tickers, symbols)


def test_each_market_has_its_own_pace():
    paces = {name: venue.push_interval_s for name, venue in VENUES.items()}
    assert paces == {"usdm": 2, "coinm": 0.5, "spot": 1}


def test_a_connection_lives_for_a_day_on_all_of_them():
    assert {venue.connection_lifetime_s for venue in VENUES.values()} == {86_400}


def test_a_rest_base_may_end_in_a_slash():
    local = attrs.evolve(USDM, rest_url="http://127.0.0.1:8766/")
    assert local.exchange_info_url == "http://127.0.0.1:8766/fapi/v1/exchangeInfo"
