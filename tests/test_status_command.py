"""`alertd status` beside a running daemon: once, as data, and live on a terminal."""

import json
import os
import signal
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import trio
from click.testing import CliRunner, Result

from alertd.cli import main
from tests.delivery.receivers import Answer, http_receiver
from tests.processes import Running, running_daemon
from tests.terminals import Terminal, on_terminal

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{above: 100}}}}}}
      far: {{symbols: [BTCUSDT, ETHUSDT], when: {{close: {{above: 1000}}}}}}
"""
PATIENCE_S = 20


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Running]:
    """One whose rule `up` has fired, and whose alert was taken."""
    with http_receiver() as desk:
        config = CONFIG.format(desk=desk.url())
        async with running_daemon(tmp_path, config, listed=("BTCUSDT", "ETHUSDT")) as running:
            await running.told()
            await running.sees(99, 101)
            await desk.received.expect(1)
            yield running


async def status(folder: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"XDG_RUNTIME_DIR": "", "COLUMNS": "80"})
    named = ["status", "--config", str(folder / "config.yaml"), *arguments]
    return await trio.to_thread.run_sync(partial(runner.invoke, main, named))


async def test_elsewhere_than_on_a_terminal_it_is_said_once(tmp_path: Path, daemon: Running):
    said = await status(tmp_path)
    assert (said.exit_code, said.stderr) == (0, "")
    lines = [" ".join(it.split()) for it in said.stdout.splitlines()]
    assert lines[0].startswith("alertd 0.1.0 · all is well · for ")
    assert "ETHUSDT: not seen: no ticker has come yet" in lines
    assert "up firing 1 BTCUSDT" in lines
    assert "far quiet 890.10% BTCUSDT of 2: close 101" in lines
    assert any(it.startswith("desk: JSON 0 well, last delivered ") for it in lines)
    assert lines[-1].endswith("BTCUSDT close 101, above 100 · desk: JSON delivered")


async def test_programs_have_it_as_data(tmp_path: Path, daemon: Running):
    said = await status(tmp_path, "--json")
    told = json.loads(said.stdout)
    assert said.exit_code == 0
    assert told["status"]["trouble"] == []
    assert told["status"]["feed"]["streaming"] == 1
    assert (told["status"]["rules"], told["status"]["firing"]) == (2, 1)
    assert [it["rule"] for it in told["rules"]["rules"]] == ["up", "far"]
    assert [it["title"] for it in told["alerts"]] == ["BTCUSDT close 101, above 100"]


async def test_where_something_is_wrong_the_exit_status_is_1(tmp_path: Path):
    refusing = Answer(status=401)
    with http_receiver(refusing) as desk:
        config = CONFIG.format(desk=desk.url())
        async with running_daemon(tmp_path, config, listed=("BTCUSDT", "ETHUSDT")) as running:
            await running.told()
            await running.sees(99, 101)
            with trio.fail_after(PATIENCE_S):
                while (said := await status(tmp_path)).exit_code == 0:
                    await trio.lowlevel.checkpoint()
    assert said.exit_code == 1
    assert "1 trouble ·" in said.stdout
    assert "  desk: JSON refuses alerts: " in said.stdout


async def test_where_none_runs_it_is_said_and_the_exit_status_is_1(tmp_path: Path):
    (tmp_path / "config.yaml").write_text("")
    for arguments in ((), ("--json",), ("--once",)):
        said = await status(tmp_path, *arguments)
        assert (said.exit_code, said.stdout) == (1, "")
        assert said.stderr.startswith(f"alertd is not running by {tmp_path}/config.yaml: nobody")


@contextmanager
def live_status(folder: Path, *arguments: str) -> Generator[Terminal]:
    command = ("status", "--watch", "0.2", *arguments, "--config", str(folder / "config.yaml"))
    with on_terminal(*command) as terminal:
        yield terminal


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_on_a_terminal_it_goes_on_until_it_is_ended(
    tmp_path: Path, daemon: Running, number: signal.Signals
):
    with live_status(tmp_path) as terminal:
        frame = await trio.to_thread.run_sync(terminal.read_until, "tickers/s")
        assert "up " in frame
        os.kill(terminal.pid, number)
        assert await trio.to_thread.run_sync(terminal.ends) == 0
    # The terminal has its own screen, and its cursor, again.
    assert terminal.text.rindex("\x1b[?1049l") > terminal.text.rindex("\x1b[?1049h")
    assert "\x1b[?25h" in terminal.text


async def test_a_daemon_that_goes_away_is_looked_for_and_its_end_is_the_exit_status(
    tmp_path: Path, daemon: Running
):
    with live_status(tmp_path) as terminal:
        await trio.to_thread.run_sync(terminal.read_until, "up ")
        daemon.process.terminate()
        frame = await trio.to_thread.run_sync(terminal.read_until, "looking again")
        assert "alertd is not running by" in frame
        os.kill(terminal.pid, signal.SIGINT)
        assert await trio.to_thread.run_sync(terminal.ends) == 1


async def test_it_fits_a_terminal_whose_size_changes_at_once(tmp_path: Path, daemon: Running):
    with live_status(tmp_path, "--watch", "60") as terminal:
        await trio.to_thread.run_sync(terminal.read_until, "last alerts")
        terminal.resize(40, 140)
        frame = await trio.to_thread.run_sync(terminal.read_until, "last alert (UTC)")
        os.kill(terminal.pid, signal.SIGINT)
        await trio.to_thread.run_sync(terminal.ends)
    assert "last alert (UTC)" in frame
