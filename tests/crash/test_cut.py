"""The tool, on a small program: it ends it where it is told to, and a power cut takes what it may."""

import random
import shutil
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.cutting import Cut, Side, Tools, kind_of
from tests.crash.power import cut_power, partly

PROGRAM = Path(__file__).with_name("small_program.py")
COUNT = 3


class Receiver(socketserver.ThreadingTCPServer):
    """Keeps the numbers that arrived whole, and answers each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.numbers: list[int] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline()
        if line.endswith(b"\n"):
            assert isinstance(self.server, Receiver)
            self.server.numbers.append(int(line))
            self.wfile.write(b"ok")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def tools(library: Path, tmp_path: Path) -> Tools:
    (tmp_path / "state").mkdir()
    return Tools(library, tmp_path / "state" / "small.db", tmp_path / "steps", tmp_path / "undo")


def run(tools: Tools, receiver: Receiver, cut: Cut | None, *, synchronous: str = "FULL") -> int:
    """Run the program, and return its exit status."""
    return subprocess.run(
        [
            sys.executable,
            str(PROGRAM),
            str(tools.journal),
            str(receiver.port),
            str(COUNT),
            synchronous,
        ],
        env=tools.environment(cut, ports=[receiver.port]),
        check=False,
        timeout=20,
    ).returncode


def kept_numbers(journal: Path) -> set[int]:
    connection = sqlite3.connect(journal)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        ).fetchall()
        rows = connection.execute("SELECT number FROM message") if tables else ()
        return {number for (number,) in rows}
    finally:
        connection.close()


def test_steps_are_what_changes_the_files_and_what_speaks_to_the_receiver(
    tools: Tools, receiver: Receiver
):
    assert run(tools, receiver, None) == 0
    steps = tools.take_steps()
    port = receiver.port
    assert steps[0] == "create small.db"
    assert steps[-1] == "unlink small.db-wal"
    assert steps.count("sync small.db-wal") >= 2 * COUNT
    sending = [f"connect {port}", f"send {port}", f"receive {port}", f"close {port}"]
    assert [step for step in steps if step.endswith(str(port))] == sending * COUNT


@pytest.mark.parametrize("side", Side)
def test_the_process_ends_at_the_step_that_it_was_told(
    tools: Tools, receiver: Receiver, side: Side
):
    assert run(tools, receiver, Cut("sync small.db-wal", 3, side)) == -signal.SIGKILL
    steps = tools.take_steps()
    assert steps.count("sync small.db-wal") == 3
    assert steps[-1] == "sync small.db-wal"


def test_before_half_and_after_a_write_the_file_has_none_half_and_all_of_it(
    tools: Tools, receiver: Receiver
):
    sizes = []
    for side in Side:
        begin_anew(tools, receiver)
        run(tools, receiver, Cut("write small.db-wal", 1, side))
        sizes.append(tools.journal.with_name("small.db-wal").stat().st_size)
    assert sizes == [0, 16, 32]  # a write-ahead log's header


def test_half_a_message_has_not_arrived_and_a_whole_one_has(tools: Tools, receiver: Receiver):
    arrived = []
    for side in Side:
        begin_anew(tools, receiver)
        run(tools, receiver, Cut("send ", 1, side))
        assert run(tools, receiver, None) == 0
        arrived.append(receiver.numbers.count(1))
    assert arrived == [1, 1, 2]


def all_ends(tools: Tools, receiver: Receiver, synchronous: str) -> Iterator[set[int]]:
    """End the program at every step with the power going too; yield which messages were lost each time."""
    run(tools, receiver, None, synchronous=synchronous)
    draw = random.Random(1)  # noqa: S311 - a draw that can be repeated
    for kind, count in Counter(map(kind_of, tools.take_steps())).items():
        for step in range(1, count + 1):
            begin_anew(tools, receiver)
            run(tools, receiver, Cut(kind, step, Side.AFTER), synchronous=synchronous)
            cut_power(tools.journal, tools.undo, partly(draw))
            yield set(receiver.numbers) - kept_numbers(tools.journal)


def begin_anew(tools: Tools, receiver: Receiver) -> None:
    shutil.rmtree(tools.journal.parent)
    tools.journal.parent.mkdir()
    tools.take_steps()
    tools.undo.unlink(missing_ok=True)
    receiver.numbers.clear()


def test_no_power_cut_takes_from_a_program_that_syncs_what_it_has_sent(
    tools: Tools, receiver: Receiver
):
    losses = list(all_ends(tools, receiver, "FULL"))
    assert len(losses) > 30
    assert not any(losses)


def test_a_program_that_does_not_sync_before_it_sends_is_found_out(
    tools: Tools, receiver: Receiver
):
    assert any(all_ends(tools, receiver, "NORMAL"))
