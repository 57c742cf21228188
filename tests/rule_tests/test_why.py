"""The reason for a missing alert, for every kind of condition and turn of a rule's life."""

import pytest

from alertd.rule_tests.running import run_test
from alertd.rule_tests.why import why_lines
from tests.rule_tests.files import Bench


def why(bench: Bench, keys: str, *ticks: str) -> list[str]:
    """Why a rule of these keys gives no alert at the last of some ticks; one comes each minute."""
    told = ", ".join(f"{{at: {minute}m, {tick}}}" for minute, tick in enumerate(ticks))
    rules = f"rules: {{r: {{symbols: BTCUSDT, {keys}}}}}"
    test = bench.test(f"[{told}]", f"[{{at: {len(ticks) - 1}m}}]", rules=rules)
    missing = next(it for it in run_test(test).failures if it.expected is not None)
    return list(why_lines(missing.why))


@pytest.mark.parametrize(
    ("when", "ticks", "line"),
    [
        ("close: {above: 100}", ["close: 98"], "close above 100; it is 98, 2 too low (2.04%)"),
        ("close: {below: 100}", ["close: 100"], "close below 100; it is 100, exactly at it"),
        (
            "close: {between: [100, 110]}",
            ["close: 111"],
            "close between 100 and 110; it is 111, 1 too high (0.90%)",
        ),
        (
            "range_percent: {at_least: 10}",
            ["close: 100, high: 104"],
            "range_percent at least 10%; it is 4, 6 too low",
        ),
        (
            "close: {rises: 3%, within: 5m}",
            ["close: 100", "close: 102"],
            "close rises 3% within 5m; it is 2, 1 too low",
        ),
        (
            "close: {above: vwap}",
            ["close: 99, volume: 10, quote_volume: 1000"],
            "close above vwap; it is 99, against 100, 1 too low (1.01%)",
        ),
        (
            "close: {between: [low, 99]}",
            ["close: 100, low: 90"],
            "close between low and 99; it is 100, against 90 to 99, 1 too high (1.00%)",
        ),
        ("close: {crosses_above: 100}", ["close: 101", "close: 102"], "close crosses above 100; it is 102"),
    ],
)  # fmt: skip
def test_a_comparison_that_is_false_says_what_it_saw(
    bench: Bench, when: str, ticks: list[str], line: str
):
    assert why(bench, f"when: {{{when}}}", *ticks) == [
        "the condition is not true",
        f"  false: {line}",
    ]


@pytest.mark.parametrize(
    ("when", "line"),
    [
        ("close: {above: vwap}", "close above vwap; it is 100, against what is undefined"),
        ("vwap: {above: 1}", "vwap above 1; it is undefined"),
    ],
)
def test_what_cannot_be_told_is_not_false(bench: Bench, when: str, line: str):
    assert why(bench, f"when: {{{when}}}", "close: 100") == [
        "the condition is not true",
        f"  cannot be told: {line}",
    ]


def test_a_tree_is_told_part_by_part(bench: Bench):
    when = (
        "{any: [{close: {above: 110}}, {all: [{close: {above: 90}}, {not: {close: {above: 95}}}]}]}"
    )
    assert why(bench, f"when: {when}", "close: 100") == [
        "the condition is not true",
        "  false: any of",
        "    false: close above 110; it is 100, 10 too low (10.00%)",
        "    false: all of",
        "      true: close above 90; it is 100",
        "      false: not",
        "        true: close above 95; it is 100",
    ]


TRUE = "  true: close above 1; it is 100"


@pytest.mark.parametrize(
    ("keys", "ticks", "reason"),
    [
        ("for: 5m", 2, "true, but not yet for long enough: due in 4m"),
        ("once: true", 2, "true, and it has fired already"),
        ("repeat: 5m", 3, "true, and it has fired already: due in 3m"),
        ('active: {hours: "13:00-14:00"}', 2, "true, but outside its active hours: due in 59m"),
        ("expires: '2026-01-01T00:00:00Z'", 1, "it has expired"),
    ],
)
def test_what_kept_a_true_level_from_an_alert_is_the_reason(
    bench: Bench, keys: str, ticks: int, reason: str
):
    lines = why(bench, f"when: {{close: {{above: 1}}}}, {keys}", *["close: 100"] * ticks)
    assert lines == [reason, TRUE]


def test_a_level_in_its_cooldown_says_how_long_that_goes_on(bench: Bench):
    ticks = ["close: 2", "close: 1", "close: 2"]
    assert why(bench, "when: {close: {above: 1}}, cooldown: 5m", *ticks) == [
        "true, but the last alert is too recent: the cooldown goes on for 3m",
        "  true: close above 1; it is 2",
    ]


def test_a_rule_that_is_kept_firing_says_when_it_would_be_over(bench: Bench):
    keys = "when: {close: {above: 1}}, keep_firing_for: 5m, notify_resolved: true"
    assert why(bench, keys, "close: 2", "close: 1", "close: 1") == [
        "no longer true, but not yet for long enough to be over: due in 4m",
        "  false: close above 1; it is 1, exactly at it",
    ]


def test_an_event_that_fired_once_says_that_it_is_disarmed(bench: Bench):
    ticks = ["close: 1", "close: 3", "close: 1", "close: 3"]
    assert why(bench, "when: {close: {crosses_above: 2}}, once: true", *ticks)[0] == (
        "true, but it has fired once and was not rearmed"
    )
