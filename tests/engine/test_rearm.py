"""Hysteresis: how far a value has to come back before a level is over, or an event ready again."""

import attrs
import pytest

from alertd.engine.condition import Comparison
from tests.engine.stories import Players, alerts_of, check_story
from tests.engine.tickers import amount, both, check_of, either, rule


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "above", 100, rearm=2), "101! 99 98.01 98~ 101!"),
        (check_of("close", "at_least", 100, rearm=2), "100! 99 98.01 98~ 100!"),
        (check_of("close", "below", 100, rearm=2), "99! 101 101.99 102~ 99!"),
        (check_of("close", "at_most", 100, rearm=2), "100! 101 101.99 102~ 100!"),
        (check_of("close", "between", 90, 110, rearm=5), "100! 115 85 84.99~ 89 90!"),
        (check_of("close", "between", 90, 110, rearm=5), "100! 115.01~ 111 110!"),
        (check_of("close", "outside", 90, 110, rearm=5), "111! 105.01 105~ 111!"),
        (check_of("close", "outside", 90, 110, rearm=5), "89! 94.99 95~ 89!"),
        (check_of("close", "rises", 3, within_s=60, rearm=1), "100 103! 102.01 102~ 103!"),
        (check_of("close", "falls", 3, within_s=60, rearm=1), "103 100! 100.99 101~ 100!"),
        (check_of("close", "moves", 3, within_s=60, rearm=1), "103 100! 100.99 101~ 100!"),
        (check_of("close", "rises", "3%", within_s=60, rearm=1), "100 103! 102.01 102~ 103!"),
    ],
)
def test_a_level_that_has_fired_is_true_until_the_value_has_come_back(
    tested: Comparison, story: str
):
    check_story(rule(tested, notify_resolved=True), story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "above", 200, rearm="1%"), "201! 198.01 198~ 201!"),
        (check_of("close", "below", 200, rearm="1%"), "199! 201.99 202~ 199!"),
        (check_of("close", "between", 100, 200, rearm="10%"), "150! 90 220 220.01~ 150!"),
        (check_of("close", "outside", 100, 200, rearm="10%"), "201! 109.99 110~ 99!"),
        (check_of("close", "outside", 100, 200, rearm="10%"), "99! 180.01 180~ 201!"),
        (check_of("close", "rises", "3%", within_s=60, rearm="50%"), "100 103! 101.51 101.5~"),
        (check_of("close", "rises", 3, within_s=60, rearm="50%"), "100 103! 101.51 101.5~"),
        (check_of("close", "above", 0.3, rearm="10%"), "0.31! 0.28 0.27~"),
        (check_of("close", "above", 0.3, rearm=0.1), "0.31! 0.21 0.2~"),
    ],
)
def test_a_percentage_is_of_the_level(tested: Comparison, story: str):
    check_story(rule(tested, notify_resolved=True), story)


def test_a_percentage_of_a_level_below_zero_is_of_its_size():
    tested = rule(check_of("change_percent", "below", -5, rearm="20%"), notify_resolved=True)
    check_story(tested, "94! 95.9 96~ 94!", open=100)


def test_a_percentage_of_another_metric_is_of_its_value_now():
    tested = rule(check_of("close", "above", "vwap", rearm="10%"), notify_resolved=True)
    check_story(tested, "99! 110 112~ 101 99!", "quote_volume", close=100, volume=1)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "crosses_above", 100, rearm=2), "99 101! 99 101 98.01 101 98 101!"),
        (check_of("close", "crosses_below", 100, rearm=2), "101 99! 101 99 101.99 99 102 99!"),
        (check_of("close", "crosses", 100, rearm=2), "99 101! 99 101 102 99!"),
        (check_of("close", "touches", 100, rearm=2), "99 100! 99 100 98.01 100 98 100!"),
        (check_of("close", "enters", 90, 110, rearm=5), "120 110! 111 110 114.99 110 115 110!"),
        (check_of("close", "enters", 90, 110, rearm=5), "80 90! 85.01 90 85 90!"),
        (check_of("close", "leaves", 90, 110, rearm=5), "100 111! 110 111 105.01 111 105 111!"),
        (check_of("close", "crosses_above", 100, rearm="5%"), "99 101! 95.01 101 95 101!"),
        (check_of("close", "enters", 100, 200, rearm="10%"), "99 100! 219.99 200 220 200!"),
    ],
)
def test_an_event_that_has_fired_is_ready_again_when_the_value_has_come_back(
    tested: Comparison, story: str
):
    check_story(tested, story)


@pytest.mark.parametrize("operator", ["crosses", "touches"])
def test_the_tick_that_fires_may_be_far_enough_away_itself(operator: str):
    tested = check_of("close", operator, 100, rearm=2)
    check_story(tested, "99/200/1 102/200/1! 99/200/1!")


