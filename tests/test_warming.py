"""Windows warmed from klines at the start: what is asked for, what comes of it, and when it is left."""

import json
import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.engine import Engine
from alertd.engine.recent import Stretch
from alertd.journal.file import JournalFile
from alertd.market.kline_source import open_klines
from alertd.market.listing_cache import ListingCache
from alertd.market.listings import ListingWatch
from alertd.market.past.klines import Kline, parse_kline
from alertd.market.rest import fetch_listing
from alertd.market.venue import USDM, Venue
from alertd.systemd import Notifier
from alertd.warming import Missing, cold, missing, warm
from tests.delivery.receivers import http_receiver
from tests.engine.tickers import check_of, rule
from tests.market.kline_answers import behaves, body, row
from tests.market.rest_servers import (
    Behaviour,
    Exchange,
    RestServer,
    answers,
    cuts,
    hangs,
    rest_server,
)
from tests.processes import running_daemon
from tests.warmed import HOUR_MS, NOW_MS, QUIET, engine_of, fired, names, rows_until_now, ticker


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


# What is missing.


@pytest.mark.parametrize(
    ("since_s", "until_s", "span_s"),
    [
        (-3700, -60, None),
        (-3600, -120, None),
        (-3599, -60, 3600),
        (-9999, -121, 121),
        (-9999, -3600, 3600),
        (-600, -121, 3600),
    ],
)
def test_what_the_journal_does_not_know_of_a_window_is_missing(
    since_s: int, until_s: int, span_s: int | None
):
    known = Stretch(NOW_MS + since_s * 1000, NOW_MS + until_s * 1000)
    found = list(missing({"BTCUSDT": HOUR_MS}, {"BTCUSDT": known}, NOW_MS))
    assert found == ([Missing("BTCUSDT", span_s * 1000, known)] if span_s else [])


def test_of_a_symbol_that_was_never_watched_all_is_missing():
    assert list(missing({"BTCUSDT": HOUR_MS}, {}, NOW_MS)) == [Missing("BTCUSDT", HOUR_MS, None)]


# What comes of it.


async def warmed(
    server: RestServer,
    engine: Engine,
    known: dict[str, Stretch] | None = None,
    *,
    within_s: float = 10,
    venue: Venue = USDM,
) -> None:
    at = attrs.evolve(venue, rest_url=server.url)
    open_it = partial(open_klines, at)
    await warm(engine, cold(engine, known or {}, now_ms=NOW_MS), open_it, within_s=within_s)


@pytest.mark.parametrize(
    ("close", "alerts"), [(103, ["rise", "high"]), (102, ["high"]), (100, []), (90, [])]
)
async def test_the_first_ticker_is_compared_with_what_klines_know(close: float, alerts: list[str]):
    engine = engine_of()
    with rest_server(QUIET) as server:
        await warmed(server, engine)
    assert server.asked == ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=62"]
    assert fired(engine, close) == alerts


async def test_a_minutes_plunge_counts_though_it_closed_where_it_began():
    plunge = [row(99, 100, 100, 97, 100), row(100, 100)]
    engine = engine_of()
    with rest_server(answers(body(plunge))) as server:
        await warmed(server, engine)
    assert fired(engine, 100) == ["rise"]


async def test_a_window_with_a_missing_kline_is_not_covered():
    engine = engine_of()
    rows = [row(minute, 100) for minute in range(30, 101) if minute != 50]
    with rest_server(answers(body(rows))) as server:
        await warmed(server, engine)
    assert fired(engine, 103) == ["rise"]


async def test_of_a_long_window_the_older_part_comes_in_quarters_of_an_hour():
    engine = engine_of("BTCUSDT", "ETHUSDT", within_s=82_800)
    with rest_server(QUIET) as server:
        # For two symbols, as 2,400 are for more than half of the whole market.
        await warmed(server, engine, venue=attrs.evolve(USDM, weight_a_minute=8))
    assert sorted(it.partition("?")[2] for it in server.asked) == [
        "symbol=BTCUSDT&interval=15m&limit=94",
        "symbol=BTCUSDT&interval=1m&limit=99",
        "symbol=ETHUSDT&interval=15m&limit=94",
        "symbol=ETHUSDT&interval=1m&limit=99",
    ]
    assert fired(engine, 101) == ["high"]


