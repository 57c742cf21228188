"""Opening the journal's file: safe against a power cut, brought up to the newest schema.

The settings are SQLite's own advice for durability (https://sqlite.org/pragma.html#pragma_synchronous):
with a write-ahead log and FULL, what was committed is on the disk when the commit returns.
"""

import sqlite3
from importlib import resources
from pathlib import Path

# For whoever only looks: the daemon writes often, and never for long.
_BUSY_S = 5.0


class JournalError(Exception):
    """The journal cannot be used; its text says why, and what to do."""


def open_journal(path: Path) -> sqlite3.Connection:
    """Return the journal at `path`, which is made if there is none. Raises `JournalError`.

    The connection may be used from one thread at a time, whichever that is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        _set_up(connection)
        _migrate(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"the journal {path} cannot be used: {_in_words(error)}") from error
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def migrations() -> list[str]:
    """Return the scripts that bring a journal from each version to the next, from nothing on."""
    folder = resources.files("alertd.journal") / "schema"
    scripts = sorted(folder.iterdir(), key=lambda script: script.name)
    return [script.read_text() for script in scripts if script.name.endswith(".sql")]


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    scripts = migrations()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(scripts):
        raise JournalError(
            f"the journal {path} was written by a newer alertd (its version is {version}, "
            f"this one knows {len(scripts)}): use that one, or another file"
        )
    for number, script in enumerate(scripts[version:], version + 1):
        # A script and the version that it makes are one transaction: a crash leaves none or both.
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
        )


def _in_words(error: OSError | sqlite3.Error) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)
