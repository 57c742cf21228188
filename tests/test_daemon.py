"""What the daemon says of itself, and which rules it gives to which symbols."""

import socket
from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from alertd import disk
from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.disk import DiskEvent
from alertd.journal.file import JournalFile
from alertd.market.feed.events import BadFrame, Disconnected, Streaming
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.observer import Observer
from alertd.systemd import Notifier

CONFIG = """
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
rules:
  - rules:
      up: {symbols: [BTCUSDT, ETHUSDT], when: {close: {crosses_above: 100}}}
      off: {symbols: SOLUSDT, when: {close: {above: 1}}, enabled: false}
"""

DEAF = Fault(Cause.DEAF, "connected, but nothing was sent", "is the route right?")


def daemon_of(tmp_path: Path, journal: JournalFile) -> Daemon:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return Daemon(load_config(path, environment={}), journal=journal, notifier=Notifier(None))


def test_the_status_counts_symbols_rules_and_alerts(tmp_path: Path, journal: JournalFile):
    daemon = daemon_of(tmp_path, journal)
    daemon.tally.on_feed(Streaming("BTCUSDT"))
    assert daemon.status == "1 of 2 symbols streaming, 1 rule, 0 alerts"


def test_the_status_says_why_symbols_are_not_seen(tmp_path: Path, journal: JournalFile):
    daemon = daemon_of(tmp_path, journal)
    daemon.tally.on_feed(Disconnected(("BTCUSDT",), DEAF, 1, 1.0))
    assert daemon.status.startswith(
        "0 of 2 symbols streaming, the last that fell silent: connected, but nothing was sent"
        " (is the route right?), "
    )


def test_the_status_forgets_a_fault_once_all_are_seen(tmp_path: Path, journal: JournalFile):
    daemon = daemon_of(tmp_path, journal)
    daemon.tally.on_feed(Disconnected(("BTCUSDT",), DEAF, 1, 1.0))
    for symbol in ("BTCUSDT", "ETHUSDT"):
        daemon.tally.on_feed(Streaming(symbol))
    assert "silent" not in daemon.status


def test_a_loss_of_alerts_cannot_be_overlooked_in_the_status(tmp_path: Path, journal: JournalFile):
    daemon = daemon_of(tmp_path, journal)
    daemon.tally.undelivered = 3
    assert daemon.status.endswith("3 NOT DELIVERED")


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.02)


async def test_the_service_manager_is_told_how_it_goes_again_and_again(
    tmp_path: Path, journal: JournalFile, clock
):
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG + "feed: {url: 'ws://127.0.0.1:9/market'}\n")
    address = str(tmp_path / "notify")
    with trio.socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        await manager.bind(address)
        daemon = Daemon(
            load_config(path, environment={}), journal=journal, notifier=Notifier(address)
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run)
            told = [(await manager.recv(1000)).decode() for _ in range(3)]
            daemon.stop()
    assert told[0].startswith("READY=1\n")
    assert all(later.startswith("STATUS=0 of 2 symbols streaming") for later in told[1:])
    assert "Connection refused" in told[2]
    assert trio.current_time() >= 20


async def test_its_heartbeat_ceases_when_no_ticker_comes(
    tmp_path: Path, journal: JournalFile, clock
):
    called_s: list[float] = []

    async def take(stream: trio.SocketStream) -> None:
        called_s.append(trio.current_time())
        await stream.receive_some(4096)
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    path = tmp_path / "config.yaml"
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, take, 0, host="127.0.0.1"))
        port = listeners[0].socket.getsockname()[1]
        path.write_text(
            CONFIG
            + "feed: {url: 'ws://127.0.0.1:9/market', alert_after: 90s}\n"
            + f"heartbeat: {{url: 'http://127.0.0.1:{port}/', every: 1m}}\n"
        )
        daemon = Daemon(load_config(path, environment={}), journal=journal, notifier=Notifier(None))
        nursery.start_soon(daemon.run)
        await trio.sleep(170)
        nursery.cancel_scope.cancel()
    assert [round(at - called_s[0]) for at in called_s] == [0, 60]


async def test_a_disk_that_is_nearly_full_is_told_to_its_observers(
    tmp_path: Path, journal: JournalFile, monkeypatch: pytest.MonkeyPatch
):
    class Notes(Observer):
        def on_disk(self, event: DiskEvent) -> None:
            assert (event.folder, event.is_low) == (journal.path.parent, True)
            daemon.stop()

    # Any disk is nearly full, by this.
    monkeypatch.setattr(disk, "_LITTLE", 2**80)
    monkeypatch.setattr(disk, "_LITTLE_SHARE", 2)
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG + "feed: {url: 'ws://127.0.0.1:9/market'}\n")
    daemon = Daemon(
        load_config(path, environment={}),
        journal=journal,
        observers=[Notes()],
        notifier=Notifier(None),
    )
    with trio.fail_after(20):
        await daemon.run()


def test_the_account_counts_what_was_dropped_too(tmp_path: Path, journal: JournalFile):
    daemon = daemon_of(tmp_path, journal)
    daemon.tally.on_feed(BadFrame(("BTCUSDT",), "garbage", 1))
    daemon.tally.delivered = 2
    assert daemon.account == (
        "0 tickers, 0 alerts, 2 delivered, 0 not delivered, 1 bad frame skipped,"
        " 0 late tickers dropped,"
        " 0 events not alerted"
    )
