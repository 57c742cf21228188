"""How a rule stands for a symbol at its newest ticker, and why it fires or does not."""

from datetime import UTC

import attrs
import pytest

from alertd.engine.alert import Interval
from alertd.engine.condition import Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explained, Explanation, HeldBack
from alertd.engine.hours import Hours, Span
from alertd.engine.life import Life, Phase, Verdict
from alertd.engine.rule import Rule
from tests.engine.stories import scenes
from tests.engine.tickers import BEGIN_MS, SYMBOL, both, check_of, either, rule, ticker

ABOVE = check_of("close", "above", 100)
HIGH = check_of("high", "above", 150)
CROSSES = check_of("close", "crosses_above", 100)
HIGHER = check_of("close", "new_high", within_s=2)
POSITION = check_of("range_position", "above", 50)


def engine_after(tested: Rule | Condition, story: str) -> Engine:
    engine = Engine({SYMBOL: [tested if isinstance(tested, Rule) else rule(tested)]})
    for scene in scenes(story):
        engine.update(scene.ticker)
    return engine


def explained(tested: Rule | Condition, story: str) -> Explanation:
    """How the rule stands after a story."""
    found = engine_after(tested, story).explain("a-rule", SYMBOL)
    assert found is not None
    return found


def condition_of(tested: Rule | Condition, story: str) -> Explained:
    found = explained(tested, story).condition
    assert found is not None
    return found


def at(second: float) -> int:
    return BEGIN_MS + round(second * 1000)


def facts(part: Explained) -> list[tuple[bool | None, float | None]]:
    """The truth of a part and of all below it, each with the second of the story since when."""
    since_s = None if part.since_ms is None else (part.since_ms - BEGIN_MS) / 1000
    return [(part.true, since_s), *(fact for below in part.parts for fact in facts(below))]


# Which rule, and which symbol.


def test_of_what_is_not_watched_there_is_nothing_to_explain():
    engine = engine_after(ABOVE, "101")
    assert engine.explain("another", SYMBOL) is None
    assert engine.explain("a-rule", "ETHUSDT") is None


def test_each_rule_is_explained_under_its_own_name():
    first, second = rule(ABOVE, name="first"), rule(HIGH, name="second")
    engine = Engine({SYMBOL: [first], "ETHUSDT": [first, second]})
    for name, symbol, asked in (("first", SYMBOL, first), ("second", "ETHUSDT", second)):
        found = engine.explain(name, symbol)
        assert found is not None
        assert (found.rule, found.symbol) == (asked, symbol)


def test_before_the_first_ticker_nothing_is_known():
    assert explained(ABOVE, "") == Explanation(
        rule=rule(ABOVE),
        symbol=SYMBOL,
        ticker=None,
        condition=None,
        life=Life(),
        verdict=None,
        due_ms=None,
        cooldown_left_ms=0,
        held_back=None,
        last_alert=None,
    )


def test_past_tickers_alone_tell_nothing_of_the_condition():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    newest = ticker(0, close=101)
    engine.warm(newest)
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert (found.ticker, found.condition) == (newest, None)
    assert (found.verdict, found.due_ms) == (None, None)


def test_nor_does_what_was_remembered_over_a_restart():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    engine.restore(engine_after(rule(ABOVE, for_s=10), "101").memories())
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.life == Life(Phase.PENDING, true_since_ms=at(0))
    assert (found.condition, found.due_ms) == (None, None)


# The condition, part by part.


@pytest.mark.parametrize(
    ("tested", "story", "told"),
    [
        pytest.param(ABOVE, "99 101 102", [(True, 2)], id="true since the tick that made it so"),
        pytest.param(ABOVE, "101 99 98", [(False, 2)], id="and so is false"),
        pytest.param(ABOVE, "99", [(False, 0)], id="since the first tick where nothing has changed"),
        pytest.param(POSITION, "5/5/5 5/5/5", [(None, 0)], id="undefined since the first tick"),
        pytest.param(POSITION, "5/5/1 5/5/5 5/5/5", [(None, 2)], id="undefined since it was"),
        pytest.param(CROSSES, "99", [(None, None)], id="an event needs a previous tick"),
        pytest.param(CROSSES, "99 98", [(False, None)], id="an event that has not happened"),
        pytest.param(CROSSES, "99 101", [(True, 2)], id="an event that happens"),
        pytest.param(CROSSES, "99 101 102 103", [(False, 2)], id="an event that has happened"),
        pytest.param(CROSSES, "99 101 99 98", [(False, 2)], id="though it is a while ago"),
        pytest.param(CROSSES, "99 101 99 101 102", [(False, 6)], id="the last time that it has"),
        pytest.param(HIGHER, "5 6 7 8 9", [(True, 8)], id="an event that happens again and again"),
        pytest.param(Not(ABOVE), "99 101", [(False, 2), (True, 2)], id="not"),
        pytest.param(both(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(False, 4), (True, 2), (False, 4)], id="all"),
        pytest.param(either(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(True, 0), (True, 2), (False, 4)], id="any"),
        pytest.param(both(HIGH, CROSSES), "99/140/1 99/160/1 101/160/1 102/160/1", [(False, 4), (True, 2), (False, 4)], id="an event and a level"),
        pytest.param(either(both(HIGH), Not(ABOVE)), "99/140/1 101/140/1", [(False, 2), (False, 0), (False, 0), (False, 2), (True, 2)], id="the order of the tree"),
    ],
)  # fmt: skip
def test_each_part_is_told_with_its_truth_and_since_when(
    tested: Condition, story: str, told: list[tuple[bool | None, float | None]]
):
    assert facts(condition_of(tested, story)) == told


