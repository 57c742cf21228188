"""What every operator says in a title and in a line, for prices of every size."""

from typing import Any

import pytest

from alertd.delivery.wording import text_of, title_of
from alertd.engine.condition import DAY_MS, Amount, Band, Level
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.market.ticker import Ticker
from tests.delivery.samples import BTC, PEPE, TIME_MS, alert_of, metric_test, reading_of, rule_of

VWAP = METRICS["vwap"]
CHINESE = Ticker("币安人生USDT", TIME_MS, 0.1234, 0.11, 0.13, 0.105, 18_234_000, 2_247_000)
FIVE_MINUTES, FOUR_HOURS = 300_000, 14_400_000


def told(
    metric: str,
    operator: Operator,
    level: Level,
    ticker: Ticker = BTC,
    *,
    within_ms: int = 0,
    **seen: Any,
) -> tuple[str, str]:
    """The title without its symbol, and the text's first line."""
    test = metric_test(metric, operator, level, within_ms=within_ms)
    alert = alert_of(rule_of(test), ticker, readings=(reading_of(test, ticker, **seen),))
    return title_of(alert).removeprefix(f"{ticker.symbol} "), text_of(alert).splitlines()[0]


@pytest.mark.parametrize(
    ("previous", "way"), [(99_987.1, "crossed above 100000"), (100_020.0, "crossed below 100000")]
)
def test_a_crossing_of_either_kind_says_which_way_it_was(previous: float, way: str):
    value = 100_012.3 if previous < 100_000 else 99_990.0
    title, line = told("close", Operator.CROSSES, 100_000.0, previous=previous, value=value)
    assert title == f"close {way}"
    assert way in line


@pytest.mark.parametrize(
    ("operator", "band", "previous", "title"),
    [
        (Operator.ENTERS, (99_000.0, 101_000.0), 98_000.0, "close rose into 99000 to 101000"),
        (Operator.ENTERS, (99_000.0, 101_000.0), 102_000.0, "close fell into 99000 to 101000"),
        (Operator.LEAVES, (99_000.0, 100_000.0), 99_500.0, "close rose out of 99000 to 100000"),
        (Operator.LEAVES, (101_000.0, 102_000.0), 101_500.0, "close fell out of 101000 to 102000"),
    ],
)
def test_a_band_is_entered_and_left_upwards_or_downwards(
    operator: Operator, band: tuple[float, float], previous: float, title: str
):
    assert told("close", operator, Band(*band), previous=previous)[0] == title


@pytest.mark.parametrize("previous", [100_012.3, 101_000.0, None])
def test_a_band_that_came_over_the_value_was_just_entered(previous: float | None):
    title, _ = told("close", Operator.ENTERS, Band(VWAP, 101_000.0), previous=previous)
    assert title == "close entered 24h VWAP to 101000"


def test_a_level_that_the_close_went_over_was_touched():
    assert told("close", Operator.TOUCHES, 100_000.0, previous=99_900.0) == (
        "close touched 100000",
        "Close 100012.3, touched 100000, was 99900",
    )


@pytest.mark.parametrize("previous", [99_900.0, 100_100.0])
def test_a_level_at_which_the_close_stays_was_touched_by_itself(previous: float):
    title, _ = told("close", Operator.TOUCHES, 100_012.3, previous=previous)
    assert title == "close touched 100012.3"


def test_a_level_that_only_the_days_high_reached_was_touched_by_a_wick():
    assert told("close", Operator.TOUCHES, 100_200.0, previous=99_900.0) == (
        "close touched 100200 by a wick",
        "Close 100012.3, touched 100200 by a wick, was 99900",
    )


@pytest.mark.parametrize(
    ("rung", "previous", "title"),
    [
        (100_000.0, 99_900.0, "close rose past 100000 (every 1000)"),
        (101_000.0, 101_020.0, "close fell past 101000 (every 1000)"),
        (100_012.3, 99_900.0, "close rose to 100012.3 (every 1000)"),
    ],
)
def test_a_ladder_names_its_rung_and_the_way(rung: float, previous: float, title: str):
    level = Amount(1000.0)
    assert told("close", Operator.CROSSES_EVERY, level, threshold=rung, previous=previous)[0] == (
        title
    )


def test_a_rung_between_two_ticks_of_the_price_is_written_in_the_prices_digits():
    title, _ = told(
        "close",
        Operator.CROSSES_EVERY,
        Amount(5.0, percent=True),
        PEPE,
        threshold=0.000012350000001,
        previous=0.000013,
    )
    assert title == "close fell past 0.0000124 (every 5%)"


@pytest.mark.parametrize(
    ("operator", "verb"),
    [(Operator.RISES, "rose"), (Operator.FALLS, "fell"), (Operator.MOVES, "moved")],
)
def test_a_move_says_how_far_it_went_in_which_time_and_what_was_asked(
    operator: Operator, verb: str
):
    level = Amount(3.0, percent=True)
    title, line = told("close", operator, level, PEPE, within_ms=FIVE_MINUTES, value=3.4123)
    assert title == f"close {verb} 3.41% in 5m (asked 3%)"
    assert line == f"Close 0.0000123, {verb} 3.41% in 5m (asked 3%)"


