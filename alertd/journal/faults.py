"""What can be wrong with a journal: whose fault it is, and in which words it is told."""

import errno
import sqlite3


class JournalError(Exception):
    """The journal cannot be used until a person has done something; its text says what."""


class UnwrittenError(Exception):
    """The machine's fault: nothing can be written now. Its text says why."""


class DamagedRowError(sqlite3.DatabaseError):
    """A row of which SQLite knows no harm is not what was written: its text says what it is of."""


# What somebody has arranged wrongly. The rest (a full disk, one that turned read-only or fails) comes by
# itself, at 3 in the morning, and must not keep a daemon from starting.
_ARRANGED = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.ELOOP,
        errno.ENAMETOOLONG,
    }
)
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_PASSING = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another process holds it locked",
    sqlite3.SQLITE_READONLY: "it cannot be written to: the disk or the file is read-only",
    sqlite3.SQLITE_IOERR: "the disk fails",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}


def is_arranged(error: OSError) -> bool:
    """Tell whether a person has to do something about it."""
    return error.errno in _ARRANGED


def is_damage(error: Exception) -> bool:
    """Tell whether the file is no longer what it was, so that trying again is of no use."""
    if isinstance(error, DamagedRowError):
        return True
    # Our sentences are right for our tables: where there are none, somebody has changed the file. And
    # no text is written but in UTF-8.
    text = str(error)
    return _code(error) in _DAMAGE or "no such table" in text or "decode to UTF-8" in text


def is_passing(error: Exception) -> bool:
    """Tell whether the connection is as good as ever, and only has to be tried again."""
    return _code(error) in _PASSING


def in_words(error: Exception) -> str:
    """Return why the journal cannot be used, for people."""
    if isinstance(error, OSError):
        why = (error.strerror or str(error)).lower()
        return f"{why}: {error.filename}" if error.filename else why
    words = "it is damaged" if is_damage(error) else _WORDS.get(_code(error))
    return f"{words} ({error})" if words else str(error)


def _code(error: Exception) -> int:
    """Return the primary one of SQLite's codes, 0 for what is not SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
