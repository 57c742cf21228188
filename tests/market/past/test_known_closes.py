"""Klines as closes that a window can be told of: in their order, at their times, without a gap."""

from collections.abc import Sequence

from alertd.market.past.klines import KlineSeries
from alertd.market.past.known_closes import known_closes
from alertd.market.rest_klines import Interval, parse_klines
from tests.market.kline_answers import Row, body, row
from tests.market.past.kline_rows import MINUTE_MS, START_MS

LATER_MS = START_MS + 10_000 * MINUTE_MS


def series(rows: Sequence[Row], interval: Interval = Interval.MINUTE) -> KlineSeries:
    return KlineSeries("BTCUSDT", interval.ms, parse_klines(body(rows), interval))


def told(*several: KlineSeries, until_ms: int = LATER_MS) -> list[tuple[float, float]]:
    """Seconds since the start, and prices."""
    closes = known_closes(several, until_ms=until_ms)
    return [((at_ms - START_MS) / 1000, price) for at_ms, price in closes]


def minutes(*several: KlineSeries) -> list[float]:
    """The minutes in which something is known."""
    return sorted({at_s // 60 for at_s, _ in told(*several)})


def test_a_kline_that_rises_has_its_low_first():
    assert told(series([row(0, 10, 13, 9, 12)])) == [
        (14.999, 10.0), (29.999, 9.0), (44.999, 13.0), (59.999, 12.0),
    ]  # fmt: skip


def test_one_that_falls_has_its_high_first():
    assert [price for _, price in told(series([row(0, 12, 13, 9, 10)]))] == [12, 13, 9, 10]


def test_what_is_not_over_is_known_until_now():
    now_ms = START_MS + 20_000
    assert [at_s for at_s, _ in told(series([row(0, 10)]), until_ms=now_ms)] == [14.999, 20, 20, 20]


def test_before_a_missing_kline_nothing_counts():
    assert minutes(series([row(0, 10), row(1, 10), row(3, 10), row(4, 10)])) == [3, 4]


def test_coarse_klines_go_on_where_the_fine_ones_begin():
    fine = series([row(minute, 10) for minute in range(20, 35)])
    coarse = series(
        [row(0, 9, interval_ms=900_000), row(15, 8, 12, 7, 11), row(30, 6)], Interval.QUARTER
    )
    prices = [price for at_s, price in told(fine, coarse) if price != 10]
    assert prices == [9, 9, 9, 9, 8, 7, 12, 11]


def test_coarse_klines_that_end_too_early_do_not_count():
    fine = series([row(minute, 10) for minute in range(40, 45)])
    coarse = series([row(0, 9), row(15, 9)], Interval.QUARTER)
    assert minutes(fine, coarse) == [40, 41, 42, 43, 44]


def test_where_there_are_no_klines_nothing_is_known():
    assert told() == told(series([])) == []
    assert minutes(series([]), series([row(0, 9)], Interval.QUARTER)) == [3, 7, 11, 14]
