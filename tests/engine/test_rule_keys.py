"""The keys of a rule's life, by stories of tickers: when it speaks, and what it says of it."""

import pytest

from alertd.engine.alert import AlertState
from tests.engine.stories import Players, alerts_of, check_story
from tests.engine.tickers import SYMBOL, check_of, rule

ABOVE = check_of("close", "above", 100)
CROSSES = check_of("close", "crosses_above", 100)


@pytest.mark.parametrize(
    ("keys", "story"),
    [
        pytest.param({"for_s": 10}, "0:101 9.999:101 10:101! 12:101", id="for, to the tick"),
        pytest.param({"for_s": 10}, "0:101 8:99 9:101 18.999:101 19:101!", id="for begins anew"),
        pytest.param({"for_s": 10}, "0:101 3600:101!", id="for over a gap: nobody saw it false"),
        pytest.param({"notify_resolved": True}, "101! 99~ 98 101! 100~", id="notify_resolved"),
        pytest.param({"for_s": 10, "notify_resolved": True}, "101 99 98", id="what did not fire is not over"),
        pytest.param({"keep_firing_for_s": 4, "notify_resolved": True}, "101! 99 101 99 99 99~ 101!", id="keep_firing_for: flapping is one alert"),
        pytest.param({"cooldown_s": 10}, "0:101! 2:99 4:101 9.999:101 10:101! 12:101", id="a level that came true in the cooldown"),
        pytest.param({"cooldown_s": 10}, "0:101! 2:99 4:101 6:99 10:99 12:101!", id="and was over before its end"),
        pytest.param({"cooldown_s": 60, "notify_resolved": True}, "0:101! 2:99~ 4:101 6:99", id="the cooldown does not hold back that it is over"),
        pytest.param({"cooldown_s": 10, "notify_resolved": True}, "0:101! 8:99~ 10:101!", id="and that does not begin one"),
        pytest.param({"repeat_s": 4}, "101! 101 101! 101 101! 99 101! 101 101!", id="repeat"),
        pytest.param({"repeat_s": 4, "cooldown_s": 6}, "101! 101 101 101! 101 101 101!", id="repeat with a longer cooldown"),
        pytest.param({"repeat_s": 4}, "0:101! 3600:101! 3602:101 3604:101!", id="repeats missed in a gap are one"),
        pytest.param({"repeat_s": 4, "keep_firing_for_s": 9}, "101! 99 99 101! 101 101!", id="a repeat waits until it is true again"),
        pytest.param({"once": True, "notify_resolved": True}, "101! 99~ 101 99", id="once, and that it is over"),
        pytest.param({"expires_s": 4}, "101! 99 101 99 101", id="expires at the very tick"),
        pytest.param({"expires_s": 4.001}, "101! 99 101! 99 101", id="and a millisecond later"),
        pytest.param({"expires_s": 4, "notify_resolved": True}, "101! 101 99", id="an expired rule says nothing at all"),
    ],
)  # fmt: skip
def test_a_level(keys: dict[str, float], story: str):
    check_story(rule(ABOVE, **keys), story)


@pytest.mark.parametrize(
    ("keys", "story"),
    [
        pytest.param({"cooldown_s": 10}, "0:99 1:101! 2:99 3:101 10:99 11:101!", id="dropped in the cooldown"),
        pytest.param({"cooldown_s": 10}, "0:99 1:101! 2:99 3:101 12:101 13:99 14:101!", id="and not kept for its end"),
        pytest.param({"once": True}, "99 101! 99 101", id="once"),
        pytest.param({"expires_s": 6}, "99 101! 99 101 99 101", id="expires at the very tick"),
        pytest.param({"expires_s": 6.001}, "99 101! 99 101! 99 101", id="and a millisecond later"),
    ],
)  # fmt: skip
def test_an_event(keys: dict[str, float], story: str):
    check_story(rule(CROSSES, **keys), story)


def test_an_alert_says_how_long_the_level_had_been_true():
    tested = rule(ABOVE, for_s=10, repeat_s=20, keep_firing_for_s=5, notify_resolved=True)
    alerts = alerts_of(tested, "0:101 12:101 20:99 22:101 40:101 50:99 60:99")
    told = [(alert.state, alert.held_for_ms, alert.repeats) for alert in alerts]
    assert told == [
        (AlertState.FIRING, 12_000, 0),
        (AlertState.FIRING, 40_000, 1),
        (AlertState.RESOLVED, 50_000, 2),
    ]


def test_an_event_is_never_held():
    (alert,) = alerts_of(rule(CROSSES), "99 101")
    assert alert.held_for_ms == 0


def test_an_alert_says_how_many_events_were_dropped_since_the_last():
    tested = rule(CROSSES, cooldown_s=10)
    story = "0:99 1:101 2:99 3:101 4:99 5:101 12:99 13:101 30:99 31:101"
    assert [alert.dropped for alert in alerts_of(tested, story)] == [0, 2, 0]


def test_a_level_that_waits_for_the_cooldown_is_not_dropped():
    players = Players(rule(ABOVE, cooldown_s=10))
    alerts = players.alerts("0:101 2:99 4:101 6:101 10:101")
    assert [alert.dropped for alert in alerts] == [0, 0]
    assert players.engine.dropped_events == 0


def test_what_is_dropped_after_a_rule_has_fired_once_is_counted():
    players = Players(rule(CROSSES, once=True))
    players.check_story("99 101! 99 101 99 101")
    assert players.engine.dropped_events == 2


# Rearming what fires once.


def test_a_rearmed_event_fires_when_it_happens_the_next_time():
    players = Players(rule(CROSSES, once=True))
    players.check_story("0:99 2:101! 4:99 6:101")
    assert players.rearm("a-rule") == 1
    players.check_story("8:101 10:99 12:101! 14:99 16:101")


def test_a_rearmed_level_that_is_true_fires_on_the_next_tick():
    players = Players(rule(ABOVE, once=True))
    players.check_story("0:101! 2:99 4:101 6:101")
    assert players.rearm("a-rule", SYMBOL) == 1
    players.check_story("8:101! 10:101 12:99 14:101")


def test_a_rearmed_level_that_still_fires_does_so_again_only_when_it_has_been_over():
    players = Players(rule(ABOVE, once=True))
    players.check_story("0:101! 2:101")
    assert players.rearm("a-rule") == 1
    players.check_story("4:101 6:99 8:101! 10:99 12:101")


@pytest.mark.parametrize(
    ("name", "symbol"), [("another-rule", None), ("a-rule", "ETHUSDT"), ("another-rule", SYMBOL)]
)
def test_only_the_rule_that_is_named_is_rearmed(name: str, symbol: str | None):
    players = Players(rule(CROSSES, once=True))
    players.check_story("0:99 2:101!")
    assert players.rearm(name, symbol) == 0
    players.check_story("4:99 6:101")


def test_what_has_not_fired_is_not_rearmed():
    players = Players(rule(CROSSES, once=True))
    players.check_story("0:101 2:99")
    assert players.rearm("a-rule") == 0


def test_where_time_goes_back_another_market_has_begun():
    players = Players(rule(CROSSES, once=True, cooldown_s=3600))
    players.check_story("60:99 62:101! 64:99 0:101 2:99 4:101!")
