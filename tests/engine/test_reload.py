"""What a rule keeps over a reload and over a restart, and what it does not."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import pytest

from alertd.engine.alert import Alert
from alertd.engine.condition import Comparison, Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule, Severity
from tests.engine.stories import Players, scenes
from tests.engine.tickers import SYMBOL, amount, both, check_of, either, rule

ABOVE = check_of("close", "above", 100)
BELOW = check_of("close", "below", 100)
CROSSES = check_of("close", "crosses_above", 100)
LADDER = check_of("close", "crosses_every", 10)
HIGH = check_of("close", "new_high", within_s=10)
RISES = check_of("close", "rises", 3, within_s=10)


def reloaded(*rules: Rule, story: str, then: Sequence[Rule], goes_on: str) -> list[Alert]:
    """What the second part of a story sets off, with other rules than the first."""
    players = Players(*rules)
    players.alerts(story)
    players.watch(*then)
    return players.alerts(goes_on)


def check_reload(before: Rule, story: str, after: Rule, goes_on: str) -> None:
    players = Players(before)
    players.check_story(story)
    players.watch(after)
    players.check_story(goes_on)


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"title": "another"},
        {"message": "another"},
        {"severity": Severity.CRITICAL},
        {"notify": ("desk",)},
        {"symbols": ("*",)},
        {"cooldown_ms": 1000},
        {"notify_resolved": True},
        {"repeat_ms": 60_000},
    ],
)
def test_a_rule_that_asks_for_the_same_goes_on_as_it_stands(edit: dict[str, Any]):
    waits = rule(ABOVE, for_s=10)
    check_reload(waits, "0:101 2:101", attrs.evolve(waits, **edit), "4:101 10:101! 12:101")
    check_reload(waits, "0:101 10:101!", attrs.evolve(waits, **edit), "12:101 14:101")


def test_a_shorter_hold_counts_from_the_tick_that_made_it_true():
    check_reload(rule(ABOVE, for_s=60), "0:101 8:101", rule(ABOVE, for_s=10), "10:101!")


def test_a_longer_hold_counts_from_the_tick_that_made_it_true():
    check_reload(rule(ABOVE, for_s=10), "0:101 8:101", rule(ABOVE, for_s=20), "10:101 20:101!")


def test_a_cooldown_that_is_added_counts_from_the_last_alert():
    check_reload(
        rule(CROSSES), "0:99 2:101! 4:99", rule(CROSSES, cooldown_s=10), "6:101 8:99 12:101!"
    )


def test_a_rule_that_asks_for_something_else_begins_anew():
    other = check_of("close", "above", 99)
    check_reload(rule(ABOVE), "0:101! 2:101", rule(other), "4:101!")
    check_reload(rule(ABOVE, for_s=10), "0:101 8:101", rule(other, for_s=10), "10:101 20:101!")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(Not(BELOW), Not(check_of("close", "below", 99)), id="not"),
        pytest.param(both(ABOVE, Not(BELOW)), both(ABOVE, ABOVE), id="all"),
        pytest.param(either(ABOVE, BELOW), either(BELOW, ABOVE), id="any"),
        pytest.param(both(ABOVE), either(ABOVE), id="all or any"),
        pytest.param(both(either(ABOVE)), both(either(ABOVE, BELOW)), id="far below"),
    ],
)
def test_one_that_asks_for_something_else_in_a_part_does_as_well(
    before: Condition, after: Condition
):
    check_reload(rule(before), "0:101! 2:101", rule(after), "4:101!")


@pytest.mark.parametrize("joined", [both, either])
def test_another_rearm_of_a_part_asks_for_the_same(joined: Callable[..., Condition]):
    other = attrs.evolve(ABOVE, rearm=amount(5))
    check_reload(rule(joined(joined(ABOVE))), "0:101!", rule(joined(joined(other))), "2:101")


def test_it_alone_does():
    stays, goes = rule(ABOVE, name="stays"), rule(ABOVE, name="goes")
    changed = attrs.evolve(goes, when=check_of("close", "above", 99))
    alerts = reloaded(stays, goes, story="101", then=[stays, changed], goes_on="2:101")
    assert [alert.rule.name for alert in alerts] == ["goes"]


def test_a_rule_under_another_name_is_another():
    alerts = reloaded(
        rule(ABOVE, name="a"), story="101", then=[rule(ABOVE, name="b")], goes_on="2:101"
    )
    assert [alert.rule.name for alert in alerts] == ["b"]


def test_a_rule_that_was_switched_off_begins_anew():
    players = Players(rule(ABOVE))
    players.check_story("0:101!")
    players.watch(rule(ABOVE, enabled=False))
    players.check_story("2:101")
    players.watch(rule(ABOVE))
    players.check_story("4:101! 6:101")


def test_an_expired_rule_that_is_given_more_time_begins_anew():
    check_reload(rule(ABOVE, expires_s=4), "0:101! 6:101", rule(ABOVE), "8:101! 10:101")


def test_what_has_fired_once_stays_disarmed():
    once = rule(CROSSES, once=True)
    check_reload(once, "0:99 2:101!", attrs.evolve(once, title="another"), "4:99 6:101")


def test_an_alert_carries_the_rule_as_it_is_now():
    edited = rule(ABOVE, title="another")
    (alert,) = reloaded(rule(ABOVE), story="99", then=[edited], goes_on="2:101")
    assert alert.rule is edited


def test_rules_in_another_order_keep_what_is_theirs():
    first, second = rule(ABOVE, name="first"), rule(CROSSES, name="second", once=True)
    alerts = reloaded(first, second, story="0:99 2:101 4:99", then=[second, first], goes_on="6:101")
    assert [alert.rule.name for alert in alerts] == ["first"]


def test_a_crossing_is_seen_over_a_reload():
    check_reload(rule(ABOVE), "0:99", rule(CROSSES), "2:101!")


def test_a_new_ladder_begins_at_the_next_value():
    check_reload(rule(ABOVE), "0:84", rule(LADDER), "2:96 4:100! 6:91 8:90!")


def test_a_ladder_keeps_its_rungs():
    check_reload(rule(LADDER), "104 110!", rule(LADDER, title="another"), "4:109 6:101 8:120!")


def test_a_new_window_begins_with_the_next_tick():
    check_reload(rule(ABOVE), "0:96", rule(RISES), "2:99 4:101 5:102!")


def test_a_new_record_waits_until_its_window_is_covered():
    check_reload(rule(ABOVE), "0:90 8:90", rule(HIGH), "10:91 19:92 20:93!")


@pytest.mark.parametrize(
    ("there", "added"),
    [
        pytest.param(HIGH, HIGH, id="a record like it"),
        pytest.param(check_of("close", "new_low", within_s=10), HIGH, id="the other record"),
        pytest.param(RISES, HIGH, id="a move"),
    ],
)
def test_a_window_that_another_rule_has_already_is_covered(there: Comparison, added: Comparison):
    has, gets = rule(there, name="has"), rule(both(added, ABOVE), name="gets")
    alerts = reloaded(has, story="0:90 8:90", then=[has, gets], goes_on="10:101")
    assert "gets" in [alert.rule.name for alert in alerts]


def test_a_window_that_no_rule_had_for_a_while_begins_anew():
    players = Players(rule(HIGH))
    players.alerts("0:90 8:91")
    players.watch(rule(ABOVE))
    players.alerts("10:91")
    players.watch(rule(HIGH))
    players.check_story("12:92 14:93 21:94 22:95!")


# A restart: another engine, which remembers the rules' lives and is shown past tickers.


def restarted(tested: Rule, story: str, goes_on: str) -> list[Alert]:
    engine, again = Engine({SYMBOL: [tested]}), Engine({SYMBOL: [tested]})
    past = [scene.ticker for scene in scenes(story)]
    for ticker in past:
        engine.update(ticker)
    again.restore(engine.memories())
    for ticker in past:
        again.warm(ticker)
    return [alert for scene in scenes(goes_on) for alert in again.update(scene.ticker)]


@pytest.mark.parametrize(
    ("tested", "story", "goes_on", "fires_at"),
    [
        pytest.param(rule(ABOVE), "0:101", "2:101", [], id="a level that fires does not fire again"),
        pytest.param(rule(ABOVE, for_s=10), "0:101 2:101", "9:101 10:101 12:101", [10], id="a hold goes on"),
        pytest.param(rule(ABOVE, for_s=200), "0:101 100:101", "220:101 300:101", [220], id="over a short outage too"),
        pytest.param(rule(ABOVE, for_s=200), "0:101 100:101", "400:101 499:101 500:101", [500], id="what nobody saw does not count"),
        pytest.param(rule(ABOVE, for_s=200), "0:101 100:101", "400:99 402:101 601:101 602:101", [602], id="if it was not over"),
        pytest.param(rule(ABOVE, keep_firing_for_s=200, notify_resolved=True), "0:101 50:99 100:99", "400:99 549:99 550:99", [550], id="nor for the end"),
        pytest.param(rule(ABOVE, repeat_s=200), "0:101 100:101", "400:101 599:101 600:101", [400, 600], id="what was said was said when it was"),
        pytest.param(rule(CROSSES), "0:99", "2:101", [2], id="a crossing is seen"),
        pytest.param(rule(CROSSES, cooldown_s=10), "0:99 2:101 4:99", "6:101 8:99 12:101", [12], id="a cooldown goes on"),
        pytest.param(rule(CROSSES, once=True), "0:99 2:101", "4:99 6:101", [], id="once is once"),
        pytest.param(rule(check_of("close", "above", 100, rearm=5)), "0:101 2:97", "4:101", [], id="what has not come back has not"),
        pytest.param(rule(check_of("close", "crosses_above", 100, rearm=5)), "0:99 2:101", "4:99 6:101 8:95 10:101", [10], id="nor is it ready"),
        pytest.param(rule(LADDER), "0:104 2:110", "4:101 6:110 8:120", [8], id="a ladder keeps its rungs"),
        pytest.param(rule(RISES), "0:100 2:101", "4:103", [4], id="windows are filled from the past"),
        pytest.param(rule(HIGH), "0:100 2:101", "9:102 10:103", [10], id="and covered by it"),
    ],
)  # fmt: skip
def test_nothing_is_lost_over_a_restart(
    tested: Rule, story: str, goes_on: str, fires_at: list[float]
):
    alerts = restarted(tested, story, goes_on)
    assert [(alert.time_ms - 1_000_000) / 1000 for alert in alerts] == fires_at


def test_a_ticker_that_is_a_little_late_after_a_restart_is_left_out():
    assert restarted(rule(ABOVE), "0:101 20:101", "6:101 19:99 21:101") == []


def test_one_that_is_much_older_is_of_another_market_that_begins_anew():
    alerts = restarted(rule(ABOVE), "0:101 20:101", "5:101 19:101")
    assert [(alert.time_ms - 1_000_000) / 1000 for alert in alerts] == [5]


def test_past_tickers_alone_set_nothing_off_and_change_no_life():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    for scene in scenes("0:101 2:101 4:101"):
        engine.warm(scene.ticker)
    alerts = [
        alert for scene in scenes("6:101 15:101 16:101") for alert in engine.update(scene.ticker)
    ]
    assert [alert.held_for_ms for alert in alerts] == [10_000]


def test_a_rule_that_asks_for_something_else_remembers_nothing():
    engine = Engine({SYMBOL: [rule(ABOVE)]})
    for scene in scenes("0:101"):
        engine.update(scene.ticker)
    other = Engine({SYMBOL: [rule(check_of("close", "above", 99))]})
    other.restore(engine.memories())
    assert [len(other.update(scene.ticker)) for scene in scenes("2:101")] == [1]


def test_a_gap_is_told_over_a_restart():
    engine = Engine({SYMBOL: [rule(ABOVE)]})
    for scene in scenes("0:99"):
        engine.warm(scene.ticker)
    (alert,) = [it for scene in scenes("300:101") for it in engine.update(scene.ticker)]
    assert alert.gap_ms == 300_000


# What has changed, and is to be remembered: no more than that.


def changed(engine: Engine) -> list[str]:
    return sorted(memory.rule for memory in engine.all_changes())


def test_what_has_changed_is_told_once():
    engine = Engine({SYMBOL: [rule(ABOVE, name="above"), rule(BELOW, name="below")]})
    (first, second) = scenes("0:101 2:101")
    assert engine.changes(SYMBOL) == []
    engine.update(first.ticker)
    (memory,) = engine.changes(SYMBOL)
    assert (memory.rule, memory.symbol) == ("above", SYMBOL)
    assert memory in engine.memories()
    engine.update(second.ticker)
    assert engine.changes(SYMBOL) == []
    assert engine.changes("ETHUSDT") == []


def test_a_rule_that_was_armed_again_has_changed():
    engine = Engine({SYMBOL: [rule(ABOVE, once=True)]})
    for scene in scenes("0:101 2:99"):
        engine.update(scene.ticker)
        engine.changes(SYMBOL)
    engine.rearm("a-rule")
    (memory,) = engine.changes(SYMBOL)
    assert not memory.life.disarmed


def test_what_begins_anew_by_a_reload_has_changed_and_what_goes_on_has_not():
    goes_on, edited = rule(ABOVE, name="goes on"), rule(BELOW, name="edited")
    engine = Engine({SYMBOL: [goes_on, edited]})
    edited = attrs.evolve(edited, when=CROSSES)
    engine.watch({SYMBOL: [rule(LADDER, name="added"), goes_on, edited]})
    assert changed(engine) == ["added", "edited"]


def test_a_symbol_that_is_new_has_changed():
    engine = Engine({SYMBOL: [rule(ABOVE)]})
    engine.watch({SYMBOL: [rule(ABOVE)], "ETHUSDT": [rule(ABOVE)]})
    assert [memory.symbol for memory in engine.all_changes()] == ["ETHUSDT"]


def test_what_had_changed_before_a_reload_is_not_forgotten():
    above = rule(ABOVE, name="above")
    engine = Engine({SYMBOL: [above]})
    for scene in scenes("0:101"):
        engine.update(scene.ticker)
    engine.watch({SYMBOL: [rule(LADDER, name="added"), above]})
    assert changed(engine) == ["above", "added"]


def test_where_time_goes_back_everything_has_changed():
    engine = Engine({SYMBOL: [rule(ABOVE, name="above"), rule(BELOW, name="below")]})
    for scene in scenes("0:101 60:101"):
        engine.update(scene.ticker)
    changed(engine)
    for scene in scenes("30:101"):
        engine.update(scene.ticker)
    assert changed(engine) == ["above", "below"]