def test_parts_stand_under_what_they_are_part_of():
    found = condition_of(both(HIGH, either(ABOVE, Not(POSITION))), "101/140/1")
    assert found.condition == both(HIGH, either(ABOVE, Not(POSITION)))
    high, any_of = found.parts
    above, negation = any_of.parts
    (position,) = negation.parts
    assert (high.condition, any_of.condition) == (HIGH, either(ABOVE, Not(POSITION)))
    assert (above.condition, position.condition) == (ABOVE, POSITION)
    assert found.reading is any_of.reading is negation.reading is None
    read = [it.reading for it in (high, above, position)]
    assert [it and it.comparison for it in read] == [HIGH, ABOVE, POSITION]
    assert [it and it.holds for it in read] == [False, True, True]


def test_a_reading_is_of_the_newest_ticker_although_the_rule_was_not_looked_at_then():
    reading = condition_of(ABOVE, "99 101 103 104").reading
    assert reading is not None
    assert (reading.value, reading.previous, reading.threshold) == (104, 103, 100)


def test_readings_are_without_the_noise_of_binary_fractions():
    engine = Engine({SYMBOL: [rule(check_of("range", "above", 5))]})
    for second, high in enumerate((100.1, 100.1, 100.2)):
        engine.update(ticker(second, close=99.8, high=high, low=99.8))
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert found.condition.reading is not None
    assert (found.condition.reading.value, found.condition.reading.previous) == (0.4, 0.3)


def test_a_level_within_its_rearm_counts_as_true():
    found = condition_of(check_of("close", "above", 100, rearm=5), "101 97 96")
    assert facts(found) == [(True, 0)]


@pytest.mark.parametrize(
    ("story", "rung"),
    [("104", 100), ("106", 110), ("104 106", 110), ("104 110 112", 120), ("104 110 103", 100)],
)
def test_a_ladder_that_waits_is_compared_with_the_nearer_rung(story: str, rung: float):
    reading = condition_of(check_of("close", "crosses_every", 10), story).reading
    assert reading is not None
    assert reading.threshold == rung


def test_a_ladder_without_a_value_has_no_nearer_rung():
    found = condition_of(check_of("range_position", "crosses_every", 10), "5/5/0 5/5/5")
    assert found.reading is not None
    assert found.reading.threshold is None


# How far it is.


@pytest.mark.parametrize(
    ("tested", "story", "distance", "percent"),
    [
        pytest.param(ABOVE, "80", 20, 25, id="it has to rise"),
        pytest.param(ABOVE, "64", 36, 56.25, id="by a fraction of a percent"),
        pytest.param(ABOVE, "125", -25, -20, id="it has to fall"),
        pytest.param(check_of("close", "between", 100, 200), "80", 20, 25, id="the lower bound"),
        pytest.param(check_of("close", "between", 100, 200), "250", -50, -20, id="the upper bound"),
        pytest.param(check_of("close", "between", 100, 200), "160", 40, 25, id="the nearer one"),
        pytest.param(POSITION, "5/5/5", None, None, id="the value is undefined"),
        pytest.param(check_of("close", "above", "vwap"), "5", None, None, id="the level is"),
        pytest.param(check_of("change", "above", 3), "5", 3, None, id="there is no percentage of 0"),
        pytest.param(Not(ABOVE), "80", None, None, id="what is no comparison is nowhere"),
    ],
)  # fmt: skip
def test_the_distance_to_the_threshold(
    tested: Condition, story: str, distance: float | None, percent: float | None
):
    engine = Engine({SYMBOL: [rule(tested)]})
    for scene in scenes(story, volume=0):
        engine.update(scene.ticker)
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert (found.condition.distance, found.condition.distance_percent) == (distance, percent)


def test_a_percentage_of_a_value_below_zero_points_the_way_that_the_distance_does():
    engine = Engine({SYMBOL: [rule(check_of("change", "above", 5))]})
    engine.update(ticker(close=80, open=100))
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    assert found.condition is not None
    assert (found.condition.distance, found.condition.distance_percent) == (25, 125)


# The rule's life.


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