async def test_what_was_seen_stays_and_only_what_was_not_is_filled_in(
    caplog: pytest.LogCaptureFixture,
):
    engine, seen_ms = engine_of(), NOW_MS - 1800_000
    for at_ms in range(seen_ms - 1800_000, seen_ms, 60_000):
        engine.warm(ticker(103, at_ms=at_ms))
    known = {"BTCUSDT": Stretch(NOW_MS - 2 * HOUR_MS, seen_ms)}
    with rest_server(behaves(partial(rows_until_now, price=101.0))) as server:
        await warmed(server, engine, known)
    # Since before the outage it would be 5.2 %, had the klines of that time been believed as well.
    assert server.asked == ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=32"]
    assert fired(engine, 104.1) == ["rise", "high"]
    assert not caplog.records


async def test_where_nothing_is_missing_nobody_is_asked():
    known = {"BTCUSDT": Stretch(NOW_MS - HOUR_MS, NOW_MS)}
    with rest_server(QUIET) as server:
        await warmed(server, engine_of(), known)
    assert server.asked == []


async def test_symbols_without_a_window_over_the_close_are_not_asked_for():
    volume = rule(check_of("volume", "rises", "5%", within_s=3600))
    above = rule(check_of("close", "above", 100))
    with rest_server(QUIET) as server:
        await warmed(server, Engine({"BTCUSDT": [volume], "ETHUSDT": [above]}))
    assert server.asked == []


async def test_what_came_of_it_is_told_in_a_line(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "alertd.warming")
    with rest_server(QUIET) as server:
        await warmed(server, engine_of(*names(3)))
    (line,) = caplog.messages
    assert line.startswith("windows of 3 symbols warmed from klines in ")


# Bad days.


async def left(
    server: RestServer, engine: Engine, caplog: pytest.LogCaptureFixture
) -> tuple[str, str]:
    """What the one line in the log says: of how many, and why not of all."""
    await warmed(server, engine)
    (line,) = caplog.messages
    count, _, reason = line.partition(" warmed from klines in ")
    return count, reason.partition("fill up by themselves: ")[2]


async def test_one_symbol_that_has_none_is_left_out_alone(caplog: pytest.LogCaptureFixture):
    symbols = names(20)

    def but_one(symbol: str, interval: str, count: int) -> Behaviour:
        if symbol == symbols[3]:
            return answers(b'{"code":-1121,"msg":"Invalid symbol."}', status=400)
        return rows_until_now(symbol, interval, count)

    engine = engine_of(*symbols)
    with rest_server(behaves(but_one)) as server:
        count, reason = await left(server, engine, caplog)
    assert count == "windows of 19 of 20 symbols"
    assert "HTTP 400" in reason
    assert [len(fired(engine, 104, symbol=it)) for it in symbols[2:5]] == [2, 0, 2]


async def test_who_is_banned_asks_no_more(caplog: pytest.LogCaptureFixture):
    ban = answers(status=429, headers={"Retry-After": "60"})
    with rest_server(ban) as server:
        count, reason = await left(server, engine_of(*names(100)), caplog)
    assert count == "windows of 0 of 100 symbols"
    assert reason.startswith("too many requests from this address (HTTP 429)")
    assert len(server.asked) <= 8


async def test_half_of_the_weight_is_left_to_others(caplog: pytest.LogCaptureFixture):
    used = answers(body([row(100, 100)]), headers={"X-MBX-USED-WEIGHT-1M": "1200"})
    with rest_server(used) as server:
        count, reason = await left(server, engine_of(*names(100)), caplog)
    assert reason == "this address has asked the exchange for half of what it may"
    assert len(server.asked) <= 8
    assert count != "windows of 0 of 100 symbols"


@pytest.mark.parametrize("behaviour", [cuts, answers(status=503), answers(b"<html>")])
async def test_an_exchange_that_is_not_well_is_left_alone(
    behaviour: Behaviour, caplog: pytest.LogCaptureFixture
):
    with rest_server(behaviour) as server:
        count, _ = await left(server, engine_of(*names(100)), caplog)
    assert count == "windows of 0 of 100 symbols"
    assert len(server.asked) < 20


async def test_nobody_there_is_told_in_a_line(caplog: pytest.LogCaptureFixture):
    with rest_server(cuts) as server:
        pass
    _, reason = await left(server, engine_of(*names(100)), caplog)
    assert reason.startswith("127.0.0.1: connection refused; ")


async def test_it_takes_no_longer_than_it_may(
    caplog: pytest.LogCaptureFixture, mock_clock: MockClock
):
    engine = engine_of(*names(100))
    with rest_server(QUIET, hangs) as server:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(partial(warmed, server, engine, within_s=3))
            # Eight are asked for at once, and one more once the first has come.
            while len(server.asked) < 9:
                await trio.testing.wait_all_tasks_blocked(0.01)
            mock_clock.jump(3)
    (line,) = caplog.messages
    assert line == (
        "windows of 1 of 100 symbols warmed from klines in 3.0 s; others fill up by themselves: "
        "not all klines have come within 3 s"
    )


