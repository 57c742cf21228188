"""`tests/data/language.good.yaml`, the whole rule language, into exact values."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alertd.config.load import load_config
from alertd.engine.condition import (
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
from alertd.engine.rule import Rule
from tests.config.files import HEAD, RULE, Folder

FILE = Path(__file__).parents[1] / "data" / "language.good.yaml"
SECOND_MS, MINUTE_MS, HOUR_MS = 1_000, 60_000, 3_600_000


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {rule.name: rule for rule in load_config(FILE, environment={}).rules}


def asked(
    metric: str,
    operator: str,
    level: Level,
    *,
    within_ms: int = 0,
    rearm: Amount | None = None,
) -> Comparison:
    return Comparison(METRICS[metric], Operator(operator), level, within_ms, rearm)


def percent(value: float) -> Amount:
    return Amount(value, percent=True)


LOW, HIGH, OPEN, VWAP = (METRICS[name] for name in ("low", "high", "open", "vwap"))


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        (
            "levels",
            AllOf(
                (
                    asked("close", "above", 0.1),
                    asked("close", "below", 1e6),
                    asked("close", "at_least", 17.0),
                    asked("close", "at_most", 2500.0),
                    asked("close", "between", Band(LOW, 50e6)),
                    asked("close", "outside", Band(1.0, 2.0)),
                )
            ),
        ),
        (
            "metrics",
            AllOf(
                (
                    asked("vwap", "above", METRICS["close"]),
                    asked("vwap", "between", Band(LOW, HIGH)),
                    asked("change_percent", "below", METRICS["range_percent"]),
                )
            ),
        ),
        (
            "crossings",
            AllOf(
                (
                    asked("close", "crosses_above", 100e3),
                    asked("close", "crosses_below", VWAP),
                    asked("close", "crosses", 1.2e9),
                    asked("close", "touches", 17.0),
                )
            ),
        ),
        (
            "bands",
            AllOf(
                (
                    asked("high", "enters", Band(1.0, 2.0)),
                    asked("high", "leaves", Band(OPEN, VWAP)),
                )
            ),
        ),
        (
            "ladders",
            AllOf(
                (
                    asked("close", "crosses_every", percent(5.0)),
                    asked("change", "crosses_every", Amount(1000.0)),
                )
            ),
        ),
        (
            "moves",
            AllOf(
                (
                    asked("close", "rises", percent(3.0), within_ms=5 * MINUTE_MS),
                    asked("quote_volume", "falls", Amount(50e6), within_ms=24 * HOUR_MS),
                    AllOf(
                        (
                            asked("change_percent", "moves", Amount(2.5), within_ms=SECOND_MS),
                            asked("change_percent", "above", -1.0),
                        )
                    ),
                )
            ),
        ),
        (
            "records",
            AllOf(
                (
                    asked("close", "new_high", None, within_ms=24 * HOUR_MS),
                    asked("low", "new_low", None, within_ms=90 * MINUTE_MS),
                )
            ),
        ),
        (
            "combined",
            AllOf(
                (
                    asked("close", "above", 1.0),
                    AnyOf(
                        (
                            asked("low", "below", 2.0),
                            AllOf((asked("high", "above", 3.0), Not(asked("open", "above", 4.0)))),
                            AllOf((asked("vwap", "above", 5.0), asked("vwap", "below", 6.0))),
                            asked("close", "below", 7.0),
                        )
                    ),
                )
            ),
        ),
        (
            "joined-first",
            AllOf(
                (
                    Not(Not(AnyOf((asked("close", "above", 1.0), asked("low", "above", 1.0))))),
                    asked("close", "below", 9.0),
                )
            ),
        ),
        (
            "rearmed",
            AllOf(
                (
                    asked("range_percent", "at_least", 12.0, rearm=Amount(1.0)),
                    asked("quote_volume", "above", 50e6, rearm=percent(5.0)),
                )
            ),
        ),
        (
            "rearmed-by-the-rule",
            asked("close", "rises", percent(3.0), within_ms=HOUR_MS, rearm=percent(50.0)),
        ),
        ("percent-of-percent", asked("change_percent", "above", 5.0, rearm=percent(10.0))),
    ],
)
def test_a_condition_is_read_as_it_is_written(
    rules: dict[str, Rule], name: str, condition: Condition
):
    assert rules[name].when == condition


def test_numbers_are_floats_wherever_they_stand(rules: dict[str, Rule]):
    levels = rules["levels"].when
    assert isinstance(levels, AllOf)
    for comparison in levels.parts:
        assert isinstance(comparison, Comparison)
        bounds = comparison.level
        ends = (bounds.low, bounds.high) if isinstance(bounds, Band) else (bounds,)
        assert all(isinstance(end, float) or end == LOW for end in ends)


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_the_keys_of_a_life_are_read(rules: dict[str, Rule]):
    assert rules["life"] == Rule(
        name="life",
        symbols=("BTCUSDT",),
        when=asked("close", "above", 1.0),
        hold_for_ms=30_000,
        keep_firing_for_ms=60_000,
        cooldown_ms=900_000,
        repeat_ms=3_600_000,
        once=False,
        expires_ms=ms("2999-12-31T22:59:30.500+00:00"),
        notify=("phone",),
        notify_resolved=True,
    )


def test_a_single_alert_that_nothing_repeats(rules: dict[str, Rule]):
    single = rules["single"]
    assert (single.once, single.repeat_ms) == (True, None)
    assert single.expires_ms == ms("2999-12-31T23:59:00+00:00")


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        (
            "weekdays",
            Hours(ZoneInfo("Europe/Berlin"), frozenset(range(5)), (Span(8 * 60, 22 * 60),)),
        ),
        (
            "nights",
            Hours(
                UTC, frozenset({5, 6, 0, 2}), (Span(22 * 60, 6 * 60), Span(12 * 60, DAY_MINUTES))
            ),
        ),
        ("days", Hours(UTC, frozenset({6}))),
    ],
)
def test_active_hours_are_read(rules: dict[str, Rule], name: str, hours: Hours):
    assert rules[name].active == hours


def test_hours_without_days_are_those_of_every_day(folder: Folder):
    rule = "{symbols: A, notify: phone, when: {close: {above: 1}}, active: {hours: 08:00-09:00}}"
    active = folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}").rules[0].active
    assert active == Hours(UTC, EVERY_DAY, (Span(480, 540),))


def test_defaults_serve_the_rules_which_they_fit(rules: dict[str, Rule]):
    rule = rules["fits"]
    assert rule.when == asked("close", "above", 100.0, rearm=Amount(5.0))
    assert (rule.hold_for_ms, rule.keep_firing_for_ms) == (30_000, 60_000)
    assert (rule.repeat_ms, rule.notify_resolved) == (HOUR_MS, True)
    assert rule.expires_ms == ms("2999-12-31T23:59:00+00:00")
    assert rule.active == Hours(UTC, frozenset({5}))


def test_an_event_leaves_aside_what_defaults_say_of_levels(rules: dict[str, Rule]):
    rule = rules["event"]
    assert rule.when == asked("close", "crosses", 100.0, rearm=Amount(5.0))
    assert (rule.hold_for_ms, rule.keep_firing_for_ms) == (0, 0)
    assert (rule.repeat_ms, rule.notify_resolved) == (None, False)
    assert rule.active is not None


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("event-without-level", asked("close", "new_high", None, within_ms=4 * HOUR_MS)),
        ("several", AllOf((asked("close", "above", 100.0), asked("low", "above", 90.0)))),
        ("own-rearm", asked("close", "above", 100.0, rearm=Amount(1.0))),
        ("too-far", asked("close", "rises", Amount(3.0), within_ms=5 * MINUTE_MS)),
        ("none-of-it", asked("close", "above", 100.0)),
    ],
)
def test_a_rearm_of_the_defaults_is_left_aside_where_it_does_not_fit(
    rules: dict[str, Rule], name: str, condition: Condition
):
    assert rules[name].when == condition


def test_a_rule_can_do_without_what_its_defaults_say(rules: dict[str, Rule]):
    when = asked("close", "above", 100.0)
    assert rules["none-of-it"] == Rule("none-of-it", ("BTCUSDT",), when, notify=("phone",))


def test_of_once_and_repeat_the_nearer_one_wins(rules: dict[str, Rule]):
    once, repeats = rules["once"], rules["repeats"]
    assert (once.once, once.repeat_ms) == (True, None)
    assert (repeats.once, repeats.repeat_ms) == (False, 5 * MINUTE_MS)


@pytest.mark.parametrize(
    "test",
    [
        "close: {outside: [100, 110], rearm: 5}",
        "close: {leaves: [100, 110], rearm: 4.7%}",
        "close: {leaves: [low, 110], rearm: 200}",
        "close: {rises: 3%, within: 1s, rearm: 3}",
        "close: {falls: 100%, within: 24h, rearm: 100%}",
        "close: {above: 100, rearm: 99.9}",
        "close: {below: 100, rearm: 500%}",
        "volume: {at_least: 5, rearm: 100%}",
        "change: {crosses_above: 0, rearm: 1}",
        "change_percent: {above: -5, rearm: 200%}",
        "close: {touches: vwap, rearm: 1%}",
        "close: {crosses_every: 99.9%}",
        "close: {crosses_every: 1e-8}",
        "close: {new_low: 1s}",
        "close: {between: [100, 110], rearm: 200}",
        "close: {enters: [100, 110], rearm: 200}",
    ],
)
def test_what_just_fits_is_fine(folder: Folder, test: str):
    rule = f"{{symbols: A, notify: phone, when: {{{test}}}}}"
    assert len(folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}").rules) == 1


def test_a_repeat_every_second_is_not_too_often(folder: Folder):
    rule = RULE.replace("notify", "repeat: 1s, notify")
    assert folder.load(f"{HEAD}rules: {{rules: {{a: {rule}}}}}").rules[0].repeat_ms == 1000


def test_scalars_are_what_a_person_reads(folder: Folder):
    """YAML 1.1, which most parsers follow, reads on, no, 1:30, 017 and 1e6 otherwise."""
    text = """\
