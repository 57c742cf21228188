"""Why a rule fires or does not, what it waits for, and what it said last."""

from datetime import UTC

import attrs
import pytest

from alertd.engine.alert import Interval
from alertd.engine.explanation import HeldBack
from alertd.engine.hours import Hours, Span
from alertd.engine.life import Life, Phase, Verdict
from alertd.engine.rule import Rule
from tests.engine.explaining import (
    ABOVE,
    CROSSES,
    POSITION,
    at,
    condition_of,
    engine_after,
    explained,
    facts,
)
from tests.engine.stories import scenes
from tests.engine.tickers import SYMBOL, check_of, rule, ticker

SECOND_MINUTE = Hours(UTC, spans=tuple(Span(hour * 60 + 1, hour * 60 + 2) for hour in range(24)))


@pytest.mark.parametrize(
    ("tested", "story", "verdict"),
    [
        (rule(ABOVE), "99", Verdict.NOT_TRUE),
        (rule(ABOVE), "99 98", Verdict.NOT_TRUE),
        (rule(ABOVE), "99 101", Verdict.FIRES),
        (rule(ABOVE), "101 102", Verdict.STILL_FIRING),
        (rule(ABOVE, for_s=60), "101 102", Verdict.NOT_HELD),
        (rule(ABOVE, keep_firing_for_s=60), "101 99 98", Verdict.KEPT_FIRING),
        (rule(ABOVE, cooldown_s=60), "101 99 101 102", Verdict.COOLING_DOWN),
        (rule(ABOVE, expires_s=3), "99 99 99", Verdict.EXPIRED),
        (rule(ABOVE), "101 99 98", Verdict.NOT_TRUE),
        (rule(POSITION), "5/5/5", Verdict.NOT_TRUE),
        (rule(CROSSES), "99 101", Verdict.FIRES),
        (rule(CROSSES), "99 101 102", Verdict.NOT_TRUE),
        (rule(CROSSES, cooldown_s=60), "99 101 99 101", Verdict.COOLING_DOWN),
        (rule(CROSSES, cooldown_s=60), "99 101 99 101 102", Verdict.NOT_TRUE),
    ],
)
def test_the_verdict_is_that_of_the_newest_ticker(tested: Rule, story: str, verdict: Verdict):
    assert explained(tested, story).verdict is verdict


@pytest.mark.parametrize(
    ("tested", "story", "due_s"),
    [
        pytest.param(rule(ABOVE, for_s=60), "99 101", 62, id="it will have been held"),
        pytest.param(rule(ABOVE, for_s=60), "99 98", None, id="there is nothing to wait for"),
        pytest.param(rule(ABOVE, repeat_s=60), "101 102", 60, id="its next repeat"),
        pytest.param(rule(ABOVE, active=SECOND_MINUTE), "101", 2660, id="its hours"),
        pytest.param(rule(CROSSES, cooldown_s=60), "99 101", None, id="an event may be any time"),
    ],
)
def test_when_time_alone_makes_a_difference(tested: Rule, story: str, due_s: float | None):
    assert explained(tested, story).due_ms == (None if due_s is None else at(due_s))


@pytest.mark.parametrize(
    ("keys", "story", "left_s"),
    [
        ({"cooldown_s": 60}, "99", 0),
        ({"cooldown_s": 60}, "0:101", 60),
        ({"cooldown_s": 60}, "0:101 45.5:99", 14.5),
        ({"cooldown_s": 60}, "0:101 60:99", 0),
        ({"cooldown_s": 60}, "0:101 61:99", 0),
        ({}, "0:101 2:99", 0),
    ],
)
def test_what_is_left_of_the_cooldown(keys: dict[str, float], story: str, left_s: float):
    assert explained(rule(ABOVE, **keys), story).cooldown_left_ms == left_s * 1000


def test_it_says_what_held_it_back_last_and_when():
    cooled = rule(CROSSES, cooldown_s=60)
    held = HeldBack(Verdict.COOLING_DOWN, at(6))
    assert explained(cooled, "99 101 99 101 99 98").held_back == held
    assert explained(rule(ABOVE), "99 101").held_back is None


def test_it_keeps_the_last_alert_that_something_was_true():
    watched = rule(ABOVE, notify_resolved=True)
    found = explained(watched, "99 101 102 99")
    assert found.last_alert is not None
    assert (found.last_alert.time_ms, found.last_alert.value) == (at(2), 101)
    assert explained(watched, "99").last_alert is None


def test_it_has_the_newest_ticker_and_the_rule_s_life():
    found = explained(rule(ABOVE, for_s=60), "99 101 102")
    assert found.ticker == ticker(4, close=102)
    assert found.life == Life(Phase.PENDING, true_since_ms=at(2))


def test_what_is_rearmed_has_the_life_of_what_was_never_disarmed():
    engine = engine_after(rule(CROSSES, once=True), "99 101")
    assert engine.rearm("a-rule") == 1
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.life == Life(last_alert_ms=at(2))


def test_to_explain_changes_nothing():
    engine, plain = (engine_after(rule(ABOVE, for_s=4), "99 101") for _ in range(2))
    before = engine.explain("a-rule", SYMBOL)
    assert engine.explain("a-rule", SYMBOL) == before
    told = list(scenes("4:102 6:103 8:99"))
    for scene in told:
        engine.explain("a-rule", SYMBOL)
        assert engine.update(scene.ticker) == plain.update(scene.ticker)


def test_a_reload_keeps_what_is_known_until_the_next_ticker():
    engine = engine_after(ABOVE, "99 101 102")
    engine.watch({SYMBOL: [rule(ABOVE, title="another")]})
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert facts(found.condition) == [(True, 2)]
    assert found.last_alert is not None
    assert attrs.evolve(found.rule, title=None) == rule(ABOVE)


def test_a_band_is_told_as_it_stands():
    found = condition_of(check_of("close", "between", "low", "high"), "101/150/50")
    assert found.reading is not None
    assert found.reading.threshold == Interval(50, 150)
