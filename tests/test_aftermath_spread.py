"""Gaps of many symbols at once, and bad days: how their klines are asked for, minute by minute."""

import logging
import threading

import msgspec
import pytest
from trio.testing import MockClock

from alertd.engine.touched import Extreme
from alertd.market.venue import USDM
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from tests.engine.tickers import check_of, rule
from tests.gap_world import (
    ABOVE,
    AFTER_MS,
    BEFORE_MS,
    WICK,
    Market,
    names,
    rows,
    tick,
    world,
)
from tests.market.kline_answers import body
from tests.market.past.kline_rows import MINUTE_MS
from tests.market.rest_servers import Exchange, answers, cuts, rest_server


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.mark.parametrize(("minutes", "requests", "weight"), [(10, 573, 573), (600, 1146, 1146)])
async def test_the_whole_market_back_at_once_stays_within_half_of_the_weight_of_a_minute(
    minutes: int, requests: int, weight: int, mock_clock: MockClock
):
    symbols, market = names(573), Market()
    async with market.serving() as server, world(server, mock_clock, ABOVE, symbols=symbols) as it:
        for at_ms in (AFTER_MS - minutes * MINUTE_MS, AFTER_MS):
            for symbol in symbols:
                it.sees(tick(at_ms, 100, symbol=symbol))
        found = await it.found()
    assert (len(found.known), found.unknown) == (573, ())
    assert len(market.asked) == requests
    assert sum(USDM.kline_weight(count) for _, count in market.asked) == weight <= 2400 / 2


async def test_what_weighs_too_much_for_this_minute_is_asked_for_in_the_next(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    symbols, next_minute = names(100), threading.Event()

    def used(exchange: Exchange) -> None:
        weight = "1" if next_minute.is_set() else "1200"
        answers(body(rows()), headers={"X-MBX-USED-WEIGHT-1M": weight})(exchange)

    with rest_server(used) as server:
        async with world(server, mock_clock, ABOVE, symbols=symbols) as it:
            for at_ms in (BEFORE_MS, AFTER_MS):
                for symbol in symbols:
                    it.sees(tick(at_ms, 100, symbol=symbol))
            first = await it.found()
            asked_first = len(server.asked)
            next_minute.set()
            await it.passes(59)
            assert len(server.asked) == asked_first <= 8
            await it.passes(1)
            await it.passes(1)
            await it.until(lambda: it.told[-1] is not first)
            rest = it.told[-1]
    assert isinstance(rest, GapsLookedInto)
    assert sorted((*first.known, *rest.known)) == sorted(symbols)
    assert "this address has asked the exchange for half of what it may" in caplog.text


async def test_the_longest_windows_come_first(mock_clock: MockClock):
    symbols, market = names(99), Market()
    async with market.serving() as server, world(server, mock_clock, ABOVE, symbols=symbols) as it:
        lengths_s = {"S97USDT": 60, "S98USDT": 7200}
        windows = {
            symbol: [rule(check_of("close", "rises", "3%", within_s=length_s))]
            for symbol, length_s in lengths_s.items()
        }
        it.engine.watch({symbol: [rule(ABOVE)] for symbol in symbols[:97]} | windows)
        for at_ms in (BEFORE_MS, AFTER_MS):
            for symbol in symbols:
                it.sees(tick(at_ms, 100, symbol=symbol))
        await it.found()
    # Eight are asked for at once.
    assert {"S97USDT", "S98USDT"} <= {symbol for symbol, _ in market.asked[:16]}


async def test_an_exchange_that_wants_to_be_left_alone_is(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    ban = answers(status=429, headers={"Retry-After": "300"})
    with rest_server(ban, WICK) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            it.sees(tick(AFTER_MS, 100))
            await it.passes(1)
            await it.until(lambda: "HTTP 429" in caplog.text)
            await it.passes(290)
            # What is noticed meanwhile waits as well.
            it.sees(tick(AFTER_MS + 130_000, 100))
            await it.passes(9)
            assert len(server.asked) == 1
            await it.passes(1)
            await it.passes(1)
            await it.until(lambda: isinstance(it.told[-1], GapsLookedInto))
    assert len(server.asked) == 3


async def test_what_does_not_come_for_ten_minutes_is_given_up(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    with rest_server(cuts) as server:
        async with world(server, mock_clock, ABOVE) as it:
            it.sees(tick(BEFORE_MS, 100))
            # The day's high is another: that much is known.
            it.sees(msgspec.structs.replace(tick(AFTER_MS, 100), high=1001.0))
            await it.passes(1)
            for tried, wait_s in enumerate((10, 20, 40, *[60] * 9), 1):
                await it.until(lambda: len(caplog.messages) == tried)  # noqa: B023 - at once
                assert it.told == [GapNoticed("BTCUSDT")]
                await it.passes(wait_s - 0.1)
                await it.passes(1)
                assert len(server.asked) == tried
                await it.passes(0.1)
                await it.passes(0.9)
            await it.until(lambda: isinstance(it.told[-1], GapsLookedInto))
    (found,) = it.told[1:]
    assert isinstance(found, GapsLookedInto)
    assert (found.known, found.unknown) == ((), ("BTCUSDT",))
    assert [it.extreme for it in found.touched] == [Extreme(1001.0)]
    assert caplog.messages[0].startswith("gaps of 1 symbol, 10m 30s at most: 0 filled from klines")


async def test_what_came_of_it_is_told_in_a_line(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "alertd.aftermath")
    with rest_server(WICK) as server:
        async with world(server, mock_clock, ABOVE, symbols=names(20)) as it:
            for at_ms in (BEFORE_MS, AFTER_MS):
                for symbol in names(20):
                    it.sees(tick(at_ms, 100, symbol=symbol))
            await it.found()
    (line,) = caplog.messages
    assert line == "gaps of 20 symbols, 10m 30s at most, filled from klines in 0.0 s"
