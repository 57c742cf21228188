"""Conditions of several comparisons: `all`, `any`, `not`, and which of them an alert speaks of."""

import pytest

from alertd.engine.condition import Condition, Not, comparisons_in, is_event
from tests.engine.stories import alerts_of, check_story
from tests.engine.tickers import both, check_of, either, rule

# Two levels, and one that is undefined where high is low: `close/high/low`.
CLOSE = check_of("close", "above", 100)
HIGH = check_of("high", "above", 150)
POSITION = check_of("range_position", "above", 50)
CROSSES = check_of("close", "crosses_above", 100)
FALLS_BACK = check_of("close", "crosses_below", 90)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(both(CLOSE, HIGH), "101/150/1 100/151/1 101/151/1! 101/150/1 101/151/1!", id="all"),
        pytest.param(either(CLOSE, HIGH), "100/150/1 101/150/1! 101/151/1 100/151/1 99/99/1 99/151/1!", id="any"),
        pytest.param(Not(CLOSE), "101 100! 99 101 100!", id="not"),
        pytest.param(Not(both(CLOSE, HIGH)), "101/151/1 101/150/1! 99/99/1 101/151/1 99/151/1!", id="not all"),
        pytest.param(Not(either(CLOSE, HIGH)), "101/150/1 100/151/1 100/150/1!", id="not any"),
        pytest.param(Not(Not(CLOSE)), "100 101! 102 100 101!", id="not not"),
        pytest.param(both(CLOSE, Not(HIGH)), "101/151/1 101/150/1!", id="one and not the other"),
        pytest.param(both(CLOSE), "100 101!", id="all of one"),
        pytest.param(both(both(CLOSE, both(HIGH)), CLOSE), "101/150/1 101/151/1!", id="nested"),
    ],
)  # fmt: skip
def test_a_level_of_several(tested: Condition, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(both(CLOSE, POSITION), "101/101/101 101/101/1!", id="all needs what is undefined"),
        pytest.param(either(CLOSE, POSITION), "101/101/101!", id="any does not"),
        pytest.param(either(CLOSE, POSITION), "99/99/99 99/99/1!", id="unless nothing else holds"),
        pytest.param(Not(both(CLOSE, POSITION)), "101/101/101 99/99/99!", id="not all: another is known to be false"),
        pytest.param(Not(either(CLOSE, POSITION)), "99/99/99 99/200/1!", id="not any: each has to be known"),
        pytest.param(both(CLOSE, Not(POSITION)), "101/101/101 101/300/1!", id="not of the undefined"),
    ],
)  # fmt: skip
def test_what_is_undefined_is_neither_true_nor_false(tested: Condition, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(both(HIGH, CROSSES), "99/151/1 101/151/1! 99/150/1 101/150/1 101/151/1", id="while the level holds"),
        pytest.param(both(check_of("close", "crosses_every", 10), HIGH), "104/151/1 110/151/1! 120/151/1!", id="each time, wherever it stands"),
        pytest.param(both(HIGH, CROSSES), "99/100/1 101/151/1!", id="the level may come true on that very tick"),
        pytest.param(both(CROSSES, check_of("high", "crosses_above", 150)), "99/149/1 101/149/1 99/149/1 101/151/1!", id="two events at once"),
        pytest.param(either(CROSSES, FALLS_BACK), "99 101! 89! 95 89! 101!", id="any of two events"),
        pytest.param(either(both(HIGH, CROSSES), FALLS_BACK), "99/1/1 101/1/1 89/1/1! 101/151/1!", id="any, one with a level"),
        pytest.param(both(Not(HIGH), CROSSES), "99/151/1 101/151/1 99/1/1 101/1/1!", id="while a level does not hold"),
    ],
)  # fmt: skip
def test_an_event_of_several(tested: Condition, story: str):
    check_story(tested, story)


def test_what_has_an_event_in_it_is_an_event():
    assert is_event(CROSSES)
    assert is_event(both(HIGH, CROSSES))
    assert is_event(both(both(CROSSES), HIGH))
    assert is_event(either(CROSSES, FALLS_BACK))
    assert not is_event(both(HIGH, either(CLOSE, Not(POSITION))))


def test_comparisons_come_in_the_order_written():
    condition = both(either(CLOSE, Not(HIGH)), both(CROSSES), POSITION)
    assert comparisons_in(condition) == (CLOSE, HIGH, CROSSES, POSITION)


def test_an_alert_reads_every_comparison_in_the_order_written():
    (alert,) = alerts_of(either(HIGH, CLOSE, POSITION), "101/101/101")
    told = [(it.comparison, it.value, it.threshold, it.holds) for it in alert.readings]
    assert told == [(HIGH, 101, 150, False), (CLOSE, 101, 100, True), (POSITION, None, 50, None)]


@pytest.mark.parametrize(
    ("tested", "story", "decisive"),
    [
        pytest.param(both(HIGH, CROSSES), "99/151/1 101/151/1", CROSSES, id="the event"),
        pytest.param(either(FALLS_BACK, CROSSES), "99 101", CROSSES, id="the event that happened"),
        pytest.param(either(HIGH, CLOSE), "101/101/1", CLOSE, id="else the comparison that holds"),
        pytest.param(both(HIGH, CLOSE), "101/151/1", HIGH, id="the first of them"),
        pytest.param(Not(both(HIGH, CLOSE)), "99/99/1", HIGH, id="else the first"),
    ],
)
def test_an_alert_speaks_of(tested: Condition, story: str, decisive: Condition):
    (alert,) = alerts_of(tested, story)
    assert alert.decisive.comparison == decisive


def test_the_notice_of_a_not_that_is_over_speaks_of_the_first_that_holds():
    tested = rule(Not(both(HIGH, CLOSE)), notify_resolved=True)
    *_, over = alerts_of(tested, "99/99/1 101/151/1")
    assert over.decisive.comparison == HIGH


def test_the_notice_that_it_is_over_reads_what_made_it_so():
    *_, over = alerts_of(rule(both(HIGH, CLOSE), notify_resolved=True), "101/151/1 100/151/1")
    assert [(it.value, it.holds) for it in over.readings] == [(151, True), (100, False)]
