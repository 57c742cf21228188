"""Where a symbol's stream is; any other spelling connects and stays silent for ever."""

import pytest

from alertd.market.venue import USDM, Venue, stream_name


def test_mini_tickers_are_below_the_market_route():
    assert USDM.ticker_url("BTCUSDT") == "wss://fstream.binance.com/market/ws/btcusdt@miniTicker"


def test_a_base_may_end_in_a_slash():
    local = Venue("usdm", "ws://127.0.0.1:8765/market/")
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
