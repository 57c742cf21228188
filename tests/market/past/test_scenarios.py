import hashlib
from decimal import Decimal
from functools import cache

import pytest

from alertd.market.past.klines import DAY_MS, Kline
from alertd.market.past.scenarios import INSTRUMENTS, SCENARIOS, generate

SEEDS = range(2)
MINUTES = 30


@cache
def market(name: str, seed: int) -> dict[str, list[Kline]]:
    return {each.symbol: list(each.klines) for each in generate(SCENARIOS[name], seed=seed)}


def dramas(name: str) -> list[list[Kline]]:
    return [klines[-MINUTES:] for seed in SEEDS for klines in market(name, seed).values()]


def percent(now: Decimal, before: Decimal) -> float:
    return float(now / before - 1) * 100


@pytest.mark.parametrize("name", SCENARIOS)
def test_its_description_says_in_one_sentence_that_it_is_generated(name: str) -> None:
    description = SCENARIOS[name].description
    assert "generated" in description
    assert description.index(".") == len(description) - 1


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_is_a_day_and_the_drama_of_a_dozen_symbols_without_a_gap(name: str) -> None:
    klines_of = market(name, 0)
    assert len(klines_of) == 12
    for klines in klines_of.values():
        first = klines[0].open_time_ms
        assert [kline.open_time_ms for kline in klines] == [
            *range(first, first + DAY_MS + MINUTES * 60_000, 60_000)
        ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_its_klines_are_sound_and_on_the_grid(name: str) -> None:
    for instrument in INSTRUMENTS:
        for kline in market(name, 0)[instrument.symbol]:
            prices = (kline.open, kline.high, kline.low, kline.close)
            assert 0 < kline.low <= min(prices)
            assert kline.high >= max(prices)
            assert all(price % instrument.tick == 0 for price in prices)
            assert kline.volume > 0
            assert kline.volume % instrument.lot == 0
            assert kline.low <= kline.quote_volume / kline.volume <= kline.high


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kline_opens_where_the_one_before_closed(name: str) -> None:
    for klines in market(name, 0).values():
        assert [k.open for k in klines[1:]] == [k.close for k in klines[:-1]]


def test_the_same_seed_gives_the_same_market_on_every_machine() -> None:
    closes = "".join(str(k.close) for klines in market("calm", 1).values() for k in klines)
    assert hashlib.sha256(closes.encode()).hexdigest()[:16] == "8b2b03e60dfaae36"


def test_another_seed_gives_another_market() -> None:
    assert market("calm", 0) != market("calm", 1)


def test_a_symbol_is_the_same_whichever_others_are_read() -> None:
    last = generate(SCENARIOS["calm"], seed=0)[-1]
    assert list(last.klines) == market("calm", 0)[last.symbol]


def test_symbols_move_with_bitcoin() -> None:
    klines_of = market("calm", 0)
    moves = [[k.close > k.open for k in klines_of[s]] for s in ("BTCUSDT", "ETHUSDT")]
    together = sum(one == other for one, other in zip(*moves, strict=True)) / len(moves[0])
    assert together > 0.7


def test_the_volume_rises_with_the_move() -> None:
    for klines in dramas("flash-crash"):
        crash, before = klines[9:12], klines[:8]
        volumes = [sum(k.volume for k in part) / len(part) for part in (crash, before)]
        assert volumes[0] > 3 * volumes[1]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_day_before_is_an_ordinary_one(name: str) -> None:
    for klines in market(name, 0).values():
        day = klines[:-MINUTES]
        assert 0.5 < percent(max(k.high for k in day), min(k.low for k in day)) < 10


def test_in_a_calm_market_nothing_moves_by_more_than_two_percent() -> None:
    for klines in dramas("calm"):
        assert percent(max(k.high for k in klines), min(k.low for k in klines)) < 2


def test_a_rally_lifts_every_symbol_by_five_percent_and_rests_on_the_way() -> None:
    for klines in dramas("rally"):
        assert percent(klines[-1].close, klines[0].open) > 5
        assert klines[11].close < klines[8].close


def test_a_flash_crash_falls_by_eight_percent_within_five_minutes() -> None:
    for klines in dramas("flash-crash"):
        falls = [percent(klines[i + 5].close, klines[i].close) for i in range(MINUTES - 5)]
        assert min(falls) < -8


def test_a_flash_crash_wins_a_part_back() -> None:
    for klines in dramas("flash-crash"):
        start, low, end = klines[0].open, min(k.low for k in klines), klines[-1].close
        assert 0.25 < (end - low) / (start - low) < 0.85


def test_a_wick_pierces_a_level_and_returns_within_its_minute() -> None:
    for klines in dramas("wick"):
        needle = max(klines, key=lambda kline: kline.high)
        assert percent(needle.high, needle.open) > 3
        assert abs(percent(needle.close, needle.open)) < 1


def test_only_the_wick_itself_goes_so_far() -> None:
    for klines in dramas("wick"):
        *others, needle = sorted(kline.high for kline in klines)
        assert percent(needle, others[-1]) > 2.5


def width(klines: list[Kline]) -> float:
    return sum(percent(kline.high, kline.low) for kline in klines) / len(klines)


def test_a_squeeze_narrows_and_then_breaks_out() -> None:
    for klines in dramas("squeeze"):
        assert width(klines[8:17]) < width(klines[:2]) / 2
        assert percent(klines[22].close, klines[16].close) > 4
