"""How long a restart takes, and what the daemon weighs, with much or little in its journal."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import attrs

from benchmarks.delivery.figures import head, row
from benchmarks.delivery.kept import Kept, keep
from benchmarks.delivery.market import SYMBOLS
from benchmarks.delivery.receivers import closed_port
from benchmarks.readers import resident_mib

RULES = 100
_HEAD = """
journal: alertd.db
feed: {{url: "ws://127.0.0.1:9/market", rest_url: "http://127.0.0.1:9"}}
channels: {{desk: "{url}"}}
defaults: {{notify: desk, symbols: {symbols}}}
rules:
  - rules:
"""
# Twenty of each, and none that the walk brings true.
_KINDS = (
    "close: {{above: {level}}}",
    "close: {{rises: {percent}%, within: 5m}}",
    "close: {{falls: {percent}%, within: 1h}}",
    "close: {{moves: {percent}%, within: 24h}}",
    "close: {{crosses_every: {level}}}",
)
_SETTLES_S = 3.0

EMPTY = Kept()
FULL = Kept(waiting=10_000, with_memories=True, with_a_day=True)
JOURNALS = {
    "empty": EMPTY,
    "1,000 waiting deliveries": Kept(waiting=1000),
    "10,000 waiting deliveries": Kept(waiting=10_000),
    f"{RULES * len(SYMBOLS):,} memories": Kept(with_memories=True),
    "a day of recent tickers": Kept(with_a_day=True),
    "10,000, and all of this": FULL,
}


@attrs.frozen
class Start:
    """How long a start took, by the clock and of CPU; what was resident then, and a moment later."""

    seconds: float
    cpu_s: float
    mebibytes: float
    later_mebibytes: float


def configure(folder: Path, url: str) -> Path:
    """Write a configuration: rules of several kinds, on every symbol."""
    text = _HEAD.format(url=url, symbols=list(SYMBOLS))
    for number in range(RULES):
        kind = _KINDS[number % len(_KINDS)]
        when = kind.format(level=10_000 + number, percent=50 + number / 10)
        text += f"      rule-{number}:\n        when:\n          {when}\n"
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def start(config: Path) -> Start:
    """Start the daemon until it says that it is ready, and a moment longer."""
    address = str(config.with_name("notify"))
    variables = {"NOTIFY_SOCKET": address, "XDG_RUNTIME_DIR": "", "RUNTIME_DIRECTORY": ""}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(60)
        began_s = time.perf_counter()
        daemon = subprocess.Popen(
            [sys.executable, "-m", "alertd", "run", "--config", str(config)],
            env=os.environ | variables,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert manager.recv(1000).startswith(b"READY=1")
            seconds, cpu_s = time.perf_counter() - began_s, _cpu_s(daemon.pid)
            mebibytes = resident_mib(daemon.pid)
            time.sleep(_SETTLES_S)
            return Start(seconds, cpu_s, mebibytes, resident_mib(daemon.pid))
        finally:
            daemon.kill()
            daemon.wait()


def start_with(what: Kept, rounds: int) -> tuple[Start, float]:
    """Return the median start on such a journal, and its size in MiB."""
    with TemporaryDirectory() as folder, closed_port() as url:
        config = configure(Path(folder), url)
        keep(config, what)
        journal = config.with_name("alertd.db")
        size = journal.stat().st_size / 2**20
        starts = [_start_on_a_copy(config, journal, Path(folder, str(it))) for it in range(rounds)]
    columns = zip(*map(attrs.astuple, starts), strict=True)
    return Start(*map(median, columns)), size


def _start_on_a_copy(config: Path, journal: Path, folder: Path) -> Start:
    folder.mkdir()
    shutil.copy(journal, folder)
    return start(Path(shutil.copy(config, folder)))


def measure(rounds: int) -> None:
    """Print it."""
    head(
        f"A restart, {RULES} rules on {len(SYMBOLS)} symbols",
        "seconds",
        "CPU s",
        "MiB",
        "later",
        "file",
    )
    for name, what in JOURNALS.items():
        it, size = start_with(what, rounds)
        times = f"{it.seconds:.2f}", f"{it.cpu_s:.2f}"
        row(name, *times, f"{it.mebibytes:.0f}", f"{it.later_mebibytes:.0f}", f"{size:.1f}")


def _cpu_s(process: int) -> float:
    """Return the CPU time of a process: the 14th and the 15th field, by proc(5)."""
    after_its_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_its_name[11]) + int(after_its_name[12])) / os.sysconf("SC_CLK_TCK")
