"""The extremes of a stretch of time: which klines count, and whether all are there."""

from collections.abc import Iterable

import pytest

from alertd.market.past.extremes import Extremes, extremes_between
from alertd.market.past.klines import KlineSeries
from tests.market.past.kline_rows import MINUTE_MS, START_MS, kline, series_of

QUARTER_MS = 15 * MINUTE_MS


def at_ms(minute: float) -> int:
    return START_MS + round(minute * MINUTE_MS)


def between(since: float, until: float, *series: KlineSeries) -> Extremes | None:
    return extremes_between(series, since_ms=at_ms(since), until_ms=at_ms(until))


def narrow_but(**wide: tuple[str, str]) -> KlineSeries:
    """Ten minutes between 9 and 12, but for some (`m3=(low, high)`)."""
    klines = []
    for minute in range(10):
        low, high = wide.get(f"m{minute}", ("9", "12"))
        klines.append(kline(minute, ("10", high, low, "11")))
    return series_of("BTCUSDT", klines)


def test_they_are_those_of_the_klines_that_lie_wholly_inside_with_their_minutes():
    series = narrow_but(m1=("1", "99"), m2=("8", "12"), m6=("9", "13"), m7=("1", "99"))
    assert between(1.5, 7.5, series) == Extremes(8, at_ms(2), 13, at_ms(6), is_whole=True)


def test_a_kline_that_begins_and_ends_with_it_lies_inside():
    found = between(2, 7, narrow_but(m2=("8", "12"), m6=("9", "13")))
    assert found == Extremes(8, at_ms(2), 13, at_ms(6), is_whole=True)


@pytest.mark.parametrize(("since", "until"), [(2.5, 3.9), (20, 30), (-9, -2)])
def test_where_none_lies_inside_nothing_is_known(since: float, until: float):
    assert between(since, until, narrow_but()) is None


@pytest.mark.parametrize(
    ("minutes", "whole"),
    [
        (range(2, 8), True),
        (range(3, 8), False),
        (range(2, 7), False),
        ((2, 3, 5, 6, 7), False),
    ],
)
def test_what_is_missing_is_told(minutes: Iterable[int], *, whole: bool):
    found = between(1.5, 8.5, series_of("BTCUSDT", map(kline, minutes)))
    assert found is not None
    assert found.is_whole is whole


@pytest.mark.parametrize(("since", "until"), [(1, 8), (2, 9)])
def test_one_that_is_missing_at_either_end_is_missing(since: float, until: float):
    found = between(since, until, series_of("BTCUSDT", map(kline, range(2, 8))))
    assert found is not None
    assert not found.is_whole


def test_quarters_tell_of_what_is_older_than_the_minutes():
    quarters = KlineSeries("BTCUSDT", QUARTER_MS, [kline(it) for it in (0, 15, 30, 45)])
    minutes = series_of("BTCUSDT", [kline(it, ("10", "13", "9", "11")) for it in range(40, 50)])
    found = between(3, 50.5, minutes, quarters)
    assert found == Extremes(9, at_ms(15), 13, at_ms(40), is_whole=True)


def test_a_hole_between_quarters_and_minutes_is_one():
    quarters = KlineSeries("BTCUSDT", QUARTER_MS, [kline(it) for it in (0, 15)])
    minutes = series_of("BTCUSDT", [kline(it) for it in range(31, 50)])
    found = between(3, 50, minutes, quarters)
    assert found is not None
    assert not found.is_whole
