"""What the journal on the disk says, without touching it."""

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from shutil import copy

import attrs


@attrs.frozen
class Kept:
    """The alerts in a journal, and which were marked as delivered: (destination, number).

    `damage` is what SQLite finds wrong with the file.
    """

    alerts: Mapping[int, str] = attrs.field(factory=dict)
    delivered: frozenset[tuple[str, int]] = frozenset()
    damage: str = ""


def read_journal(journal: Path) -> Kept:
    """Return what a process would find that opened the journal now: from a copy, as opening mends it."""
    with tempfile.TemporaryDirectory() as folder:
        for path in journal.parent.glob(f"{journal.name}*"):
            if not path.name.endswith("-shm"):
                copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / journal.name)) as connection:
            return _read(connection)


def _read(connection: sqlite3.Connection) -> Kept:
    (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if found != "ok" or version == 0:
        return Kept(damage="" if found == "ok" else found)
    alerts = connection.execute("SELECT number, rule, state FROM alert")
    delivered = connection.execute(
        "SELECT destination, alert FROM delivery WHERE status = 'delivered'"
    )
    return Kept(
        {number: f"{rule} {state}" for number, rule, state in alerts},
        frozenset((destination.partition("/")[0], alert) for destination, alert in delivered),
    )
