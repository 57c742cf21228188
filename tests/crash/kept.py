"""What the journal on the disk says, for sure, power cut or not."""

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from shutil import copy

import attrs

from tests.crash.power import cut_power

# Of the file itself, and of those that SQLite and the daemon's lock have beside it.
_ENDINGS = ("", "-wal", "-shm", "-journal", ".lock")


@attrs.frozen
class Kept:
    """The alerts in a journal, and which of them were marked as delivered: (destination, number).

    `waiting` deliveries have not come to an end; `damage` is what SQLite finds wrong with the file.
    """

    alerts: Mapping[int, str] = attrs.field(factory=dict)
    delivered: frozenset[tuple[str, int]] = frozenset()
    waiting: int = 0
    damage: str = ""


def read_journal(journal: Path, undo: Path | None) -> Kept:
    """Return what the disk has of a journal for sure, by the log of its changes.

    Without that log, what a process would find in it. It is read from a copy, as opening it mends it.
    """
    with tempfile.TemporaryDirectory() as folder:
        copied, changes = Path(folder) / journal.name, Path(folder) / "undo"
        others = set()
        for path in journal.parent.glob(f"{journal.name}*"):
            copy(path, folder)
            others |= {path.name} - {journal.name + ending for ending in _ENDINGS}
        if others:
            return Kept(damage=f"a journal was laid aside: {others}")
        if undo is not None and undo.exists():
            copy(undo, changes)
        cut_power(copied, changes, lambda: False)
        try:
            with closing(sqlite3.connect(copied)) as connection:
                return _read(connection)
        except sqlite3.DatabaseError as error:
            return Kept(damage=str(error))


def _read(connection: sqlite3.Connection) -> Kept:
    (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if found != "ok" or version == 0:
        return Kept(damage="" if found == "ok" else found)
    alerts = connection.execute("SELECT number, rule, state FROM alert WHERE rule != 'alertd'")
    delivered = connection.execute(
        "SELECT destination, alert FROM delivery WHERE status = 'delivered'"
    )
    (waiting,) = connection.execute(
        "SELECT count(*) FROM delivery WHERE status = 'waiting'"
    ).fetchone()
    return Kept(
        {number: f"{rule} {state}" for number, rule, state in alerts},
        frozenset((destination.partition("/")[0], alert) for destination, alert in delivered),
        waiting,
    )
