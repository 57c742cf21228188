"""How far a replay is, and how that is guessed."""

import attrs

from alertd.replay.progress import Gauge, Progress
from tests.replay.reels import START_MS, zigzag


def gauge_of(*ticks: int) -> tuple[Gauge, list[Progress]]:
    told: list[Progress] = []
    reels = [zigzag(str(place), ticks=count) for place, count in enumerate(ticks)]
    return Gauge(reels, told.append), told


def test_before_a_reel_is_finished_nobody_knows_what_a_tick_is_worth():
    gauge, told = gauge_of(4, 4)
    gauge.heard(0, 2, 0)
    assert told == [Progress(ticks=2, played=None, size=800, name="0", time_ms=0)]


def test_ticks_of_other_reels_are_worth_what_those_of_finished_ones_were():
    gauge, told = gauge_of(4, 4)
    gauge.heard(0, 4, 0)
    gauge.finished(0)
    gauge.heard(1, 1, 60_000)
    assert told[-1] == Progress(ticks=5, played=500, size=800, name="1", time_ms=60_000)


def test_no_reel_is_worth_more_than_it_is_large():
    gauge, told = gauge_of(4, 4)
    gauge.heard(0, 1, 0)
    gauge.finished(0)
    gauge.heard(1, 4, 0)
    assert told[-1].played == 800


def test_a_reel_of_known_times_is_as_far_as_its_time_is():
    told: list[Progress] = []
    reel = attrs.evolve(zigzag("0", ticks=4), times_ms=(START_MS, START_MS + 4_000))
    gauge = Gauge([reel, zigzag("1", ticks=4)], told.append)
    gauge.heard(0, 1, START_MS + 1_000)
    gauge.heard(0, 1, START_MS + 3_000)
    assert [(each.played, each.size) for each in told] == [(100, 800), (300, 800)]


def test_a_time_beyond_what_was_known_makes_no_more_than_all_of_it_and_no_less_than_nothing():
    told: list[Progress] = []
    reel = attrs.evolve(zigzag("0", ticks=4), times_ms=(START_MS, START_MS + 4_000))
    gauge = Gauge([reel], told.append)
    gauge.heard(0, 1, START_MS - 5_000)
    gauge.heard(0, 1, START_MS + 5_000)
    assert [each.played for each in told] == [0, 400]


def test_a_reel_of_no_length_is_no_trouble():
    told: list[Progress] = []
    gauge = Gauge([attrs.evolve(zigzag("0", ticks=1), times_ms=(START_MS, START_MS))], told.append)
    gauge.heard(0, 1, START_MS)
    assert [each.played for each in told] == [0]
