"""Windows that klines could not fill at the start: what is asked for again while the feed runs, and for how long."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import attrs
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.engine.engine import Engine
from alertd.market.kline_source import open_klines
from alertd.market.venue import USDM
from alertd.warming import cold, warm, warm_rest
from tests.market.rest_servers import RestServer, answers, cuts, rest_server
from tests.warmed import HOUR_MS, NOW_MS, QUIET, engine_of, fired, names, ticker


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@asynccontextmanager
async def warming_on(server: RestServer, engine: Engine) -> AsyncIterator[None]:
    """Fill windows in vain, and go on with it while time stands still."""
    open_it = partial(open_klines, attrs.evolve(USDM, rest_url=server.url))
    left = await warm(engine, cold(engine, {}, now_ms=NOW_MS), open_it)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(warm_rest, engine, left, open_it)
        await trio.testing.wait_all_tasks_blocked()
        yield
        nursery.cancel_scope.cancel()


async def lines_in(log: pytest.LogCaptureFixture, count: int) -> None:
    while len(log.messages) < count:
        await trio.testing.wait_all_tasks_blocked(0.01)


async def test_what_has_not_come_is_asked_for_again_a_minute_later(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "alertd.warming")
    engine = engine_of()
    with rest_server(cuts, QUIET) as server:
        async with warming_on(server, engine):
            # Tickers come meanwhile, and what they show is not forgotten.
            assert fired(engine, 98) == []
            mock_clock.jump(59)
            await trio.testing.wait_all_tasks_blocked()
            assert len(server.asked) == 1
            mock_clock.jump(1)
            await lines_in(caplog, 2)
    # From an hour before the start on, which is a minute longer ago by now.
    assert [path.rpartition("=")[2] for path in server.asked] == ["62", "63"]
    assert caplog.messages[1].startswith("windows of 1 symbol warmed from klines")
    later = ticker(101, at_ms=NOW_MS + 61_000)
    assert [alert.rule.name for alert in engine.update(later)] == ["rise", "high"]


async def test_only_what_is_left_is_asked_for_again(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    symbols = names(5)
    with rest_server(cuts, QUIET) as server:
        async with warming_on(server, engine_of(*symbols)):
            mock_clock.jump(60)
            await lines_in(caplog, 1)
            while len(server.asked) < 6:
                await trio.testing.wait_all_tasks_blocked(0.01)
    asked = [path.partition("&")[0] for path in server.asked]
    assert asked[5] in asked[:5]


async def test_it_waits_for_as_long_as_the_exchange_wants(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "alertd.warming")
    ban = answers(status=429, headers={"Retry-After": "300"})
    with rest_server(ban, QUIET) as server:
        async with warming_on(server, engine_of()):
            mock_clock.jump(299)
            await trio.testing.wait_all_tasks_blocked()
            assert len(server.asked) == 1
            mock_clock.jump(1)
            await lines_in(caplog, 2)
    assert len(server.asked) == 2


async def test_after_ten_times_it_is_given_up(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    with rest_server(cuts) as server:
        async with warming_on(server, engine_of()):
            for again in range(2, 12):
                mock_clock.jump(60)
                await lines_in(caplog, again)
            mock_clock.jump(60)
            await trio.testing.wait_all_tasks_blocked(0.05)
    assert len(server.asked) == len(caplog.messages) == 11


async def test_what_a_market_of_the_past_has_shown_is_not_forgotten(
    mock_clock: MockClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "alertd.warming")
    engine, past_ms = engine_of(), NOW_MS - 5 * HOUR_MS
    with rest_server(cuts, QUIET) as server:
        async with warming_on(server, engine):
            engine.update(ticker(100, at_ms=past_ms))
            mock_clock.jump(60)
            await lines_in(caplog, 2)
    later = ticker(103, at_ms=past_ms + 60_000)
    assert [alert.rule.name for alert in engine.update(later)] == ["rise"]
