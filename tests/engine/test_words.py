"""What people are shown of a condition, of hours and of durations."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from alertd.engine.condition import Condition, Not
from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span
from alertd.engine.words import duration_in_words, hours_in_words, in_words
from tests.engine.tickers import both, check_of, either


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (check_of("close", "above", 100_000.0), "close above 100000"),
        (check_of("close", "at_least", 0.00001), "close at least 0.00001"),
        (check_of("change_percent", "below", -5.0), "change_percent below -5%"),
        (check_of("close", "above", "vwap"), "close above vwap"),
        (
            check_of("range_percent", "above", "change_percent"),
            "range_percent above change_percent",
        ),
        (check_of("close", "between", 1.0, 2.5), "close between 1 and 2.5"),
        (check_of("range_percent", "between", 1.0, 2.5), "range_percent between 1 and 2.5%"),
        (
            check_of("range_percent", "between", 1.0, "rebound_percent"),
            "range_percent between 1% and rebound_percent",
        ),
        (check_of("close", "outside", "low", 9.0), "close outside low to 9"),
        (check_of("close", "enters", 1.0, 2.0), "close enters 1 to 2"),
        (check_of("close", "crosses_below", 1e6), "close crosses below 1000000"),
        (check_of("close", "touches", 5.0), "close touches 5"),
        (check_of("close", "crosses_every", "5%"), "close crosses every 5%"),
        (check_of("close", "crosses_every", 1000.0), "close crosses every 1000"),
        (check_of("close", "falls", "8%", within_s=300), "close falls 8% within 5m"),
        (
            check_of("change_percent", "rises", 3.0, within_s=60),
            "change_percent rises 3 points within 1m",
        ),
        (check_of("low", "new_low", within_s=4 * 3600), "low makes a new 4h low"),
        (check_of("close", "new_high", within_s=90 * 60), "close makes a new 1h30m high"),
        (check_of("high", "new_high", within_s=24 * 3600), "high makes a new 24h high"),
        (check_of("close", "above", 100.0, rearm=2.0), "close above 100 (rearm 2)"),
        (check_of("close", "crosses", 100.0, rearm="0.5%"), "close crosses 100 (rearm 0.5%)"),
    ],
)
def test_a_comparison_is_told_with_its_unit(condition: Condition, words: str):
    assert in_words(condition) == words


A, B, C = (check_of(metric, "above", 1.0) for metric in ("close", "low", "high"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (both(A, B, C), "close above 1 and low above 1 and high above 1"),
        (either(A, B), "close above 1 or low above 1"),
        (either(A, both(B, C)), "close above 1 or (low above 1 and high above 1)"),
        (both(either(A, B), C), "(close above 1 or low above 1) and high above 1"),
        (both(A, both(B, C)), "close above 1 and (low above 1 and high above 1)"),
        (both(Not(A), B), "not (close above 1) and low above 1"),
        (Not(both(A, B)), "not (close above 1 and low above 1)"),
        (Not(Not(A)), "not (not (close above 1))"),
    ],
)
def test_brackets_leave_one_way_to_read_a_condition(condition: Condition, words: str):
    assert in_words(condition) == words


WEEKDAYS = frozenset(range(5))
DAYTIME = (Span(480, 1320),)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Hours(ZoneInfo("Europe/Berlin"), WEEKDAYS, DAYTIME), "mon-fri 08:00-22:00 Europe/Berlin"),
        (Hours(UTC, EVERY_DAY, DAYTIME), "every day 08:00-22:00 UTC"),
        (Hours(UTC, frozenset({5})), "sat UTC"),
        (Hours(UTC, frozenset({0, 2, 3, 4, 6})), "wed-fri, sun-mon UTC"),
        (
            Hours(UTC, frozenset({5, 6}), (Span(0, 60), Span(1320, DAY_MINUTES))),
            "sat-sun 00:00-01:00, 22:00-24:00 UTC",
        ),
        (Hours(UTC), "every day UTC"),
    ],
)
def test_hours_are_told_as_they_are_written(hours: Hours, words: str):
    assert hours_in_words(hours) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "0s"), (500, "500ms"), (5_400_000, "1h30m"), (90_061_001, "1d1h1m1s1ms")],
)
def test_a_duration_is_told_as_it_is_written(milliseconds: int, words: str):
    assert duration_in_words(milliseconds) == words
