"""`tests/data/language.good.yaml`, the whole rule language, into exact values."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alertd.config.load import load_config
from alertd.engine.condition import AllOf, Band, Comparison, Condition, Not
from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span
from alertd.engine.metrics import METRICS
from alertd.engine.rule import Rule
from tests.config.files import HEAD, RULE, Folder
from tests.engine.tickers import both, check_of, either

FILE = Path(__file__).parents[1] / "data" / "language.good.yaml"
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {rule.name: rule for rule in load_config(FILE, environment={}).rules}


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        (
            "levels",
            both(
                check_of("close", "above", 0.1),
                check_of("close", "below", 1e6),
                check_of("close", "at_least", 17.0),
                check_of("close", "at_most", 2500.0),
                check_of("close", "between", "low", 50e6),
                check_of("close", "outside", 1.0, 2.0),
            ),
        ),
        (
            "metrics",
            both(
                check_of("vwap", "above", "close"),
                check_of("vwap", "between", "low", "high"),
                check_of("change_percent", "below", "range_percent"),
            ),
        ),
        (
            "crossings",
            both(
                check_of("close", "crosses_above", 100e3),
                check_of("close", "crosses_below", "vwap"),
                check_of("close", "crosses", 1.2e9),
                check_of("close", "touches", 17.0),
            ),
        ),
        (
            "bands",
            both(check_of("high", "enters", 1.0, 2.0), check_of("high", "leaves", "open", "vwap")),
        ),
        (
            "ladders",
            both(
                check_of("close", "crosses_every", "5%"),
                check_of("change", "crosses_every", 1000.0),
            ),
        ),
        (
            "moves",
            both(
                check_of("close", "rises", "3%", within_s=300),
                check_of("quote_volume", "falls", 50e6, within_s=24 * 3600),
                both(
                    check_of("change_percent", "moves", 2.5, within_s=1),
                    check_of("change_percent", "above", -1.0),
                ),
            ),
        ),
        (
            "records",
            both(
                check_of("close", "new_high", within_s=24 * 3600),
                check_of("low", "new_low", within_s=90 * 60),
            ),
        ),
        (
            "combined",
            both(
                check_of("close", "above", 1.0),
                either(
                    check_of("low", "below", 2.0),
                    both(check_of("high", "above", 3.0), Not(check_of("open", "above", 4.0))),
                    both(check_of("vwap", "above", 5.0), check_of("vwap", "below", 6.0)),
                    check_of("close", "below", 7.0),
                ),
            ),
        ),
        (
            "joined-first",
            both(
                Not(Not(either(check_of("close", "above", 1.0), check_of("low", "above", 1.0)))),
                check_of("close", "below", 9.0),
            ),
        ),
        (
            "rearmed",
            both(
                check_of("range_percent", "at_least", 12.0, rearm=1.0),
                check_of("quote_volume", "above", 50e6, rearm="5%"),
            ),
        ),
        (
            "rearmed-by-the-rule",
            check_of("close", "rises", "3%", within_s=3600, rearm="50%"),
        ),
        ("percent-of-percent", check_of("change_percent", "above", 5.0, rearm="10%")),
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
        assert all(isinstance(end, float) or end == METRICS["low"] for end in ends)


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_the_keys_of_a_life_are_read(rules: dict[str, Rule]):
    assert rules["life"] == Rule(
        name="life",
        symbols=("BTCUSDT",),
        when=check_of("close", "above", 1.0),
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
    assert rule.when == check_of("close", "above", 100.0, rearm=5.0)
    assert (rule.hold_for_ms, rule.keep_firing_for_ms) == (30_000, 60_000)
    assert (rule.repeat_ms, rule.notify_resolved) == (HOUR_MS, True)
    assert rule.expires_ms == ms("2999-12-31T23:59:00+00:00")
    assert rule.active == Hours(UTC, frozenset({5}))


def test_an_event_leaves_aside_what_defaults_say_of_levels(rules: dict[str, Rule]):
    rule = rules["event"]
    assert rule.when == check_of("close", "crosses", 100.0, rearm=5.0)
    assert (rule.hold_for_ms, rule.keep_firing_for_ms) == (0, 0)
    assert (rule.repeat_ms, rule.notify_resolved) == (None, False)
    assert rule.active is not None


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("event-without-level", check_of("close", "new_high", within_s=4 * 3600)),
        ("several", both(check_of("close", "above", 100.0), check_of("low", "above", 90.0))),
        ("own-rearm", check_of("close", "above", 100.0, rearm=1.0)),
        ("too-far", check_of("close", "rises", 3.0, within_s=300)),
        ("none-of-it", check_of("close", "above", 100.0)),
    ],
)
def test_a_rearm_of_the_defaults_is_left_aside_where_it_does_not_fit(
    rules: dict[str, Rule], name: str, condition: Condition
):
    assert rules[name].when == condition


def test_a_rule_can_do_without_what_its_defaults_say(rules: dict[str, Rule]):
    when = check_of("close", "above", 100.0)
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
        check_of("close", "above", 1_000_000.0),
        check_of("close", "between", 17.0, 1000.0),
        check_of("close", "above", 0.5),
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
