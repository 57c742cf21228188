"""What the control room answers for a real daemon."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import attrs
import httpx
import pytest
import trio
import trio.testing

from alertd.archive import Archive
from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.systemd import Notifier
from alertd.web.app import make_app
from alertd.web.listening import listening_socket
from alertd.web.server import serve
from tests.engine.tickers import ticker
from tests.web.journaled import journaled_daemon, outbound_of

CONFIG = """
feed: {url: "ws://127.0.0.1:9/market"}
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
rules:
  - rules:
      up: {symbols: [BTCUSDT, ETHUSDT, SOLUSDT], when: {close: {above: 100}}, cooldown: 1h}
      "a/b ?&=%+#\\U0001F600 ü": {symbols: BTCUSDT, when: {close: {above: 100}}}
      off: {symbols: BTCUSDT, when: {close: {above: 1}}, enabled: false}
"""
HOSTILE = "a/b ?&=%+#\U0001f600 ü"


@pytest.fixture
def daemon(tmp_path: Path, journal: JournalFile) -> Daemon:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return Daemon(load_config(path, environment={}), journal=journal, notifier=Notifier(None))


@asynccontextmanager
async def asking(daemon: Daemon, journal: JournalFile) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the daemon's control room, over its socket."""
    path = daemon.config_file.with_name("socket")
    archive = Archive(outbound_of((), journal), journal.path, channels=tuple)
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    with listening_socket(path) as listening:
        async with trio.open_nursery() as nursery:
            await nursery.start(serve, make_app(daemon, archive), listening)
            async with httpx.AsyncClient(transport=transport, base_url="http://alertd") as client:
                yield client
            nursery.cancel_scope.cancel()


@pytest.fixture
async def room(daemon: Daemon, journal: JournalFile) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(daemon, journal) as client:
        yield client


async def explained(room: httpx.AsyncClient, **asked: str) -> Any:
    answer = await room.get("/api/explain", params=asked)
    assert answer.status_code == 200
    return answer.json()


async def test_the_nearest_symbol_comes_first_and_what_is_not_known_last(
    room: httpx.AsyncClient, daemon: Daemon
):
    daemon.take(ticker(0, symbol="ETHUSDT", close=90))
    daemon.take(ticker(0, symbol="SOLUSDT", close=99))
    symbols = (await explained(room, rule="up"))["symbols"]
    assert [it["symbol"] for it in symbols] == ["SOLUSDT", "ETHUSDT", "BTCUSDT"]


async def test_a_symbol_whose_tickers_do_not_come_in_is_not_streaming(
    room: httpx.AsyncClient, daemon: Daemon
):
    daemon.tally.streaming.add("BTCUSDT")
    standings = (await explained(room, rule="up"))["symbols"]
    assert {it["symbol"]: it["streaming"] for it in standings} == {
        "BTCUSDT": True,
        "ETHUSDT": False,
        "SOLUSDT": False,
    }


async def test_a_part_has_its_value_level_truth_and_distance(
    room: httpx.AsyncClient, daemon: Daemon
):
    daemon.take(ticker(0, close=80))
    daemon.take(ticker(1, close=90))
    (standing,) = (await explained(room, rule="up", symbol="BTCUSDT"))["symbols"]
    assert standing["condition"] == {
        "kind": "comparison",
        "event": False,
        "true": False,
        "since_ms": 1_000_000,
        "reading": {
            "comparison": "close above 100",
            "metric": "close",
            "operator": "above",
            "unit": "price",
            "value": 90,
            "previous": 80,
            "threshold": 100,
            "fixed": True,
            "back": None,
            "true": False,
        },
        "distance": 10,
        "distance_percent": pytest.approx(100 / 9),
        "parts": [],
    }


async def test_what_was_decided_and_what_is_left_of_the_cooldown_is_said(
    room: httpx.AsyncClient, daemon: Daemon
):
    for second, close in enumerate((101, 99, 102)):
        daemon.take(ticker(second, close=close))
    (standing,) = (await explained(room, rule="up", symbol="BTCUSDT"))["symbols"]
    assert (standing["phase"], standing["verdict"]) == ("pending", "cooling_down")
    assert standing["cooldown_left_ms"] == 3_598_000
    assert standing["due_ms"] == 1_000_000 + 3_600_000
    assert standing["last_alert"]["time_ms"] == 1_000_000
    assert standing["held_back"]["verdict"] == "cooling_down"


