"""The daemon records as a process: what it has seen is there, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import trio
import trio.testing
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.market.past.recorded.reel import recording_reel
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.systemd import Notifier
from tests.delivery.receivers import HttpReceiver, http_receiver
from tests.market.past.recorded.recordings import HOUR_S, read, tick
from tests.processes import running_daemon
from tests.test_run_reload import reloads, told_of

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{crosses_above: 100}}}}}}
record: {record}
"""
# One flush, another, and the end that no program can do anything about.
KILLED = """
import os, pathlib, signal, sys
from alertd.market.past.recorded.writer import RecordingWriter
from tests.market.past.recorded.recordings import HOUR_S, tick
writer = RecordingWriter(pathlib.Path(sys.argv[1]))
writer.write([tick(0), tick(1)], HOUR_S)
writer.write([tick(2)], HOUR_S + 5)
os.kill(os.getpid(), signal.SIGKILL)
"""


def closes(folder: Path) -> list[float]:
    """What was recorded in a folder."""
    return [ticker.close for ticker in recording_reel(list(folder.iterdir())).tickers()]


def configured(folder: Path, text: str) -> None:
    """Write the configuration anew, its exchange left as it was."""
    path = folder / "config.yaml"
    before = path.read_text().partition("record:")[0]
    path.write_text(f"{before}record: {text}\n")


async def test_a_daemon_that_is_stopped_has_recorded_all_that_it_saw(tmp_path: Path):
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url(), record="tapes")
        async with running_daemon(tmp_path, config) as daemon:
            await daemon.sees(99, 98, 101)
            await desk.received.expect(1)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
    assert closes(tmp_path / "tapes") == [99, 98, 101]
    assert "tapes: 3 tickers" not in (log := daemon.log.read_text())
    assert ".jsonl.zst: 3 tickers, " in log


async def test_a_reload_begins_to_record_and_ends_it(tmp_path: Path):
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url(), record="off")
        async with running_daemon(tmp_path, config) as daemon:
            await told_of(daemon, "READY=1")
            await daemon.sees(99, 101)
            await desk.received.expect(1)
            configured(tmp_path, "{folder: tapes, keep: 1d}")
            await reloads(daemon)
            await daemon.sees(99, 102, from_s=2)
            await desk.received.expect(2)
            configured(tmp_path, "off")
            await reloads(daemon)
            await daemon.sees(99, 103, from_s=4)
            await desk.received.expect(3)
            daemon.process.send_signal(signal.SIGTERM)
            assert await daemon.ends() == 0
    assert closes(tmp_path / "tapes") == [99, 102]
    assert "reloaded: record changed; " in daemon.log.read_text()


def test_what_was_flushed_outlives_a_kill_and_the_next_process_leaves_it_alone(tmp_path: Path):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], env=os.environ | {"PYTHONPATH": "."}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    (path,) = tmp_path.iterdir()
    left = path.read_bytes()
    writer = RecordingWriter(tmp_path)
    writer.write([tick(3)], HOUR_S)
    writer.end()
    assert path.read_bytes() == left
    assert read(tmp_path) == [tick(0), tick(1), tick(2), tick(3)]


async def test_a_recording_that_cannot_be_written_is_told_to_people_and_stops_nothing(
    tmp_path: Path, journal: JournalFile, mock_clock: MockClock
):
    (tmp_path / "tapes").touch()
    with http_receiver() as desk:
        path = tmp_path / "config.yaml"
        text = CONFIG.format(desk=desk.url(), record="tapes")
        text = text.replace('{exchange}/market"', '9/market", alert_after: 1h')
        path.write_text(f"{text}system: desk\n")
        daemon = Daemon(load_config(path, environment={}), journal=journal, notifier=Notifier(None))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run)
            await daemon.ready.wait()
            daemon.take(tick(0, close=99.0))
            await told_by(desk, "nothing is recorded", mock_clock)
            assert "NOTHING IS RECORDED: not a directory" in daemon.status
            daemon.take(tick(1, close=101.0))
            (tmp_path / "tapes").unlink()
            await told_by(desk, "the recording goes on", mock_clock)
            assert "NOTHING IS RECORDED" not in daemon.status
            daemon.stop()
    # The alert has not waited for it.
    assert "BTCUSDT close crossed above 100" in desk.titles()
    assert read(tmp_path / "tapes") == [tick(0, close=99.0), tick(1, close=101.0)]


async def told_by(desk: HttpReceiver, title: str, clock: MockClock) -> None:
    """Let time go on until this has arrived."""
    while f"alertd: {title}" not in desk.titles():
        clock.jump(5)
        await trio.testing.wait_all_tasks_blocked(0.02)
