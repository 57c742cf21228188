"""What repeats is told at once, and then counted."""

import logging

import pytest

from alertd.observers.line import Line
from alertd.observers.repeats import Repeats

LINE = Line(logging.WARNING, "feed.bad-frame", "garbage", {"reason": "garbage"})


@pytest.fixture
def repeats() -> Repeats:
    """One of a matter was told at 0 s."""
    repeats = Repeats()
    assert repeats.take("frames", LINE, 0) is LINE
    return repeats


def test_what_follows_is_kept(repeats: Repeats):
    assert repeats.take("frames", LINE, 1) is None


def test_another_matter_is_told_at_once(repeats: Repeats):
    assert repeats.take("retries", LINE, 1) is LINE


def test_the_newest_is_told_after_a_minute_with_how_many_there_were(repeats: Repeats):
    for second in range(1, 25):
        repeats.take("frames", Line(logging.WARNING, "feed.bad-frame", str(second)), second)
    assert repeats.due_s() == 60
    (line,) = repeats.look(60)
    assert line.text == "24 (24 more in the last 1m)"
    assert line.fields == {"more": 24}


def test_before_its_time_there_is_nothing(repeats: Repeats):
    repeats.take("frames", LINE, 1)
    assert list(repeats.look(59.9)) == []


def test_times_become_longer_for_as_long_as_it_goes_on(repeats: Repeats):
    told = []
    for second in range(1, 3601):
        repeats.take("frames", LINE, second)
        if list(repeats.look(second)):
            told.append(second)
    assert told == [60, 180, 420, 900, 1500, 2100, 2700, 3300]


def test_after_a_time_without_any_the_next_is_a_first_one(repeats: Repeats):
    assert list(repeats.look(60)) == []
    assert repeats.take("frames", LINE, 61) is LINE


def test_what_was_kept_is_told_at_the_end(repeats: Repeats):
    repeats.take("frames", LINE, 5)
    (line,) = repeats.end(10)
    assert line.text == "garbage (1 more in the last 10s)"
    assert list(repeats.end(11)) == []
