"""Which parts of a condition are true, since when, and which of them have to come back first."""

import pytest

from alertd.engine.condition import Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation
from alertd.engine.life import Life, Phase
from tests.engine.explaining import (
    ABOVE,
    CROSSES,
    HIGH,
    POSITION,
    at,
    condition_of,
    engine_after,
    explained,
    explained_by,
    facts,
)
from tests.engine.tickers import SYMBOL, both, check_of, either, rule, ticker

HIGHER = check_of("close", "new_high", within_s=2)
LADDER = check_of("close", "crosses_every", 10)

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
    found = explained_by(engine)
    assert (found.ticker, found.condition) == (newest, None)
    assert (found.verdict, found.due_ms) == (None, None)


def test_nor_does_what_was_remembered_over_a_restart():
    engine = Engine({SYMBOL: [rule(ABOVE, for_s=10)]})
    engine.restore(engine_after(rule(ABOVE, for_s=10), "101").memories())
    found = explained_by(engine)
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
        pytest.param(LADDER, "104", [(None, None)], id="a ladder begins with the first tick"),
        pytest.param(LADDER, "104 109", [(False, None)], id="a ladder on which no rung is reached"),
        pytest.param(LADDER, "104 110 109", [(False, 2)], id="a ladder on which one was"),
        pytest.param(HIGHER, "5 6 7 8 9", [(True, 8)], id="an event that happens again and again"),
        pytest.param(Not(ABOVE), "99 101", [(False, 2), (True, 2)], id="not"),
        pytest.param(both(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(False, 4), (True, 2), (False, 4)], id="all"),
        pytest.param(either(ABOVE, HIGH), "99/160/1 101/160/1 102/140/1", [(True, 0), (True, 2), (False, 4)], id="any"),
        pytest.param(both(HIGH, CROSSES), "99/140/1 99/160/1 101/160/1 102/160/1", [(False, 4), (True, 2), (False, 4)], id="an event and a level"),
        pytest.param(either(both(HIGH), Not(ABOVE)), "99/140/1 101/140/1", [(False, 2), (False, 0), (False, 0), (False, 2), (True, 2)], id="the order of the tree"),
        pytest.param(both(ABOVE, either(HIGH, Not(HIGH))), "99 101", [(True, 2), (True, 2), (True, 0), (False, 0), (True, 0), (False, 0)], id="what stays beside what changes"),
    ],
)  # fmt: skip
def test_each_part_is_told_with_its_truth_and_since_when(
    tested: Condition, story: str, told: list[tuple[bool | None, float | None]]
):
    assert facts(condition_of(tested, story)) == told


@pytest.mark.parametrize(
    "tested",
    [
        check_of("close", "new_high", within_s=60),
        check_of("vwap", "crosses_above", 100),
        check_of("vwap", "crosses_every", 10),
    ],
)
def test_an_event_that_cannot_be_told_is_neither_true_nor_false(tested: Condition):
    found = condition_of(tested, "100 100 100", volume=0, quote_volume=0)
    assert facts(found) == [(None, None)]


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


# What has to come back by its `rearm`.


@pytest.mark.parametrize(
    ("operator", "story", "true", "latched"),
    [
        pytest.param("above", "101 97 96", True, True, id="a level counts as true until then"),
        pytest.param("above", "101 95", False, False, id="and is over there"),
        pytest.param("crosses_above", "99 101", True, True, id="an event happens"),
        pytest.param("crosses_above", "99 101 99 101", False, True, id="and is not ready until then"),
        pytest.param("crosses_above", "99 101 95", False, False, id="but is there"),
    ],
)  # fmt: skip
def test_what_has_to_come_back_is_latched(operator: str, story: str, *, true: bool, latched: bool):
    found = condition_of(check_of("close", operator, 100, rearm=5), story)
    assert (found.true, found.latched) == (true, latched)


def test_a_level_within_its_rearm_is_true_since_it_became_so():
    found = condition_of(check_of("close", "above", 100, rearm=5), "101 97 96")
    assert facts(found) == [(True, 0)]


def test_what_only_its_rearm_kept_true_is_not_so_when_the_rule_is_over():
    tested = both(check_of("close", "above", 100, rearm=9), HIGH)
    close, _ = condition_of(tested, "101/160/1 95/160/1 95/140/1").parts
    assert (close.true, close.latched) == (False, False)
