"""Gaps that are over: what is one, what is found of them, and what is filled."""

import pytest
from trio.testing import MockClock

from alertd.engine.prices import Prices
from alertd.engine.rule import Rule
from alertd.engine.touched import Extreme, Touched
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from tests.engine.tickers import check_of
from tests.gap_world import (
    ABOVE,
    AFTER_MS,
    BEFORE_MS,
    HIGH,
    RISES,
    WICK,
    asked,
    rows,
    serving,
    tick,
    world,
)
from tests.market.kline_answers import row
from tests.market.past.kline_rows import MINUTE_MS, START_MS
from tests.market.rest_servers import rest_server


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


# What is a gap.


@pytest.mark.parametrize(("lasted_ms", "gaps"), [(120_000, 0), (120_001, 1)])
async def test_more_than_two_minutes_without_a_ticker_are_a_gap(
    lasted_ms: int, gaps: int, mock_clock: MockClock
):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(BEFORE_MS + lasted_ms, 100))
            await it.passes(1)
            await it.until(lambda: len(server.asked) == gaps)
    assert it.told.count(GapNoticed("BTCUSDT")) == len(server.asked) == gaps


async def test_what_was_never_seen_before_has_no_gap(mock_clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(AFTER_MS, 100))
            await it.passes(5)
    assert (it.told, server.asked) == ([], [])


# What is found.


async def test_only_the_klines_of_the_gap_are_asked_for(mock_clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            await it.found()
    assert asked(server) == ["symbol=BTCUSDT&interval=1m&limit=13"]


async def test_levels_that_the_price_touched_meanwhile_are_told(mock_clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    (owner,) = (task.rule for task in it.engine._symbols["BTCUSDT"].program.tasks)
    extreme = Extreme(110, START_MS + 95 * MINUTE_MS)
    touched = Touched(owner, "BTCUSDT", 105, extreme, upwards=True)
    assert it.told == [GapNoticed("BTCUSDT"), found]
    assert found == GapsLookedInto(("BTCUSDT",), (), (touched,), 630)


@pytest.mark.parametrize("minute", [90, 100])
async def test_what_may_have_been_before_or_after_it_is_not(minute: int, mock_clock: MockClock):
    with rest_server(serving(rows(88, 100, row(minute, 100, 110, 90, 100)))) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS + 1, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found == GapsLookedInto(("BTCUSDT",), (), (), 629.999)


async def test_a_rule_that_is_silenced_there_is_not_told_of(mock_clock: MockClock):
    def silenced(owner: Rule, symbol: str) -> bool:
        return (owner.name, symbol) == ("above", "BTCUSDT")

    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE, silenced=silenced) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found.touched == ()


@pytest.mark.parametrize(("first", "last"), [(95, 100), (88, 95)])
async def test_klines_of_a_part_of_it_leave_it_unknown_but_for_what_they_tell(
    first: int, last: int, mock_clock: MockClock
):
    with rest_server(serving(rows(first, last, row(95, 100, 110, 90, 100)))) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert (found.known, found.unknown, len(found.touched)) == ((), ("BTCUSDT",), 1)


async def test_where_klines_have_nothing_to_tell_nobody_is_asked_and_all_is_known(
    mock_clock: MockClock,
):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, check_of("volume", "above", 5)) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert found == GapsLookedInto(("BTCUSDT",), (), (), 630)
    assert server.asked == []


# What is filled.


async def test_a_rise_since_what_nobody_saw_is_told_at_the_next_ticker(mock_clock: MockClock):
    with rest_server(serving(rows(88, 100, row(95, 101, 101, 99, 101), price=101))) as server:
        async with world(server, mock_clock, RISES) as it:
            assert it.sees(tick(BEFORE_MS, 101)) == []
            assert it.sees(tick(AFTER_MS, 102)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 102)) == ["rises"]
            assert it.sees(tick(AFTER_MS + 4000, 103)) == []


async def test_a_rise_that_is_told_of_is_not_told_again(mock_clock: MockClock):
    with rest_server(serving(rows(price=104))) as server:
        async with world(server, mock_clock, RISES) as it:
            it.sees(tick(BEFORE_MS - 2000, 100))
            assert it.sees(tick(BEFORE_MS, 104)) == ["rises"]
            assert it.sees(tick(AFTER_MS, 104)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 104)) == []


@pytest.mark.parametrize(("was", "told"), [(105, []), (100.5, ["new_high"])])
async def test_a_new_high_after_a_gap_is_one_over_what_nobody_saw(
    was: float, told: list[str], mock_clock: MockClock
):
    with rest_server(serving(rows(88, 100, row(98, 100, was, 100, 100)))) as server:
        async with world(server, mock_clock, HIGH) as it:
            it.sees(tick(BEFORE_MS - 1000_000, 100))
            it.sees(tick(BEFORE_MS, 100))
            assert it.sees(tick(AFTER_MS, 100)) == []
            await it.found()
            assert it.sees(tick(AFTER_MS + 2000, 101)) == told


async def test_klines_never_take_the_place_of_what_was_seen(mock_clock: MockClock):
    with rest_server(serving(rows(first=30, price=101))) as server:
        async with world(server, mock_clock, RISES) as it:
            it.sees(tick(BEFORE_MS - 1000, 103))
            it.sees(tick(BEFORE_MS, 103))
            it.sees(tick(AFTER_MS, 103))
            await it.found()
            # Of the minute of the last ticker before, what came after it counts.
            assert it.sees(tick(AFTER_MS + 2000, 104)) == []
            assert it.sees(tick(AFTER_MS + 4000, 104.03)) == ["rises"]


async def test_pictures_are_filled_too(mock_clock: MockClock):
    prices = Prices()
    prices.watch({"BTCUSDT": 30 * MINUTE_MS})
    with rest_server(WICK) as server:
        async with world(server, mock_clock, check_of("volume", "above", 5), prices=prices) as it:
            for ticker in (tick(BEFORE_MS, 100), tick(AFTER_MS, 101)):
                prices.take(ticker)
                it.sees(ticker)
            await it.found()
    path = prices.path("BTCUSDT", 11 * MINUTE_MS)
    assert path is not None
    assert list(path.highs) == [100, 100, 100, 100, 100, 110, 100, 100, 100, 100, 101]


async def test_klines_are_not_for_the_market_that_began_meanwhile(mock_clock: MockClock):
    with rest_server(serving(rows(price=50))) as server:
        async with world(server, mock_clock, RISES, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 100))
            it.engine.update(tick(1_000_000, 100))
            found = await it.found()
            assert found == GapsLookedInto((), ("BTCUSDT",), (), 630)
            assert it.sees(tick(1_002_000, 102)) == []


async def test_the_next_gap_is_looked_into_at_once_too(mock_clock: MockClock):
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            await it.found()
            it.sees(tick(AFTER_MS + 130_000, 101))
            await it.passes(1)
            await it.until(lambda: len(it.told) == 4)
    assert it.told[2] == GapNoticed("BTCUSDT")
    assert isinstance(it.told[3], GapsLookedInto)


async def test_two_gaps_of_a_symbol_are_two(mock_clock: MockClock):
    wicks = rows(80, 100, row(85, 100, 110, 90, 100), row(95, 100, 107, 95, 100))
    with rest_server(serving(wicks)) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS - 600_000, 100))
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 101))
            found = await it.found()
    assert {it.extreme.price for it in found.touched} == {110, 107}