async def test_before_the_first_ticker_nothing_is_known(room: httpx.AsyncClient):
    (standing,) = (await explained(room, rule="up", symbol="BTCUSDT"))["symbols"]
    assert (standing["time_ms"], standing["condition"], standing["hurdle"]) == (None, None, None)


async def test_a_symbol_may_be_given_in_lower_case(room: httpx.AsyncClient):
    (standing,) = (await explained(room, rule="up", symbol="btcusdt"))["symbols"]
    assert standing["symbol"] == "BTCUSDT"


async def test_a_rule_may_have_any_name(room: httpx.AsyncClient):
    assert (await explained(room, rule=HOSTILE))["rule"]["name"] == HOSTILE


@pytest.mark.parametrize(
    ("asked", "status", "error", "near"),
    [
        ({"rule": "upp"}, 404, "there is no such rule", ["up"]),
        ({"rule": "x" * 10_000}, 404, "there is no such rule", []),
        ({"rule": "../../etc/\npasswd\0"}, 404, "there is no such rule", []),
        ({"rule": ""}, 404, "there is no such rule", []),
        ({}, 400, "which rule?", []),
        ({"rule": "off"}, 409, "the rule is disabled", []),
        (
            {"rule": "up", "symbol": "BTCUSD"},
            404,
            "the rule does not watch that symbol",
            ["BTCUSDT", "ETHUSDT"],
        ),
    ],
)
async def test_what_cannot_be_explained_is_refused_with_what_may_be_meant(
    room: httpx.AsyncClient, asked: dict[str, str], status: int, error: str, near: list[str]
):
    answer = await room.get("/api/explain", params=asked)
    assert answer.status_code == status
    assert answer.json() == {"error": error, "near": near}


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/", 404, "Not Found"),
        ("GET", "/api/nothing", 404, "Not Found"),
        ("POST", "/api/explain", 405, "Method Not Allowed"),
        ("GET", "/api/reload", 405, "Method Not Allowed"),
    ],
)
async def test_what_is_not_there_is_refused_as_json_too(
    room: httpx.AsyncClient, method: str, path: str, status: int, error: str
):
    answer = await room.request(method, path)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_rearming_says_on_how_many_symbols(tmp_path: Path, journal: JournalFile):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    config = load_config(path, environment={})
    once = tuple(attrs.evolve(rule, once=True) for rule in config.rules)
    daemon = Daemon(attrs.evolve(config, rules=once), journal=journal, notifier=Notifier(None))
    async with asking(daemon, journal) as room:
        for symbol in ("BTCUSDT", "ETHUSDT"):
            daemon.take(ticker(0, symbol=symbol, close=101))
        one = await room.post("/api/rearm", json={"rule": "up", "symbol": "ethusdt"})
        rest = await room.post("/api/rearm", json={"rule": "up"})
        none = await room.post("/api/rearm", json={"rule": "up"})
    assert [it.json()["rearmed"] for it in (one, rest, none)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"rule": 7}', 400),
        (b"\xff", 400),
        (b"[" * 60_000, 400),
        (b'{"rule": "upp"}', 404),
        (b'{"rule": "up", "symbol": "XRPUSDT"}', 404),
        (b" " * 70_000, 413),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(
    room: httpx.AsyncClient, body: bytes, status: int
):
    answer = await room.post("/api/rearm", content=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_body_that_never_ends_is_refused_in_the_end(
    room: httpx.AsyncClient, daemon: Daemon, autojump_clock: trio.testing.MockClock
):
    path = daemon.config_file.with_name("socket")
    async with await trio.open_unix_socket(path) as client, trio.open_nursery() as nursery:
        nursery.start_soon(_post_for_ever, client)
        assert (await client.receive_some()).startswith(b"HTTP/1.1 408")
        assert trio.current_time() == pytest.approx(5, abs=1)
        nursery.cancel_scope.cancel()


async def _post_for_ever(client: trio.SocketStream) -> None:
    head = b"POST /api/rearm HTTP/1.1\r\nHost: alertd\r\nTransfer-Encoding: chunked\r\n\r\n"
    await client.send_all(head)
    while True:
        await client.send_all(b"1\r\n \r\n")
        await trio.sleep(1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/status"),
        ("GET", "/api/rules"),
        ("GET", "/api/names"),
        ("GET", "/api/explain?rule=up"),
        ("POST", "/api/rearm"),
        ("POST", "/api/reload"),
        ("GET", "/api/history"),
        ("POST", "/api/retry"),
        ("GET", "/api/silences"),
        ("POST", "/api/silences"),
        ("DELETE", "/api/silences"),
        ("DELETE", "/api/silences/1"),
    ],
)
async def test_a_request_that_is_meant_for_another_daemon_is_refused(
    tmp_path: Path, method: str, path: str
):
    headers = {"Alertd-Config": quote("/etc/ü/config.yaml")}
    async with journaled_daemon(tmp_path) as asking:
        answer = await asking.room.request(method, path, headers=headers)
    assert answer.status_code == 421
    assert answer.json()["error"] == f"this alertd runs by {asking.daemon.config_file}"


