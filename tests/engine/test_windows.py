"""Rises, falls and moves: how far a value has come within a window of time, to the tick."""

import pytest

from alertd.engine.condition import Comparison, Not
from alertd.engine.engine import Engine
from tests.engine.stories import alerts_of, check_story
from tests.engine.tickers import SYMBOL, check_of, rule, ticker

RISES = check_of("close", "rises", 3, within_s=10)
FALLS = check_of("close", "falls", 3, within_s=10)
MOVES = check_of("close", "moves", 3, within_s=10)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(RISES, "100 102 102.99 103! 104", id="a rise of exactly that much is one"),
        pytest.param(FALLS, "103 101 100.01 100! 99", id="so is a fall"),
        pytest.param(MOVES, "100 102.99 103!", id="a move up"),
        pytest.param(MOVES, "103 100.01 100!", id="a move down"),
        pytest.param(RISES, "103 100 102.99 103!", id="a rise counts from the lowest"),
        pytest.param(FALLS, "100 103 101 100!", id="a fall counts from the highest"),
        pytest.param(RISES, "103 100", id="a fall is no rise"),
        pytest.param(FALLS, "100 103", id="a rise is no fall"),
        pytest.param(RISES, "103", id="the first tick has gone nowhere"),
        pytest.param(RISES, "0:100 1:103!", id="a window that is not full serves all the same"),
        pytest.param(RISES, "0:100 60:200 62:203!", id="after a gap longer than the window it begins anew"),
    ],
)  # fmt: skip
def test_a_move_of_a_number(tested: Comparison, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(RISES, "0:100 2:103! 10:103 10.001:103~", id="the lowest, at its very end"),
        pytest.param(FALLS, "0:103 2:100! 10:100 10.001:100~", id="the highest, at its very end"),
        pytest.param(RISES, "100 102 103! 103 103 103 103~", id="one tick after the other"),
        pytest.param(RISES, "100 103! 101~ 103! 103 103 103~", id="the lowest, come true twice"),
        pytest.param(RISES, "0:100 8:100 10:103! 18:103 18.001:103~", id="one of two lowest"),
    ],
)
def test_what_is_older_than_the_window_counts_no_more(tested: Comparison, story: str):
    check_story(rule(tested, notify_resolved=True), story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "rises", "3%", within_s=10), "100 102.99 103!"),
        (check_of("close", "falls", "3%", within_s=10), "100 97.01 97!"),
        (check_of("close", "moves", "3%", within_s=10), "100 102.99 99.911 99.91 99.9!"),
        (check_of("close", "rises", "100%", within_s=10), "50 99 100!"),
        (check_of("close", "falls", "50%", within_s=10), "100 51 50!"),
        (check_of("close", "rises", "3%", within_s=10), "0.07 0.072 0.0721!"),
        (check_of("close", "rises", 0.1, within_s=10), "0.2 0.29 0.3!"),
    ],
)
def test_a_percentage_is_of_the_lowest_for_a_rise_and_of_the_highest_for_a_fall(
    tested: Comparison, story: str
):
    check_story(tested, story)


def test_an_undefined_value_is_not_in_the_window():
    tested = check_of("range_position", "rises", 50, within_s=10)
    check_story(tested, "4/5/4 5/5/5 5/5/4!")


def test_a_move_is_over_where_its_metric_becomes_undefined():
    tested = check_of("range_position", "rises", 50, within_s=60)
    check_story(rule(tested, notify_resolved=True), "4/5/4 5/5/4! 5/5/5~ 5/5/4!")


def test_a_percentage_above_nothing_is_undefined():
    tested = check_of("volume", "rises", "50%", within_s=4)
    check_story(tested, "0 10 10 15!", "volume")


def test_a_percentage_below_nothing_is_undefined_as_well():
    check_story(check_of("volume", "falls", "50%", within_s=4), "0 0 1 0!", "volume")


def test_what_rose_from_nothing_is_not_known_not_to_have_moved():
    stayed = Not(check_of("volume", "moves", "50%", within_s=5))
    check_story(stayed, "0:2! 2:0 4:2 10:2!", "volume")


def test_a_fall_from_something_to_nothing_is_all_of_it():
    check_story(check_of("volume", "falls", "100%", within_s=4), "1 2 0!", "volume")


@pytest.mark.parametrize(
    ("tested", "story", "reading"),
    [
        (RISES, "100 101 104", (4, 1, 3)),
        (FALLS, "104 103 100", (4, 1, 3)),
        (MOVES, "100 102 98", (4, 2, 3)),
        (check_of("close", "rises", "3%", within_s=10), "200 202 210", (5, 1, 3)),
        (check_of("close", "moves", "3%", within_s=10), "200 202 190", (5.9405940594, 1, 3)),
    ],
)
def test_the_value_of_a_move_is_how_far_it_has_gone(
    tested: Comparison, story: str, reading: tuple[object, ...]
):
    (alert,) = alerts_of(tested, story)
    told = alert.decisive
    assert (told.value, told.previous, told.threshold) == reading


def test_a_rise_from_next_to_nothing_has_no_percentage():
    tested = check_of("volume", "rises", "1%", within_s=10)
    engine = Engine({SYMBOL: [rule(tested)]})
    volumes = (1e-300, 1e30)
    assert not any(engine.update(ticker(at, volume=it)) for at, it in enumerate(volumes))
