"""A path in few points: what of it is kept."""

from pathlib import Path

import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.past.reels import find_reels
from alertd.replay.plot.sampling import Sampler, Slots, sample
from tests.replay.reels import START_MS, ListedReel, ticker, zigzag


def sampled(closes: list[float], *, most: int, every: float = 1) -> Slots:
    sampler = Sampler(most)
    for place, close in enumerate(closes):
        sampler.add(ticker(place * every, close))
    return sampler.slots


def test_as_long_as_there_is_room_every_ticker_is_kept():
    slots = sampled([5, 7, 6], most=3)
    assert slots.times_ms.tolist() == [START_MS, START_MS + 1000, START_MS + 2000]
    assert slots.closes.tolist() == slots.lows.tolist() == slots.highs.tolist() == [5, 7, 6]


def test_a_slot_keeps_its_last_its_lowest_and_its_highest_close():
    slots = sampled([5, 9, 3, 6], most=1)
    assert (slots.closes[0], slots.lows[0], slots.highs[0]) == (6, 3, 9)


def test_a_slot_has_the_time_of_its_last_ticker():
    assert sampled([5, 9, 3, 6], most=1).times_ms.tolist() == [START_MS + 3000]


def test_a_slot_has_the_range_of_the_day_that_ends_with_it():
    sampler = Sampler(1)
    sampler.add(ticker(0, 5))
    sampler.add(ticker(1, 2_000_000))
    assert sampler.slots.day_highs.tolist() == [2_000_000]
    assert sampler.slots.day_lows.tolist() == [1]


@pytest.mark.parametrize("most", [1, 2, 7, 100])
def test_there_are_never_more_slots_than_asked_for(most: int):
    sampler = Sampler(most)
    for place in range(1000):
        sampler.add(ticker(place * 2, 5))
        assert 1 <= len(sampler.slots) <= most


def test_more_than_a_quarter_of_the_room_is_used():
    assert len(sampled([5.0] * 1000, most=100)) > 25


def test_no_extreme_is_lost_however_long_it_goes_on():
    closes = [100.0 + place * 7919 % 1000 for place in range(5000)]
    slots = sampled(closes, most=64)
    assert (min(slots.lows), max(slots.highs)) == (min(closes), max(closes))


def test_slots_are_of_one_length_whatever_is_missing():
    sampler = Sampler(4)
    for second in [*range(8), *range(80, 88)]:
        sampler.add(ticker(second, 5))
    assert sampler.slots.steps_ms() == [4000, 76000, 4000]


def test_a_ticker_that_is_late_is_left_out():
    sampler = Sampler(10)
    for second in (5, 4, 5, 6):
        sampler.add(ticker(second, float(second + 1)))
    assert sampler.slots.closes.tolist() == [6, 7]


def test_symbols_that_were_not_asked_for_are_left_out():
    reels = [zigzag("ETHUSDT", ticks=4), zigzag("BTCUSDT", ticks=4)]
    assert list(sample(reels, ["BTCUSDT"], at_least=1, most=10)) == ["BTCUSDT"]


def test_where_too_few_were_asked_for_the_first_others_are_taken():
    reels = [zigzag(symbol, ticks=4) for symbol in ("ETHUSDT", "XRPUSDT", "BTCUSDT")]
    assert list(sample(reels, ["BTCUSDT"], at_least=2, most=10)) == ["BTCUSDT", "ETHUSDT"]


def test_a_symbol_of_which_nothing_came_has_no_path():
    assert sample([zigzag("ETHUSDT", ticks=4)], ["BTCUSDT"], at_least=1, most=10) == {}


def test_klines_of_other_symbols_are_not_read(tmp_path: Path):
    line = "{},100,101,99,100,1\n"
    good = "open_time_ms,open,high,low,close,volume\n"
    good += "".join(line.format(START_MS + minute * 60_000) for minute in range(1500))
    (tmp_path / "AUSDT-1m.csv").write_text(good, encoding="utf-8")
    (tmp_path / "BUSDT-1m.csv").write_text(f"{good}torn\n", encoding="utf-8")
    reels = find_reels([str(tmp_path)])
    assert list(sample(reels, ["AUSDT"], at_least=1, most=10)) == ["AUSDT"]
    with pytest.raises(KlinesError):
        sample(reels, ["BUSDT"], at_least=1, most=10)


def test_the_symbols_of_one_reel_are_told_apart():
    mixed = ListedReel("recording", [ticker(0, 5, "A"), ticker(0, 7, "B"), ticker(1, 6, "A")])
    paths = sample([mixed], ["A", "B"], at_least=1, most=10)
    assert {symbol: path.closes.tolist() for symbol, path in paths.items()} == {
        "A": [5, 6],
        "B": [7],
    }