rules:
  rules:
    on: {symbols: "ON", notify: phone, when: {close: {above: 1e6}}, title: no}
    no: {symbols: NO, notify: phone, when: {close: {between: [017, 1_000]}}, title: 1:30}
    1e3: {symbols: A, notify: phone, when: {close: {above: .5}}, title: "0x10"}
"""
    config = folder.load(f"{HEAD}{text}")
    assert [(rule.name, rule.title) for rule in config.rules] == [
        ("on", "no"),
        ("no", "1:30"),
        ("1e3", "0x10"),
    ]
    assert [rule.when for rule in config.rules] == [
        asked("close", "above", 1_000_000.0),
        asked("close", "between", Band(17.0, 1000.0)),
        asked("close", "above", 0.5),
    ]


def nested(depth: int) -> str:
    condition = "{close: {above: 1}}"
    for _ in range(depth):
        condition = f"{{all: [{condition}, {{low: {{below: 1}}}}]}}"
    return f"{HEAD}rules: {{rules: {{a: {{symbols: A, notify: phone, when: {condition}}}}}}}"


def test_twenty_deep_is_not_too_deep(folder: Folder):
    assert len(folder.load(nested(20)).rules) == 1


def test_more_is_a_mistake_and_not_the_parsers_business(folder: Folder):
    texts = {mistake.partition(": ")[2] for mistake in folder.mistakes(nested(21))}
    assert texts == {"conditions are nested at most 20 deep"}


def test_a_thousand_comparisons_are_not_too_many(folder: Folder):
    tests = ", ".join(f"{{close: {{above: {level}}}}}" for level in range(1000))
    text = f"a: {{symbols: A, notify: phone, when: {{any: [{tests}]}}}}"
    assert len(folder.load(f"{HEAD}rules: {{rules: {{{text}}}}}").rules) == 1
