"""Ctrl-C at any time: `alertd run` ends cleanly, and says nothing that frightens."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from tests.processes import PATIENCE_S, running_daemon

CONFIG = """
feed: {url: "ws://127.0.0.1:{exchange}/market"}
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
rules:
  - rules:
      up: {symbols: BTCUSDT, when: {close: {crosses_above: 100}}}
"""
# Killed by the signal, which a shell shows as 130: right as long as there is nothing to end.
KILLED = -signal.SIGINT


async def leaves_python_s_own_handler(pid: int) -> None:
    """Wait until SIGINT is no longer caught: the interpreter has started, and so has `run`."""
    caught_before = False
    with trio.fail_after(PATIENCE_S):
        while not (caught_before and not catches_sigint(pid)):
            caught_before = caught_before or catches_sigint(pid)
            await trio.sleep(0.001)


def catches_sigint(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (mask,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(mask, 16) & 1 << signal.SIGINT - 1)


@pytest.mark.parametrize("after_s", [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.6])
async def test_an_interrupt_at_any_time_of_the_start_ends_it_cleanly(
    after_s: float, tmp_path: Path
):
    async with running_daemon(tmp_path, CONFIG) as daemon:
        await leaves_python_s_own_handler(daemon.process.pid)
        await trio.sleep(after_s)
        daemon.process.send_signal(signal.SIGINT)
        assert await daemon.ends() in (0, KILLED)
        assert "Traceback" not in daemon.log.read_text()


async def test_an_interrupt_of_a_daemon_that_is_ready_ends_it_with_status_0(tmp_path: Path):
    async with running_daemon(tmp_path, CONFIG) as daemon:
        assert (await daemon.told()).startswith("READY=1")
        daemon.process.send_signal(signal.SIGINT)
        assert await daemon.ends() == 0
        assert "Traceback" not in daemon.log.read_text()


EMBEDDED = """
import os, signal, sys, trio
from pathlib import Path
from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.signals import run_until_signalled
from alertd.systemd import Notifier

config = load_config(Path(sys.argv[1]), environment=os.environ)
journal = JournalFile(config.journal)
journal.open()
daemon = Daemon(config, journal=journal, notifier=Notifier.from_environment({}))

async def run():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(run_until_signalled, daemon)
        await trio.testing.wait_all_tasks_blocked()
        print("ready", flush=True)

import trio.testing
trio.run(run, restrict_keyboard_interrupt_to_checkpoints=sys.argv[2] == "on")
"""


@pytest.mark.parametrize("restricted", ["off", "on"])
def test_trio_s_own_way_with_interrupts_makes_no_difference(restricted: str, tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.replace("{exchange}", "9"))
    with subprocess.Popen(
        [sys.executable, "-c", EMBEDDED, str(config), restricted],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "Traceback" not in errors
