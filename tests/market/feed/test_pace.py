"""How a pace is learned, and how much silence it explains."""

from math import inf

import pytest

from alertd.market.feed.pace import Pace


def paced(*pauses: float) -> Pace:
    pace, now = Pace(), 0.0
    pace.beat(now)
    for pause in pauses:
        now += pause
        pace.beat(now)
    return pace


def test_before_anything_is_learned_the_most_is_normal():
    assert Pace().patience_s(30) == 30
    assert paced().patience_s(30) == 30


def test_a_steady_pace_explains_a_few_of_its_pauses():
    assert paced(*[2.0] * 20).patience_s(30) == pytest.approx(8)


def test_the_most_is_never_exceeded():
    assert paced(*[60.0] * 20).patience_s(30) == 30


def test_a_quick_pace_is_not_jumped_at():
    assert paced(*[0.01] * 1000).patience_s(30) == 5


def test_one_long_pause_is_learned_at_once():
    assert paced(*[2.0] * 20, 6.0).patience_s(30) == pytest.approx(24)


def test_and_forgotten_slowly():
    after = paced(*[2.0] * 20, 6.0, *[2.0] * 50)
    assert 8 < after.patience_s(30) < 16
    assert paced(6.0, *[2.0] * 500).patience_s(30) == pytest.approx(8, abs=0.01)


def test_the_time_during_which_nothing_can_be_heard_is_no_pause():
    pace = paced(*[2.0] * 20)
    pace.pause()
    pace.beat(10_000)
    pace.beat(10_002)
    assert pace.patience_s(30) == pytest.approx(8)


def test_without_a_bound_an_unknown_pace_explains_nothing():
    assert Pace().patience_s(inf) == 0
    assert paced(*[60.0] * 3).patience_s(inf) == pytest.approx(240)
