"""How all rules stand together, for a real daemon."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.rule import Rule
from alertd.journal.file import JournalFile
from alertd.systemd import Notifier
from alertd.web import rules
from alertd.web.status_answers import RuleStandings
from tests.engine.tickers import ticker
from tests.web.test_app import asking

CONFIG = """
feed: {url: "ws://127.0.0.1:9/market"}
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
rules:
  - rules:
      up: {symbols: [BTCUSDT, ETHUSDT, SOLUSDT], when: {close: {above: 100}}, for: 10s}
      near: {symbols: BTCUSDT, when: {close: {crosses_above: 91}}, severity: warning}
      far: {symbols: [BTCUSDT, ETHUSDT], when: {close: {above: 1000}}}
      off: {symbols: BTCUSDT, when: {close: {above: 1}}, enabled: false}
"""


@pytest.fixture
def daemon(tmp_path: Path, journal: JournalFile) -> Daemon:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return Daemon(load_config(path, environment={}), journal=journal, notifier=Notifier(None))


@pytest.fixture
async def room(daemon: Daemon, journal: JournalFile) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(daemon, journal) as client:
        yield client


async def standings(room: httpx.AsyncClient) -> dict[str, Any]:
    answer = await room.get("/api/rules")
    assert answer.status_code == 200
    return {it["rule"]: it for it in answer.json()["rules"]}


async def test_the_nearest_symbol_of_each_rule_is_told_with_its_distance(
    room: httpx.AsyncClient, daemon: Daemon
):
    daemon.take(ticker(0, symbol="BTCUSDT", close=90))
    daemon.take(ticker(0, symbol="ETHUSDT", close=500))
    found = await standings(room)
    assert found["far"]["nearest"]["symbol"] == "ETHUSDT"
    assert found["far"]["nearest"]["hurdle"]["percent"] == 100
    assert found["up"]["nearest"]["symbol"] == "BTCUSDT"
    assert (found["up"]["symbols"], found["up"]["unknown"]) == (3, 1)


async def test_what_fires_and_what_is_about_to_is_named_and_comes_first(
    room: httpx.AsyncClient, daemon: Daemon
):
    daemon.take(ticker(0, symbol="ETHUSDT", close=101))
    daemon.take(ticker(0, symbol="SOLUSDT", close=101))
    daemon.take(ticker(10, symbol="ETHUSDT", close=102))
    found = await standings(room)
    assert list(found) == ["up", "far", "near", "off"]
    assert (found["up"]["firing"], found["up"]["firing_symbols"]) == (1, ["ETHUSDT"])
    assert (found["up"]["pending"], found["up"]["pending_symbols"]) == (1, ["SOLUSDT"])
    assert found["up"]["last_alert_ms"] == 1_010_000
    assert found["up"]["nearest"] is None


async def test_before_the_first_ticker_nothing_is_near(room: httpx.AsyncClient):
    found = (await standings(room))["near"]
    assert (found["symbols"], found["unknown"], found["nearest"]) == (1, 1, None)
    assert (found["when"], found["severity"], found["event"]) == (
        "close crosses above 91",
        "warning",
        True,
    )


async def test_a_disabled_rule_is_there_and_watches_nothing(room: httpx.AsyncClient):
    found = (await standings(room))["off"]
    assert (found["enabled"], found["symbols"]) == (False, 0)


async def test_a_look_is_kept_for_twenty_times_as_long_as_it_took(
    daemon: Daemon, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
):
    looked = 0

    async def look(_: object) -> RuleStandings:
        nonlocal looked
        looked += 1
        await trio.sleep(2)
        return RuleStandings(time_ms=looked, rules=())

    monkeypatch.setattr(rules, "look", look)
    board = rules.RuleBoard(daemon)
    assert (await board.standings()).time_ms == 1
    await trio.sleep(37.9)
    assert (await board.standings()).time_ms == 1
    await trio.sleep(0.1)
    assert (await board.standings()).time_ms == 2


async def test_those_who_ask_at_the_same_time_share_a_look(
    daemon: Daemon, autojump_clock: MockClock
):
    board = rules.RuleBoard(daemon)
    found: list[RuleStandings] = []

    async def ask() -> None:
        found.append(await board.standings())

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(ask)
    assert all(it is found[0] for it in found)


class Reloaded(Daemon):
    """A daemon whose rules were `up` alone when a look began, and are others since then."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(it for it in super().rules if it.name == "up")


async def test_a_rule_that_a_reload_brought_during_the_look_is_left_to_the_next(
    tmp_path: Path, journal: JournalFile
):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    loaded = load_config(path, environment={})
    daemon = Reloaded(loaded, journal=journal, notifier=Notifier(None))
    assert [it.rule for it in (await rules.look(daemon)).rules] == ["up"]


async def test_tickers_are_read_while_it_looks(daemon: Daemon):
    looked: list[str] = []

    async def read() -> None:
        looked.append("read")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(read)
        await rules.look(daemon)
        looked.append("looked")
    assert looked == ["read", "looked"]