@pytest.mark.parametrize("operator", ["crosses", "touches"])
def test_an_event_is_ready_only_after_the_tick_that_has_come_back(operator: str):
    tested = check_of("close", operator, 100, rearm=2)
    check_story(tested, "99/200/1 101/200/1! 97/200/1 101/200/1!")


def test_a_rearm_does_not_widen_what_has_not_fired():
    tested = rule(check_of("close", "above", 100, rearm=2), for_s=4)
    check_story(tested, "101 99 101 101 101! 99 99")


def test_when_a_rule_is_over_nothing_counts_any_more():
    tested = rule(check_of("close", "above", 100, rearm=2), notify_resolved=True)
    check_story(tested, "101! 98~ 99 100 101!")


def test_a_level_that_comes_true_again_while_it_is_kept_firing_counts_again():
    tested = check_of("close", "above", 100, rearm=2)
    tested_rule = rule(tested, keep_firing_for_s=10, notify_resolved=True)
    check_story(tested_rule, "101! 98 101 99 98 98 98 98 98 98~")


def test_a_level_that_becomes_undefined_is_not_true_but_has_not_come_back_either():
    tested = check_of("range_position", "above", 50, rearm=30)
    tested_rule = rule(tested, keep_firing_for_s=10, notify_resolved=True)
    check_story(tested_rule, "10/10/0! 10/10/10 3/10/0 3/10/0 3/10/0 3/10/0 3/10/0 2/10/0")


# `close/high`: each part of a condition comes back by itself.


def test_a_part_that_comes_true_while_the_rule_fires_counts_as_well():
    tested = either(
        check_of("close", "above", 100, rearm=2), check_of("high", "above", 150, rearm=20)
    )
    story = "99/160/1! 101/140/1 99/130/1 98/130/1~"
    check_story(rule(tested, notify_resolved=True), story)


def test_all_is_over_when_one_part_has_come_back():
    tested = both(
        check_of("close", "above", 100, rearm=2), check_of("high", "above", 150, rearm=20)
    )
    story = "101/160/1! 99/140/1 99/130/1~ 101/140/1 101/151/1!"
    check_story(rule(tested, notify_resolved=True), story)


def test_a_reading_holds_for_as_long_as_it_counts():
    tested = both(check_of("close", "above", 100, rearm=2), check_of("high", "above", 150))
    *_, over = alerts_of(rule(tested, notify_resolved=True), "101/160/1 99/160/1 99/150/1")
    assert [reading.holds for reading in over.readings] == [True, False]


def test_only_what_has_happened_has_to_come_back():
    tested = either(
        check_of("close", "crosses_above", 100, rearm=2),
        check_of("close", "crosses_above", 110, rearm=2),
    )
    check_story(tested, "99 101! 111! 109 111 108 111! 99 101 98 101!")


def test_an_event_that_was_dropped_has_not_fired():
    tested = rule(check_of("close", "crosses_above", 100, rearm=2), cooldown_s=10)
    check_story(tested, "0:99 2:101! 4:98 6:101 8:99 12:101!")


def test_a_level_beside_an_event_does_not_linger():
    tested = both(check_of("high", "above", 150, rearm=20), check_of("close", "crosses_above", 100))
    check_story(tested, "99/160/1 101/160/1! 99/160/1 101/140/1 99/160/1 101/160/1!")


def test_a_changed_rearm_takes_up_the_rule_where_it_stands():
    players = Players(rule(check_of("close", "above", 100, rearm=2), notify_resolved=True))
    players.check_story("0:101! 2:99")
    players.watch(rule(check_of("close", "above", 100, rearm=5), notify_resolved=True))
    players.check_story("4:98 6:95~")


def test_a_rearm_that_is_added_while_the_rule_fires_counts_from_then_on():
    players = Players(rule(check_of("close", "above", 100), notify_resolved=True))
    players.check_story("0:101!")
    players.watch(rule(check_of("close", "above", 100, rearm=2), notify_resolved=True))
    players.check_story("2:99 4:98~")


def test_a_rearm_that_is_added_while_the_rule_still_waits_widens_nothing():
    players = Players(rule(check_of("close", "above", 100), for_s=10))
    players.check_story("0:101")
    players.watch(rule(check_of("close", "above", 100, rearm=2), for_s=10))
    players.check_story("2:99 4:101 12:101 14:101!")


def test_a_rearm_that_is_added_counts_for_what_is_true_then():
    close, high = check_of("close", "above", 100), check_of("high", "above", 150)
    players = Players(rule(either(close, high), notify_resolved=True))
    players.check_story("0:101/120/1!")
    close, high = (attrs.evolve(it, rearm=amount(40)) for it in (close, high))
    players.watch(rule(either(close, high), notify_resolved=True))
    players.check_story("2:99/120/1 4:60/120/1~")
