"""Ladders: every further whole step, without flapping around one rung."""

import pytest

from alertd.engine.condition import Amount, Comparison
from alertd.engine.ladder import Rungs, after, first_rungs
from tests.engine.stories import alerts_of, check_story
from tests.engine.tickers import both, check_of, rule

TENS = check_of("close", "crosses_every", 10)
TENTHS = check_of("close", "crosses_every", 0.1)
FIVE_PERCENT = check_of("close", "crosses_every", "5%")


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(TENS, "104 109.99 110!", id="the first rung above is a multiple of the step"),
        pytest.param(TENS, "104 100.01 100!", id="so is the first below"),
        pytest.param(TENS, "104 110! 109 110 101 110 120!", id="around one rung it is quiet"),
        pytest.param(TENS, "104 110! 101 100! 101 109 110!", id="a whole step back counts"),
        pytest.param(TENS, "100 99 101 109.99 110!", id="a first value at a rung counts as that rung"),
        pytest.param(TENS, "100 101 90.01 90!", id="downwards too"),
        pytest.param(TENS, "104 137! 139 140!", id="a jump over several rungs is one alert, and the last is passed"),
        pytest.param(TENS, "104 137! 121 120!", id="and the one below that is the next"),
        pytest.param(TENS, "104 71! 79 70!", id="a jump down: 80 was the last, and 70 is the next"),
        pytest.param(TENTHS, "0.25 0.3! 0.35 0.4! 0.3!", id="rungs of a tenth are tenths"),
        pytest.param(TENTHS, "0.6 0.69 0.7! 0.8! 0.9!", id="however often a tenth is added"),
        pytest.param(FIVE_PERCENT, "100 104.99 105! 110.24 110.25!", id="of the first value, then of the one that fired"),
        pytest.param(FIVE_PERCENT, "100 95.01 95! 99.74 99.75!", id="and back, a step of the value that fired"),
        pytest.param(FIVE_PERCENT, "100 120! 114.01 125.99 126!", id="a jump: from the value, not from its rung"),
    ],
)  # fmt: skip
def test_a_ladder(tested: Comparison, story: str):
    check_story(tested, story)


def test_a_fine_ladder_far_from_zero_passes_each_rung_once():
    tested = check_of("close", "crosses_every", 0.1)
    check_story(tested, "66891.85 66891.9! 66891.9 66891.95 66892! 66891.95")
    (first, *_) = alerts_of(tested, "1560911.35 1560911.4")
    assert first.threshold == 1560911.4


def test_a_fine_ladder_of_percent_on_a_tiny_price_is_off_that_price():
    check_story(
        check_of("close", "crosses_every", "0.0001%"), "0.00001 0.00001 0.00001001! 0.00001001"
    )


def test_a_ladder_goes_below_zero():
    tested = check_of("change_percent", "crosses_every", 5)
    check_story(tested, "98 96 95! 91 90! 95! 100! 104 105!", open=100)


def test_a_ladder_begins_at_the_first_value_that_there_is():
    tested = check_of("range_position", "crosses_every", 40)
    check_story(tested, "5/5/5 5/5/0 4/5/0! 5/5/5 2/5/0!")


@pytest.mark.parametrize(
    ("tested", "story", "rungs"),
    [
        (TENS, "104 137 140 131 130 119", [130, 140, 130, 120]),
        (TENS, "104 110 87", [110, 90]),
        (TENTHS, "0.25 0.3 0.75", [0.3, 0.7]),
        (FIVE_PERCENT, "100 107 90", [105, 101.65]),
    ],
)
def test_the_threshold_is_the_last_rung_passed(tested: Comparison, story: str, rungs: list[float]):
    assert [alert.threshold for alert in alerts_of(tested, story)] == rungs


def test_a_rung_that_is_passed_in_the_cooldown_is_passed():
    check_story(rule(TENS, cooldown_s=60), "0:104 2:110! 4:120 62:129 64:130!")


def test_a_rung_that_is_passed_while_another_part_is_false_is_passed():
    tested = both(check_of("high", "below", 200), TENS)
    check_story(tested, "104/104/1 110/300/1 119/119/1 120/120/1!")


def test_each_ladder_of_a_condition_has_its_own_rungs():
    together = both(TENS, check_of("close", "crosses_every", 20))
    check_story(together, "104 110 120! 130 140!")


def test_a_value_a_hair_below_a_rung_has_not_reached_it():
    tested = check_of("vwap", "crosses_every", 1)
    check_story(tested, "2.99999999999 3! 3.99999999999 4!", "quote_volume", volume=1)


# A value is a hair beside a rung where it is another number, but nearer than what is settled.


@pytest.mark.parametrize(
    ("value", "rungs"),
    [
        pytest.param(2.99999999999, Rungs(2, 3), id="a hair below a rung"),
        pytest.param(3.00000000001, Rungs(3, 4), id="a hair above"),
        pytest.param(3, Rungs(2, 4), id="at it"),
        pytest.param(-2.99999999999, Rungs(-3, -2), id="below zero, too"),
    ],
)
def test_the_first_rungs_are_around_the_value(value: float, rungs: Rungs):
    assert first_rungs(Amount(1), value) == rungs


@pytest.mark.parametrize(
    ("value", "rungs"),
    [
        pytest.param(12.99999999999, Rungs(11, 13, 12), id="upwards, a hair below a rung"),
        pytest.param(13.00000000001, Rungs(12, 14, 13), id="upwards, a hair above"),
        pytest.param(5.00000000001, Rungs(5, 7, 6), id="downwards, a hair above a rung"),
        pytest.param(4.99999999999, Rungs(4, 6, 5), id="downwards, a hair below"),
    ],
)
def test_after_a_jump_the_rungs_are_beside_the_last_one_passed(value: float, rungs: Rungs):
    assert after(Amount(1), Rungs(8, 10), value) == rungs