@pytest.mark.parametrize(
    ("metric", "amount", "moved", "title"),
    [
        ("close", Amount(1000.0), 1250.3, "close rose 1250.3 in 5m (asked 1000)"),
        ("quote_volume", Amount(1e7), 1.23e7, "24h volume rose 12.3M USDT in 5m (asked 10M)"),
        ("volume", Amount(50.0, percent=True), 52.0, "24h volume rose 52% in 5m (asked 50%)"),
        ("change_percent", Amount(5.0), 5.2, "24h change rose 5.2 points in 5m (asked 5)"),
    ],
)
def test_a_move_is_in_the_unit_of_what_was_asked(
    metric: str, amount: Amount, moved: float, title: str
):
    seen = told(metric, Operator.RISES, amount, CHINESE, within_ms=FIVE_MINUTES, value=moved)
    assert seen[0] == title


def test_a_new_high_names_its_window_and_the_one_before():
    seen: dict[str, Any] = {"within_ms": FOUR_HOURS, "threshold": 100_010.0, "previous": 99_900.0}
    assert told("close", Operator.NEW_HIGH, None, **seen) == (
        "new 4h high 100012.3",
        "New 4h high 100012.3, up from 100010",
    )


def test_the_exchanges_own_low_is_that_of_24h():
    seen: dict[str, Any] = {"within_ms": DAY_MS, "value": 0.105, "threshold": 0.1051}
    assert told("close", Operator.NEW_LOW, None, CHINESE, **seen) == (
        "new 24h low 0.105",
        "New 24h low 0.105, down from 0.1051",
    )


def test_a_new_high_of_another_metric_names_it():
    seen: dict[str, Any] = {"within_ms": FOUR_HOURS, "threshold": 2_246_000.0}
    assert told("quote_volume", Operator.NEW_HIGH, None, CHINESE, **seen) == (
        "24h volume at a new 4h high 2.247M USDT",
        "24h volume at a new 4h high 2.247M USDT, up from 2.246M USDT",
    )


def test_a_level_that_is_a_metric_has_both_values():
    assert told("close", Operator.ABOVE, VWAP)[1] == "Close 100012.3, above 24h VWAP 98360.8"
    assert told("close", Operator.CROSSES_ABOVE, VWAP)[0] == "close crossed above 24h VWAP 98360.8"


def test_a_band_of_metrics_has_their_values_in_the_line_alone():
    level = Band(VWAP, METRICS["high"])
    assert told("close", Operator.BETWEEN, level) == (
        "close 100012.3, between 24h VWAP and 24h high",
        "Close 100012.3, between 24h VWAP 98360.8 and 24h high 100250",
    )


@pytest.mark.parametrize(
    ("metric", "level", "line"),
    [
        ("range_percent", 3.97, "24h range 3.971%, above 3.97%"),
        ("quote_volume", 17_900_000_000.0, "24h volume 17.94B USDT, above 17.9B"),
        ("vwap", 98_360.8, "24h VWAP 98360.82, above 98360.8"),
        ("range_percent", 3.0, "24h range 3.97%, above 3%"),
    ],
)
def test_a_value_is_never_rounded_until_it_reads_like_the_level(
    metric: str, level: float, line: str
):
    assert told(metric, Operator.ABOVE, level)[1] == line


@pytest.mark.parametrize(
    ("metric", "amount", "moved", "title"),
    [
        ("close", Amount(8.0, percent=True), 8.0004, "close fell 8.0004% in 5m (asked 8%)"),
        ("volume", Amount(1e7), 1.002e7, "24h volume fell 10.02M BTC in 5m (asked 10M)"),
        ("change_percent", Amount(5.0), 5.001, "24h change fell 5.001 points in 5m (asked 5)"),
    ],
)
def test_a_move_is_never_rounded_until_it_reads_like_what_was_asked(
    metric: str, amount: Amount, moved: float, title: str
):
    seen = told(metric, Operator.FALLS, amount, within_ms=FIVE_MINUTES, value=moved)
    assert seen[0] == title


def test_a_metric_is_never_rounded_until_it_reads_like_the_value():
    line = told("close", Operator.BELOW, VWAP, PEPE)[1]
    assert line == "Close 0.0000123, below 24h VWAP 0.00001232"


@pytest.mark.parametrize(
    ("metric", "level", "line"),
    [
        ("close", 100_012.3, "Close 100012.3, at least 100012.3"),
        ("range_percent", 3.33333, "24h range 3.33333%, at least 3.33333%"),
    ],
)
def test_a_value_at_the_level_reads_like_it(metric: str, level: float, line: str):
    assert told(metric, Operator.AT_LEAST, level, value=level)[1] == line


@pytest.mark.parametrize("operator", Operator)
def test_every_operator_keeps_the_title_short_on_a_phone(operator: Operator):
    level: Level = 0.00001
    if operator.takes_band:
        level = Band(0.00001, 0.00002)
    elif operator.takes_amount:
        level = Amount(3.0, percent=True)
    elif operator.is_record:
        level = None
    title, _ = told("close", operator, level, PEPE, within_ms=5_400_000, threshold=0.000012)
    assert len(f"{PEPE.symbol} {title}") <= 60
