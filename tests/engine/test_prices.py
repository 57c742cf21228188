"""The recent prices that pictures are made of."""

import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.drawing.chart import PricePath
from alertd.engine.prices import SLOT_MS, Prices
from alertd.market.ticker import Ticker
from tests.engine.tickers import SYMBOL

START_MS = 28_000_000 * SLOT_MS
HOUR_MS = 60 * SLOT_MS


@pytest.fixture
def prices() -> Prices:
    kept = Prices()
    kept.watch({SYMBOL: HOUR_MS})
    return kept


def take(prices: Prices, *points: tuple[float, float]) -> None:
    """Take tickers: seconds since the start, and the close."""
    for second, close in points:
        time_ms = START_MS + int(second * 1000)
        prices.take(Ticker(SYMBOL, time_ms, close, close, close, close, 1.0, 1.0))


def path(prices: Prices) -> PricePath:
    found = prices.path(SYMBOL, 24 * HOUR_MS)
    assert found is not None
    return found


def test_of_every_minute_the_last_the_lowest_and_the_highest_are_kept(prices: Prices):
    take(prices, (0, 10), (20, 12), (40, 9), (59, 11), (60, 13), (90, 14))
    found = path(prices)
    assert list(found.closes) == [11, 14]
    assert list(found.lows) == [9, 13]
    assert list(found.highs) == [12, 14]
    assert list(found.times_ms) == [START_MS + 59_999, START_MS + 90_000]
    assert found.slot_ms == SLOT_MS


def test_only_so_long_as_was_asked_for_is_kept(prices: Prices):
    take(prices, *((60 * minute, 100 + minute) for minute in range(90)))
    found = path(prices)
    assert (found.closes[0], found.closes[-1], len(found.closes)) == (130, 189, 60)


def test_a_path_is_as_long_as_it_is_asked_to_be(prices: Prices):
    take(prices, *((60 * minute, 100 + minute) for minute in range(30)))
    found = prices.path(SYMBOL, 10 * SLOT_MS)
    assert found is not None
    assert found.closes[0] == 120


def test_minutes_without_a_ticker_are_left_out_wherever_the_ring_stands(prices: Prices):
    take(prices, *((60 * minute, 1) for minute in range(60)), (60 * 100, 2))
    assert list(path(prices).closes) == [*(1,) * 19, 2]


def test_a_pause_longer_than_what_is_kept_leaves_nothing_of_what_was_before(prices: Prices):
    take(prices, (0, 1), (60 * 200, 2))
    assert list(path(prices).closes) == [2]


def test_a_ticker_of_an_older_minute_finds_its_place(prices: Prices):
    take(prices, (0, 10), (300, 20), (130, 15))
    assert list(path(prices).closes) == [10, 15, 20]


def test_where_time_goes_far_back_another_market_has_begun(prices: Prices):
    take(prices, (60 * 500, 10), (0, 20))
    assert list(path(prices).closes) == [20]
    assert list(path(prices).times_ms) == [START_MS]


def test_the_past_fills_only_what_is_not_known(prices: Prices):
    take(prices, (120, 10))
    past = [(START_MS + minute * SLOT_MS + 59_999, 5.0, 4.0, 6.0) for minute in range(3)]
    prices.fill(SYMBOL, past)
    assert (path(prices).closes, path(prices).lows, path(prices).highs) == (
        (5, 5, 10),
        (4, 4, 10),
        (6, 6, 10),
    )


def test_the_past_may_come_before_the_first_ticker(prices: Prices):
    prices.fill(SYMBOL, [(START_MS + 59_999, 5.0, 4.0, 6.0)])
    take(prices, (61, 7))
    assert list(path(prices).closes) == [5, 7]


def test_a_past_that_is_too_old_is_left_out(prices: Prices):
    take(prices, (60 * 100, 10))
    prices.fill(SYMBOL, [(START_MS, 5.0, 4.0, 6.0)])
    assert list(path(prices).closes) == [10]


def test_what_is_known_is_kept_when_another_span_is_wanted(prices: Prices):
    take(prices, *((60 * minute, 100 + minute) for minute in range(60)))
    prices.watch({SYMBOL: 2 * HOUR_MS})
    take(prices, *((60 * minute, 100 + minute) for minute in range(60, 90)))
    assert len(path(prices).closes) == 90
    prices.watch({SYMBOL: HOUR_MS // 2})
    assert list(path(prices).closes) == list(range(160, 190))


def test_another_span_changes_nothing_about_when_the_last_ticker_came(prices: Prices):
    take(prices, (0, 1), (70, 2))
    prices.watch({SYMBOL: 2 * HOUR_MS})
    assert list(path(prices).times_ms) == [START_MS + 59_999, START_MS + 70_000]


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(-4, 12), st.integers(1, 5), st.booleans()),
        max_size=60,
    )
)
def test_whatever_comes_in_whatever_order_a_table_of_minutes_says_the_same(
    story: list[tuple[int, int, int, bool]],
):
    prices, length = Prices(), 8
    prices.watch({SYMBOL: length * SLOT_MS})
    table: dict[int, tuple[float, float, float]] = {}
    minute = 1_000
    for forward, aside, price, is_fill in story:
        minute += forward
        number = minute + aside
        newest = max(table, default=0)
        if is_fill:
            prices.fill(SYMBOL, [(number * SLOT_MS, price, price - 0.5, price + 0.5)])
            if number > newest - length and number not in table:
                table[number] = (price - 0.5, price + 0.5, price)
        else:
            prices.take(Ticker(SYMBOL, number * SLOT_MS, price, 1.0, 1.0, 1.0, 1.0, 1.0))
            if number <= newest - length:
                table.clear()
            low, high, _ = table.get(number, (price,) * 3)
            table[number] = (min(low, price), max(high, price), price)
        table = {it: table[it] for it in sorted(table) if it > max(table) - length}
    found = prices.path(SYMBOL, HOUR_MS)
    assert (found is None) == (not table)
    if found is not None:
        assert list(zip(found.lows, found.highs, found.closes, strict=True)) == list(table.values())


def test_of_other_symbols_nothing_is_kept(prices: Prices):
    prices.watch({})
    take(prices, (0, 1))
    assert prices.path(SYMBOL, HOUR_MS) is None
    assert SYMBOL not in prices


@pytest.mark.parametrize(
    ("minutes", "lacks"),
    [
        (range(60), False),
        (range(0, 60, 7), False),
        (range(8, 60), True),
        (range(50), True),
        ([*range(20), *range(28, 60)], True),
        ([], True),
    ],
)
def test_a_past_with_gaps_lacks_some_of_it(prices: Prices, minutes: list[int], *, lacks: bool):
    take(prices, *((60 * minute, 1) for minute in minutes))
    now_ms = START_MS + HOUR_MS
    assert prices.lacking(now_ms) == ({SYMBOL: HOUR_MS} if lacks else {})


def test_the_whole_markets_last_hours_fit_into_some_megabytes():
    prices = Prices()
    tracemalloc.start()
    prices.watch({f"S{number}USDT": 6 * HOUR_MS for number in range(573)})
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 6 * 2**20, sys.version
