"""Opening the journal's file: safe against a power cut, brought up to the newest schema.

The settings are SQLite's own advice for durability (https://sqlite.org/pragma.html#pragma_synchronous):
with a write-ahead log and FULL, what was committed is on the disk when the commit returns.
"""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

from alertd.journal.faults import JournalError, in_words
from alertd.journal.store import Store

# What tells its files from those of other programs: https://sqlite.org/pragma.html#pragma_application_id
APPLICATION = int.from_bytes(b"alrt", "big")
# For whoever only looks: the daemon writes often, and never for long.
_BUSY_READING_S = 5.0
# For the daemon, which has better ways to wait for somebody who holds the file.
_BUSY_WRITING_S = 1.0
# A write-ahead log that has grown in a flood is cut back to this when it is written over.
_LOG_BYTES = 8 << 20


def connect(path: Path) -> sqlite3.Connection:
    """Return the journal at `path`, which is made if there is none.

    The connection may be used from one thread at a time, whichever that is. Raises `JournalError`
    for one that a newer alertd wrote, `sqlite3.Error`.
    """
    connection = _open(path.resolve().as_uri(), busy_s=_BUSY_WRITING_S)
    try:
        _expect_ours(connection, path)
        _set_up(connection)
        _migrate(connection)
        # What a process before this one wrote, and was killed before it had it synced, can be read,
        # and will be sent: from now on it is on the disk.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    except (JournalError, sqlite3.Error):
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Return the journal at `path`, of which nothing is changed. Raises `JournalError`, `sqlite3.Error`."""
    connection = _open(f"{path.resolve().as_uri()}?{_way_to_read(path)}")
    try:
        _expect_version(connection, path)
    except (JournalError, sqlite3.Error):
        connection.close()
        raise
    return connection


@contextmanager
def reading(path: Path) -> Generator[Store]:
    """Give the journal at `path` to whoever only reads it, beside a daemon that writes.

    Raises `JournalError` where there is none, and where it cannot be read: from the block too.
    """
    if not path.is_file():
        raise JournalError(f"there is no journal {path}")
    try:
        with closing(connect_to_read(path)) as connection:
            yield Store(connection)
    except sqlite3.Error as error:
        raise JournalError(f"the journal {path} cannot be read: {in_words(error)}") from error


def connect_somehow(path: Path) -> sqlite3.Connection:
    """Return the journal at `path` to read from, on a disk where nothing can be written.

    Nobody else may have it open. Raises `JournalError`, `sqlite3.Error`.
    """
    try:
        return connect_to_read(path)
    except sqlite3.OperationalError:
        # Whoever has it alone needs no file for what others would have to know.
        connection = _open(f"{path.resolve().as_uri()}?mode=rw")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            _expect_version(connection, path)
        except (JournalError, sqlite3.Error):
            connection.close()
            raise
        return connection


def in_memory() -> Store:
    """Return an empty journal, which is nowhere."""
    connection = _open("file::memory:")
    _migrate(connection)
    return Store(connection)


def migrations() -> list[str]:
    """Return the scripts that bring a journal from each version to the next, from nothing on."""
    folder = resources.files("alertd.journal") / "schema"
    scripts = sorted(folder.iterdir(), key=lambda script: script.name)
    return [script.read_text() for script in scripts if script.name.endswith(".sql")]


def _way_to_read(path: Path) -> str:
    # Reading needs a file beside it too, but not where nobody writes and nothing is in a log.
    has_log = path.with_name(f"{path.name}-wal").exists()
    return "mode=ro" if has_log or os.access(path.parent, os.W_OK) else "immutable=1"


def _open(uri: str, *, busy_s: float = _BUSY_READING_S) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False
    )


def _set_up(connection: sqlite3.Connection) -> None:
    if not connection.execute("PRAGMA page_count").fetchone()[0]:
        # It is being made: its free pages can then be given back bit by bit.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")


def _migrate(connection: sqlite3.Connection) -> None:
    before = _version(connection)
    for number, script in enumerate(migrations()[before:], before + 1):
        # A script and the version that it makes are one transaction: a crash leaves none or both.
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA application_id = {APPLICATION}; "
            f"PRAGMA user_version = {number}; COMMIT;"
        )


def _expect_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse what alertd did not write, and what a newer one did, before anything of it is changed."""
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    if kind != APPLICATION and not _is_empty(connection):
        raise JournalError(f"{path} is another program's database, no journal: use another file")
    version, newest = _version(connection), len(migrations())
    if version > newest:
        raise JournalError(
            f"the journal {path} was written by a newer alertd (its version is {version}, "
            f"this one knows {newest}): use that one, or another file"
        )


def _expect_version(connection: sqlite3.Connection, path: Path) -> None:
    _expect_ours(connection, path)
    if _is_empty(connection):
        raise JournalError(f"the journal {path} is empty: nothing could be written to it yet")
    if _version(connection) < len(migrations()):
        raise JournalError(
            f"the journal {path} was written by an older alertd: start the daemon, which brings it up to date"
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return not tables


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
