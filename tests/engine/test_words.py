"""What people are shown of a condition, of hours and of durations."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from alertd.engine.condition import (
    DAY_MS,
    AllOf,
    Amount,
    AnyOf,
    Band,
    Comparison,
    Condition,
    Level,
    Not,
)
from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.words import duration_in_words, hours_in_words, in_words

MINUTE_MS = 60_000


def asked(
    metric: str,
    operator: str,
    level: Level,
    *,
    within_ms: int = 0,
    rearm: Amount | None = None,
) -> Comparison:
    return Comparison(METRICS[metric], Operator(operator), level, within_ms, rearm)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (asked("close", "above", 100_000.0), "close above 100000"),
        (asked("close", "at_least", 0.00001), "close at least 0.00001"),
        (asked("change_percent", "below", -5.0), "change_percent below -5%"),
        (asked("close", "above", METRICS["vwap"]), "close above vwap"),
        (
            asked("range_percent", "above", METRICS["change_percent"]),
            "range_percent above change_percent",
        ),
        (asked("close", "between", Band(1.0, 2.5)), "close between 1 and 2.5"),
        (asked("range_percent", "between", Band(1.0, 2.5)), "range_percent between 1 and 2.5%"),
        (
            asked("range_percent", "between", Band(1.0, METRICS["rebound_percent"])),
            "range_percent between 1% and rebound_percent",
        ),
        (asked("close", "outside", Band(METRICS["low"], 9.0)), "close outside low to 9"),
        (asked("close", "enters", Band(1.0, 2.0)), "close enters 1 to 2"),
        (asked("close", "crosses_below", 1e6), "close crosses below 1000000"),
        (asked("close", "touches", 5.0), "close touches 5"),
        (asked("close", "crosses_every", Amount(5.0, percent=True)), "close crosses every 5%"),
        (asked("close", "crosses_every", Amount(1000.0)), "close crosses every 1000"),
        (
            asked("close", "falls", Amount(8.0, percent=True), within_ms=5 * MINUTE_MS),
            "close falls 8% within 5m",
        ),
        (
            asked("change_percent", "rises", Amount(3.0), within_ms=MINUTE_MS),
            "change_percent rises 3 points within 1m",
        ),
        (asked("low", "new_low", None, within_ms=240 * MINUTE_MS), "low makes a new 4h low"),
        (
            asked("close", "new_high", None, within_ms=90 * MINUTE_MS),
            "close makes a new 1h30m high",
        ),
        (asked("high", "new_high", None, within_ms=DAY_MS), "high makes a new 24h high"),
        (asked("close", "above", 100.0, rearm=Amount(2.0)), "close above 100 (rearm 2)"),
        (
            asked("close", "crosses", 100.0, rearm=Amount(0.5, percent=True)),
            "close crosses 100 (rearm 0.5%)",
        ),
    ],
)
def test_a_comparison_is_told_with_its_unit(condition: Condition, words: str):
    assert in_words(condition) == words


A, B, C = (asked(metric, "above", 1.0) for metric in ("close", "low", "high"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (AllOf((A, B, C)), "close above 1 and low above 1 and high above 1"),
        (AnyOf((A, B)), "close above 1 or low above 1"),
        (AnyOf((A, AllOf((B, C)))), "close above 1 or (low above 1 and high above 1)"),
        (AllOf((AnyOf((A, B)), C)), "(close above 1 or low above 1) and high above 1"),
        (AllOf((A, AllOf((B, C)))), "close above 1 and (low above 1 and high above 1)"),
        (AllOf((Not(A), B)), "not (close above 1) and low above 1"),
        (Not(AllOf((A, B))), "not (close above 1 and low above 1)"),
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