async def test_a_proxy_that_cannot_be_used_is_told_of(
    caplog: pytest.LogCaptureFixture,
):
    open_it = partial(open_klines, USDM, proxy="socks5://me:hunter22@127.0.0.1:1")
    engine = engine_of()
    await warm(engine, cold(engine, {}, now_ms=NOW_MS), open_it)
    (line,) = caplog.messages
    assert "the proxy that is set cannot be used" in line
    assert "hunter22" not in line


async def test_klines_of_the_future_are_not_believed(caplog: pytest.LogCaptureFixture):
    engine = engine_of()
    with rest_server(answers(body([row(102, 50)]))) as server:
        _, reason = await left(server, engine, caplog)
    assert reason == "klines of the future; is this machine's clock right?"
    assert fired(engine, 100) == []


async def test_whatever_comes_the_engine_goes_on(caplog: pytest.LogCaptureFixture):
    rows = [row(99, 1e17), row(100, 1e-17)]
    engine = engine_of()
    with rest_server(answers(json.dumps(rows).encode())) as server:
        await warmed(server, engine)
    assert fired(engine, 100) == ["rise"]


# The daemon.

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      rise: {{symbols: BTCUSDT, when: {{close: {{rises: 3%, within: 1h}}}}}}
      any: {{symbols: BTCUSDT, when: {{close: {{above: 103.5}}}}}}
"""


def flat_at(price: int) -> Callable[[str, int, int], list[Kline]]:
    """An hour and more of klines, up to where `Running.sees` begins."""

    def klines(_symbol: str, interval_ms: int, count: int) -> list[Kline]:
        end_ms = 1_700_000_000_000 // interval_ms * interval_ms
        times = range(end_ms - count * interval_ms, end_ms, interval_ms)
        return [parse_kline([str(time_ms), *[str(price)] * 4, "1", "1"]) for time_ms in times]

    return klines


@pytest.mark.parametrize(("was", "told"), [(100, ["rise", "any"]), (102, ["any"])])
async def test_a_rise_within_the_hour_is_told_right_after_the_first_start(
    was: int, told: list[str], tmp_path: Path
):
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url())
        async with running_daemon(tmp_path, config, klines=flat_at(was)) as daemon:
            assert (await daemon.told()).startswith("READY=1")
            await daemon.sees(104)
            posts = await desk.received.expect(len(told))
            log = daemon.log.read_text()
    assert "windows of 1 symbol warmed from klines" in log
    lines = [post.json["message"].splitlines() for post in posts]
    assert [line[-2] for line in lines] == [f"Rule {name}" for name in told]


def daemon_of(journal: JournalFile, server: RestServer, *, listings: ListingWatch | None) -> Daemon:
    config = journal.path.with_name("config.yaml")
    config.write_text(CONFIG.format(desk="json://127.0.0.1:9").replace("{exchange}", "9"))
    venue = attrs.evolve(USDM, rest_url=server.url)
    return Daemon(
        load_config(config, environment={}),
        journal=journal,
        listings=listings,
        klines=partial(open_klines, venue),
        notifier=Notifier(None),
        drain_s=0.1,
    )


async def test_a_stop_does_not_wait_for_klines(journal: JournalFile):
    asked = threading.Event()

    def hangs_when_asked(exchange: Exchange) -> None:
        asked.set()
        hangs(exchange)

    with rest_server(hangs_when_asked) as server:
        daemon = daemon_of(journal, server, listings=None)
        with trio.fail_after(5):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(daemon.run)
                await trio.to_thread.run_sync(asked.wait, 5)
                daemon.stop()
    assert not daemon.ready.is_set()


async def test_an_exchange_that_could_not_be_asked_for_its_symbols_is_not_asked_for_klines(
    journal: JournalFile, tmp_path: Path
):
    with rest_server(answers(status=418, headers={"Retry-After": "999"})) as server:
        venue = attrs.evolve(USDM, rest_url=server.url)
        listings = ListingWatch(
            fetch=partial(fetch_listing, venue),
            cache=ListingCache.of(venue, tmp_path),
            report=lambda _: None,
        )
        await listings.start()
        daemon = daemon_of(journal, server, listings=listings)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run)
            await daemon.ready.wait()
            daemon.stop()
    assert server.asked == ["/fapi/v1/exchangeInfo"]
