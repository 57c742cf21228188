"""What a replay comes to: counts, rates, silences and noise of each rule."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.replay.periods import Hour, Pause
from alertd.replay.summary import Busiest, summarize
from tests.replay.alerts import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    START_MS,
    alert,
    rule,
    span,
    summary_of,
)


def test_what_is_over_is_counted_apart():
    activity = summary_of([alert(1), alert(2, state="resolved"), alert(3)]).rules["up"]
    assert (activity.firing, activity.resolved) == (2, 1)


def test_rules_stand_in_their_own_order_and_those_that_never_fired_too():
    summary = summary_of([alert(1, "b")], rule("c"), rule("b"), rule("a"))
    assert [(name, it.firing) for name, it in summary.rules.items()] == [
        ("c", 0),
        ("b", 1),
        ("a", 0),
    ]


def test_a_disabled_rule_is_left_out():
    assert list(summary_of([], rule("on"), rule("off", enabled=False)).rules) == ["on"]


def test_the_symbols_that_fired_are_counted_beside_those_that_were_watched():
    spans = [span("BTCUSDT"), span("ETHUSDT"), span("SOLUSDC")]
    alerts = [alert(1), alert(2), alert(3, symbol="ETHUSDT")]
    rules = [rule(symbols=["*USDT"])]
    activity = summarize(alerts, rules, spans, []).rules["up"]
    assert (activity.fired, activity.watched) == (2, 2)


def test_a_symbol_that_was_played_twice_is_one():
    spans = [span(days=5), span(days=5, from_day=5)]
    summary = summarize([], [rule()], spans, [])
    assert (summary.symbols, summary.rules["up"].watched, summary.ticks) == (1, 1, 2 * 7201)


@pytest.mark.parametrize(
    ("symbols", "busiest"),
    [
        (["A", "B", "B"], Busiest("B", 2)),
        (["B", "A"], Busiest("A", 1)),
        ([], None),
    ],
)
def test_the_busiest_symbol_is_the_one_with_most_alerts(
    symbols: list[str], busiest: Busiest | None
):
    alerts = [alert(minute, symbol=symbol) for minute, symbol in enumerate(symbols)]
    assert summary_of(alerts).rules["up"].busiest == busiest


def test_what_is_over_makes_no_symbol_busy():
    alerts = [
        alert(1, symbol="A"),
        *(alert(2 + it, symbol="B", state="resolved") for it in range(3)),
    ]
    assert summary_of(alerts).rules["up"].busiest == Busiest("A", 1)


def test_the_rate_is_over_the_days_that_were_played_of_the_rules_own_symbols():
    spans = [span("BTCUSDT", days=10), span("ETHUSDT", days=2, from_day=4)]
    rules = [rule("both"), rule("eth", symbols=["ETHUSDT"])]
    alerts = [alert(1 + it, name, "ETHUSDT") for it in range(5) for name in ("both", "eth")]
    summary = summarize(alerts, rules, spans, [])
    assert summary.rules["both"].per_day == 0.5
    assert summary.rules["eth"].per_day == 2.5
    assert summary.total.per_day == 1.0


@pytest.mark.parametrize(
    ("minutes", "start", "end"),
    [
        ([], 0, 1440),  # all of it
        ([60], 60, 1440),  # after the last
        ([1000], 0, 1000),  # before the first
        ([10, 900, 1000], 10, 900),  # between two
        ([480, 960], 0, 480),  # the first of those that are equal
    ],
)
def test_the_longest_silence_is_the_longest_time_without_an_alert(
    minutes: list[int], start: int, end: int
):
    activity = summary_of([alert(it) for it in minutes], days=1).rules["up"]
    assert activity.silence == Pause(START_MS + start * MINUTE_MS, START_MS + end * MINUTE_MS)


def test_the_news_that_it_is_over_does_not_break_a_silence():
    activity = summary_of([alert(0), alert(700, state="resolved")], days=1).rules["up"]
    assert activity.silence == Pause(START_MS, START_MS + DAY_MS)


def test_a_rule_without_any_symbol_that_was_played_has_neither_silence_nor_rate():
    activity = summary_of([], rule(symbols=["XRPUSDT"])).rules["up"]
    assert (activity.watched, activity.silence, activity.per_day) == (0, None, None)


def test_the_noisiest_hour_is_one_of_the_clock():
    alerts = [alert(it) for it in (50, 59, 60, 61, 119, 120, 200)]
    assert summary_of(alerts).rules["up"].noisiest == Hour(START_MS + HOUR_MS, 3)


def test_of_hours_that_are_equally_noisy_the_first_one_counts():
    assert summary_of([alert(0), alert(60)]).rules["up"].noisiest == Hour(START_MS, 1)


def test_all_rules_together_may_be_noisiest_in_another_hour_than_each():
    alerts = [alert(0, "a"), alert(1, "a"), alert(60, "a"), alert(61, "b"), alert(62, "b")]
    summary = summary_of(alerts, rule("a"), rule("b"))
    assert summary.total.noisiest == Hour(START_MS + HOUR_MS, 3)


def test_nothing_played_is_nothing():
    summary = summarize([], [rule()], [], [])
    assert (summary.start_ms, summary.end_ms, summary.ticks, summary.count) == (0, 0, 0, 0)


states = st.sampled_from(["firing", "resolved"])
several = st.lists(
    st.tuples(st.integers(0, 14_400), st.sampled_from("ab"), st.sampled_from(["A", "B"]), states)
)


@given(several)
def test_counts_add_up(drawn: list[tuple[int, str, str, str]]):
    alerts = [alert(*it) for it in sorted(drawn)]
    summary = summary_of(alerts, rule("a"), rule("b"))
    assert summary.count == len(alerts)
    assert summary.total.firing == sum(it.firing for it in summary.rules.values())
    assert summary.total.resolved == sum(it.resolved for it in summary.rules.values())
    fired = Counter(it.symbol for it in alerts if it.state == "firing")
    assert summary.total.fired == len(fired)
    if summary.total.busiest and summary.total.noisiest and summary.total.silence:
        assert summary.total.busiest.count == max(fired.values())
        hours = Counter(it.time_ms // HOUR_MS for it in alerts if it.state == "firing")
        assert summary.total.noisiest.count == max(hours.values())
        times = [START_MS, *(it.time_ms for it in alerts if it.state == "firing")]
        gaps = [b - a for a, b in zip(times, [*times[1:], START_MS + 10 * DAY_MS], strict=True)]
        assert summary.total.silence.lasted_ms == max(gaps)
