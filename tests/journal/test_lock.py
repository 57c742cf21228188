"""Two daemons never share a journal, and a dead one is in nobody's way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alertd.journal.faults import JournalError
from alertd.journal.file import JournalFile

HOLDER = (
    "import sys, time; from pathlib import Path; from alertd.journal.file import JournalFile; "
    "JournalFile(Path(sys.argv[1])).open(); print('open', flush=True); sys.stdin.read()"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


def test_a_second_one_is_refused_and_told_by_whom(path: Path):
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(JournalError, match=f"in use by process {holder.pid}: .* stop that one"):
            JournalFile(path).open()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        after = JournalFile(path)
        assert after.open() == ()
        after.close()


def test_another_name_of_the_same_journal_is_no_way_around(tmp_path: Path, path: Path):
    first = JournalFile(path)
    first.open()
    alias = tmp_path / "alias"
    alias.symlink_to(tmp_path)
    (tmp_path / "other.db").symlink_to(path)
    for name in (alias / "alertd.db", tmp_path / "other.db"):
        with pytest.raises(JournalError, match=f"in use by process {os.getpid()}"):
            JournalFile(name).open()
    first.close()


def test_it_is_free_again_after_a_stop(path: Path):
    for _ in range(2):
        file = JournalFile(path)
        assert file.open() == ()
        file.close()


def test_another_journal_is_not_locked(tmp_path: Path):
    files = [JournalFile(tmp_path / name) for name in ("a.db", "b.db")]
    assert [file.open() for file in files] == [(), ()]
    for file in files:
        file.close()