async def test_a_request_that_is_meant_for_this_daemon_is_answered(
    room: httpx.AsyncClient, daemon: Daemon
):
    headers = {"Alertd-Config": quote(bytes(daemon.config_file))}
    assert (await room.get("/api/status", headers=headers)).status_code == 200


class FailingDaemon(Daemon):
    """A daemon with a mistake of ours in it."""

    @property
    def status(self) -> str:
        raise ValueError("s3cret")


async def test_a_mistake_of_ours_is_answered_as_such_without_what_it_says(
    tmp_path: Path, journal: JournalFile
):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    daemon = FailingDaemon(
        load_config(path, environment={}), journal=journal, notifier=Notifier(None)
    )
    async with asking(daemon, journal) as room:
        answer = await room.get("/api/status")
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "alertd failed at this, its log says how (ValueError)",
        "near": [],
    }


async def test_the_status_says_who_it_is(room: httpx.AsyncClient, daemon: Daemon):
    status = (await room.get("/api/status")).json()
    assert status["config"] == str(daemon.config_file)
    assert status["status"] == daemon.status


async def test_the_status_counts_what_fires_and_what_is_told(
    room: httpx.AsyncClient, daemon: Daemon
):
    for symbol in ("BTCUSDT", "ETHUSDT"):
        daemon.take(ticker(0, symbol=symbol, close=101))
    status = (await room.get("/api/status")).json()
    assert (status["rules"], status["firing"], status["alerts"]) == (2, 3, 3)
    assert (status["feed"]["watched"], status["feed"]["tickers"]) == (3, 2)
    assert [it["destination"] for it in status["destinations"]] == ["desk: JSON"]


async def test_only_silences_in_force_are_in_the_status(room: httpx.AsyncClient, daemon: Daemon):
    archive = daemon._archive
    for comment in ("over", "in force"):
        archive.add_silence(rule="*", symbol="*", severity=None, until_ms=2**50, comment=comment)
    archive.end_silence(1)
    status = (await room.get("/api/status")).json()
    assert [it["comment"] for it in status["silences"]] == ["in force"]


async def test_a_status_waits_for_no_ticker_for_a_minute_before_it_is_trouble(
    daemon: Daemon, autojump_clock: trio.testing.MockClock
):
    assert daemon.overview().trouble == ()
    await trio.sleep(59)
    assert daemon.overview().trouble == ()
    await trio.sleep(1)
    assert daemon.overview().trouble == ("no ticker has come for 1m",)


async def test_everything_that_may_be_named_is_told(room: httpx.AsyncClient):
    assert (await room.get("/api/names")).json() == {
        "rules": ["up", HOSTILE, "off"],
        "symbols": ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
        "channels": [],
    }


async def test_with_a_rule_only_the_symbols_that_it_watches_are_named(room: httpx.AsyncClient):
    named = (await room.get("/api/names", params={"rule": HOSTILE})).json()
    assert named["symbols"] == ["BTCUSDT"]


async def test_a_reload_is_answered_with_its_outcome(daemon: Daemon):
    path = daemon.config_file.with_name("socket")
    with listening_socket(path) as listening:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run, listening)
            transport = httpx.AsyncHTTPTransport(uds=str(path))
            async with httpx.AsyncClient(transport=transport, base_url="http://alertd") as room:
                outcome = (await room.post("/api/reload")).json()
            nursery.cancel_scope.cancel()
    assert (outcome["ok"], outcome["mistakes"]) == (True, [])
    assert outcome["summary"].startswith("reloaded: ")
