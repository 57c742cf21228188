"""What the exchange answers to a question for klines, and what is no such answer."""

import json

import pytest

from alertd.market.rest_klines import BadKlinesError, Interval, parse_klines
from tests.market.kline_answers import body, row
from tests.market.past.kline_rows import START_MS, kline

# From the exchange's documentation.
DOCUMENTED = b"""[[1499040000000, "0.01634790", "0.80000000", "0.01575800", "0.01577100", "148976.11427815",
1499644799999, "2434.19055334", 308, "1756.87402397", "28.46694368", "17928899.62484339"]]"""


def test_the_documented_answer_is_read():
    (found,) = parse_klines(DOCUMENTED, Interval.MINUTE)
    assert found.open_time_ms == 1499040000000
    prices = (found.open, found.high, found.low, found.close)
    assert [str(price) for price in prices] == [
        "0.01634790",
        "0.80000000",
        "0.01575800",
        "0.01577100",
    ]
    assert (str(found.volume), str(found.quote_volume)) == ("148976.11427815", "2434.19055334")


def test_klines_stand_where_the_exchange_has_them_and_one_may_be_missing():
    found = parse_klines(body([row(0, 10), row(2, 11)]), Interval.MINUTE)
    assert [it.open_time_ms for it in found] == [kline(0).open_time_ms, kline(2).open_time_ms]


def test_a_symbol_without_a_past_has_none():
    assert parse_klines(b"[]", Interval.MINUTE) == ()


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>",
        b"{}",
        b'{"code":-1121,"msg":"Invalid symbol."}',
        b"[[]]",
        b"[[1,2,3]]",
        b"[null]",
        b"\xff\xfe",
        b"[" * 100_000,
        body([row(0, 10, 12, 11, 11)]),  # the low is above the open
        body([row(0, 0)]),
        body([row(0, -1)]),
        json.dumps([[START_MS, "NaN", "NaN", "NaN", "NaN", "1", 1, "1"]]).encode(),
        json.dumps([[START_MS, "1e999", "1e999", "1e999", "1e999", "1", 1, "1"]]).encode(),
        json.dumps([["soon", "1", "1", "1", "1", "1", 1, "1"]]).encode(),
        json.dumps([[10**30, "1", "1", "1", "1", "1", 1, "1"]]).encode(),
    ],
)
def test_what_are_no_klines_is_said_to_be_none(garbage: bytes):
    with pytest.raises(BadKlinesError, match=r"^no klines"):
        parse_klines(garbage, Interval.MINUTE)


@pytest.mark.parametrize("minutes", [(1, 0), (0, 0), (0, 2, 1)])
def test_klines_out_of_order_or_twice_are_not_believed(minutes: tuple[int, ...]):
    with pytest.raises(BadKlinesError, match="order of time"):
        parse_klines(body(row(minute, 10) for minute in minutes), Interval.MINUTE)


def test_klines_of_another_interval_are_not_believed():
    with pytest.raises(BadKlinesError, match="no klines of 15m"):
        parse_klines(body([row(0, 10), row(1, 10)]), Interval.QUARTER)
