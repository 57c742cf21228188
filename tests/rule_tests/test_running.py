"""Which alerts pass, and which fail and why: one fact each."""

import pytest

from alertd.engine.alert import Alert, AlertState, Interval
from alertd.rule_tests.running import Difference, Failure, run_test
from tests.rule_tests.files import Bench

UP = "[{at: 0s, close: 99}, {at: 2s, close: 101}, {at: 4s, close: 102}]"
ABOVE = "rules: {above: {symbols: BTCUSDT, when: {close: {above: 100}}}}"
TITLE = ABOVE.replace("100}}", "100}}, title: '{{ close }} on {{ symbol }}'")
BETWEEN = "rules: {inside: {symbols: BTCUSDT, when: {close: {between: [100, 110]}}}}"


def failures(bench: Bench, ticks: str, alerts: str, rules: str = ABOVE) -> tuple[Failure, ...]:
    return run_test(bench.test(ticks, alerts, rules=rules)).failures


@pytest.mark.parametrize(
    "alert",
    [
        "at: 2s",
        "at: 2s, rule: above, symbol: BTCUSDT, state: firing",
        "at: 2s, value: 101, threshold: 100",
        "at: 2s, value: 101.00000000001",  # as near as the engine's numbers are
        "at: 2s, title: 101 on BTCUSDT",
    ],
)
def test_what_an_alert_is_expected_to_be_it_may_be(bench: Bench, alert: str):
    assert failures(bench, UP, f"[{{{alert}}}]", TITLE) == ()


def test_the_alerts_of_a_test_are_kept(bench: Bench):
    (alert,) = run_test(bench.test(UP, "[{at: 2s}]", rules=ABOVE)).alerts
    assert (alert.value, alert.threshold) == (101, 100)


def test_an_alert_that_does_not_come_is_missing(bench: Bench):
    first, second = failures(bench, UP, "[{at: 0s}, {at: 2s}, {at: 4s}]")
    assert [(it.at_ms, it.rule, it.symbol) for it in (first, second)] == [
        (0, "above", "BTCUSDT"),
        (4000, "above", "BTCUSDT"),
    ]
    assert first.expected is not None
    assert first.got is None


def test_how_the_rule_stood_is_known_of_a_missing_alert(bench: Bench):
    (missing,) = failures(bench, "[{at: 0s, close: 99}, {at: 2s, close: 95}]", "[{at: 0s}]")
    assert missing.why is not None
    assert missing.why.condition is not None
    assert missing.why.condition.distance == 1


def test_an_alert_that_nobody_expects_is_a_failure(bench: Bench):
    (unexpected,) = failures(bench, UP, "[]")
    assert (unexpected.at_ms, unexpected.expected) == (2000, None)
    assert isinstance(unexpected.got, Alert)


@pytest.mark.parametrize(
    ("alert", "difference"),
    [
        ("value: 102", Difference("value", 102, 101)),
        ("value: 101.0000000001", Difference("value", 101.0000000001, 101)),
        ("threshold: 101", Difference("threshold", 101, 100)),
        ("threshold: [1, 2]", Difference("threshold", Interval(1, 2), 100)),
        ("state: resolved", Difference("state", AlertState.RESOLVED, AlertState.FIRING)),
        ("title: x", Difference("title", "x", "101 on BTCUSDT")),
    ],
)
def test_what_differs_is_told(bench: Bench, alert: str, difference: Difference):
    (failure,) = failures(bench, UP, f"[{{at: 2s, {alert}}}]", TITLE)
    assert failure.differences == (difference,)


def test_every_difference_of_an_alert_is_told(bench: Bench):
    (failure,) = failures(bench, UP, "[{at: 2s, value: 1, threshold: 2, title: x, message: y}]")
    assert [it.field for it in failure.differences] == ["value", "threshold", "title", "message"]


def test_a_band_is_expected_as_its_bounds(bench: Bench):
    assert failures(bench, UP, "[{at: 2s, threshold: [100, 110]}]", BETWEEN) == ()
    assert len(failures(bench, UP, "[{at: 2s, threshold: [100, 111]}]", BETWEEN)) == 1


def test_a_text_may_end_with_a_line_break_or_not(bench: Bench):
    rules = ABOVE.replace("100}}", "100}}, message: 'up'")
    assert failures(bench, UP, '[{at: 2s, message: "up\\n"}]', rules) == ()


def test_templates_are_rendered_as_they_are_for_people(bench: Bench):
    rules = ABOVE.replace("100}}", "100}}, title: '{{ symbol }}: {{ close | fixed(1) }}'")
    assert failures(bench, UP, "[{at: 2s, title: 'BTCUSDT: 101.0'}]", rules) == ()


def test_each_test_begins_anew(bench: Bench):
    starts = (f"start: '2026-01-05T{hour}:00:00Z'," for hour in (12, 13))
    for start in starts:
        test = bench.test("[{at: 0s, close: 101}]", "[{at: 0s}]", rules=ABOVE, keys=start)
        assert run_test(test).passed


def test_a_rule_is_for_its_own_symbols_only(bench: Bench):
    rules = "rules: {up: {symbols: '*USDT', exclude: ETHUSDT, when: {close: {above: 100}}}}"
    ticks = "[{at: 0s, close: 101}, {at: 0s, symbol: ETHUSDT, close: 101}, {at: 0s, symbol: SOLUSDT, close: 101}]"
    assert failures(bench, ticks, "[{at: 0s}, {at: 0s, symbol: SOLUSDT}]", rules) == ()


def test_times_are_those_of_the_test_s_start(bench: Bench):
    rules = ABOVE.replace("100}}", "100}}, title: '{{ time }}'")
    test = bench.test(
        UP,
        "[{at: 2s, title: '2025-06-01 12:00:02 UTC'}]",
        rules=rules,
        keys="start: '2025-06-01T14:00:00+02:00',",
    )
    assert run_test(test).passed
