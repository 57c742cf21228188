"""What is sampled of the recent past is enough for windows to go on."""

import random

import pytest

from alertd.engine.metrics import METRICS
from alertd.engine.recent import Recent, Stretch, Stretches, unpack
from alertd.engine.window import Window
from alertd.market.ticker import Ticker
from tests.engine.tickers import BEGIN_MS, SYMBOL, ticker

HOUR_MS = 3_600_000


def sampled(recent: Recent) -> list[Ticker]:
    return [it for packed in recent.rest() for it in unpack(packed.tickers)]


def recent(window_ms: int = HOUR_MS) -> Recent:
    it = Recent()
    it.watch({SYMBOL: window_ms})
    return it


def test_of_a_slot_the_lowest_the_highest_and_the_last_stay():
    it = recent()
    story = [ticker(at, close=close) for at, close in enumerate((100, 98, 99, 103, 101))]
    for each in story:
        it.take(each)
    assert sampled(it) == [story[1], story[3], story[4]]


def test_a_ticker_that_is_several_of_them_stays_once():
    it = recent()
    it.take(ticker(0, close=100))
    assert sampled(it) == [ticker(0, close=100)]


def test_a_slot_that_has_only_begun_is_not_final():
    it = recent()
    it.take(ticker(0))
    assert it.finished() == []
    it.take(ticker(15))
    (packed,) = it.finished()
    assert list(unpack(packed.tickers)) == [ticker(0)]
    assert it.finished() == []
    assert sampled(it) == [ticker(15)]


def test_of_a_symbol_it_can_be_had_before_it_is_final_and_in_order():
    it = recent()
    story = [ticker(at, close=close) for at, close in ((0, 100), (15, 98), (16, 99), (17, 97))]
    for each in story[:3]:
        it.take(each)
    packs = it.so_far(SYMBOL)
    it.take(story[3])
    packs += it.rest()
    assert [found for packed in packs for found in unpack(packed.tickers)] == story


def test_of_a_symbol_without_windows_nothing_can_be_had():
    assert recent().so_far("ETHUSDT") == []


@pytest.mark.parametrize(("window_ms", "most"), [(60_000, 15), (HOUR_MS, 723), (24 * HOUR_MS, 723)])
def test_a_symbol_makes_so_many_in_its_window_at_most(window_ms: int, most: int):
    it, seconds = recent(window_ms), window_ms // 1000
    draw = random.Random(7)  # noqa: S311 - no secret
    for at in range(0, seconds, 2):
        it.take(ticker(at, close=100 * draw.random() + 1))
    assert len(sampled(it)) <= most


def test_it_is_kept_until_no_window_reaches_back_to_it():
    it = recent(60_000)
    it.take(ticker(0))
    (packed,) = it.rest()
    assert packed.until_ms >= BEGIN_MS + 60_000
    assert packed.until_ms <= BEGIN_MS + 60_000 + 720_000


def test_a_symbol_without_windows_is_not_sampled():
    it = recent()
    it.take(ticker(0, symbol="ETHUSDT"))
    assert sampled(it) == []


def test_it_goes_on_with_what_it_has_when_others_are_watched():
    it = recent()
    it.take(ticker(0))
    it.watch({SYMBOL: HOUR_MS, "ETHUSDT": HOUR_MS})
    assert sampled(it) == [ticker(0)]


def test_what_was_sampled_for_another_window_is_not_lost():
    it = recent()
    it.take(ticker(0))
    it.watch({SYMBOL: 2 * HOUR_MS})
    it.take(ticker(1))
    assert sampled(it) == [ticker(0), ticker(1)]


def test_a_window_that_is_warmed_from_it_has_the_same_extremes():
    it, whole, draw = recent(), Window(HOUR_MS), random.Random(7)  # noqa: S311 - no secret
    close = 100.0
    for at in range(0, 7200, 2):
        close *= 1 + (draw.random() - 0.5) / 1000
        it.take(ticker(at, close=close))
        whole.push(BEGIN_MS + at * 1000, close)
    warmed = Window(HOUR_MS)
    for each in sampled(it):
        warmed.push(each.time_ms, METRICS["close"].of(each) or 0.0)
    assert warmed.is_covered
    assert (warmed.lowest, warmed.highest) == (whole.lowest, whole.highest)


# From when to when there are samples.


def stretch(*seconds: float, window_ms: int = HOUR_MS) -> tuple[float, float]:
    it = Stretches({SYMBOL: window_ms})
    for at in seconds:
        it.take(ticker(at))
    found = it.found()[SYMBOL]
    return (found.since_ms - BEGIN_MS) / 1000, (found.until_ms - BEGIN_MS) / 1000


def test_samples_of_one_slot_after_the_other_have_no_gap():
    assert stretch(0, 100, 235, 300) == (0, 300)


def test_after_a_gap_another_stretch_begins():
    assert stretch(0, 100, 236, 300) == (236, 300)


def test_the_longer_the_slots_the_further_apart_samples_may_be():
    assert stretch(0, 480, window_ms=24 * HOUR_MS) == (0, 480)
    assert stretch(0, 481, window_ms=24 * HOUR_MS) == (481, 481)


def test_a_sample_that_comes_twice_makes_no_difference():
    assert stretch(0, 100, 50, 100, 200) == (0, 200)


def test_a_symbol_without_samples_or_windows_has_no_stretch():
    it = Stretches({SYMBOL: HOUR_MS})
    it.take(ticker(0, symbol="ETHUSDT"))
    assert it.found() == {}


def test_what_was_sampled_in_good_days_is_one_stretch():
    it, seen = Stretches({SYMBOL: HOUR_MS}), recent()
    for at in range(0, 7200, 2):
        seen.take(ticker(at))
    for each in sampled(seen):
        it.take(each)
    (found,) = it.found().values()
    assert found == Stretch(BEGIN_MS, BEGIN_MS + 7_198_000)
