"""The journal's file, on good days and on bad ones.

Theory of operation. Nothing here ever gives up, and nothing is ever deleted:

- What passes (a full disk, a file that another process holds) is told to whoever wanted to write,
  who tries again.
- What is the machine's fault at the start (a disk that is full, read-only or fails) does not keep a
  daemon from starting. Until the file can be opened, `store` is that file as far as it can be read,
  or else an empty one in memory; nothing is written, and each attempt to write tries to open it.
- A file that is damaged is laid aside whole, and a new one is begun. At the start what it needs is saved
  out of the old one; later everything that matters is in memory.
- A file that somebody deletes, moves or replaces while it is open would take all that is written to
  it along. It is noticed before each writing, and a new one is begun.
- What a person has to put right (another daemon's journal, a newer alertd's, no right to write) refuses
  a start, with words.

Numbers that were given are never given again: a new file goes on from where the old one was, and where
that cannot be known, from a number that is certainly higher.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from alertd.journal.another import AnotherFileError, Found
from alertd.journal.database import connect, connect_somehow, in_memory
from alertd.journal.events import BegunAnew, JournalEvent, Opened
from alertd.journal.faults import (
    JournalError,
    UnwrittenError,
    in_words,
    is_arranged,
    is_damage,
    is_passing,
)
from alertd.journal.lock import Lock
from alertd.journal.open_files import OpenFiles
from alertd.journal.records import Batch
from alertd.journal.salvage import beyond_all, lay_aside, salvage
from alertd.journal.store import Store

# A disk that damages whatever is written to it must not be filled with journals laid aside.
_ANEW_AT_MOST_EVERY_S = 60.0
_PRUNED_AT_ONCE = 100
# How long a thread that writes is waited for at the end.
_LAST_WORK_S = 1.0
_NOTHING = Batch()


class JournalFile:
    """What is on the disk; its methods block. `store` is what can be read of it.

    `path` is where it is, or shall be, with its folder. `now_s` is a clock that never goes back.
    """

    def __init__(self, path: Path, *, now_s: Callable[[], float] = time.monotonic) -> None:
        # By two names it is one journal, with one lock.
        self.path = path.resolve()
        self.store = in_memory()
        self._now_s = now_s
        self._lock = Lock(self.path)
        self._work = threading.Lock()
        self._files: OpenFiles | None = None
        self._trouble: Exception | None = None
        # Whether what waits in the file is known to whoever keeps it in memory.
        self._is_read = False
        # Of a file that was lost: what is to be told, and what of it is to be in the next one.
        self._lost: BegunAnew | None = None
        self._saved: Batch | None = None
        self._anew_s = float("-inf")

    def open(self) -> tuple[JournalEvent, ...]:
        """Open it, or make it; return what is to be told.

        Raises `JournalError` where a person has to do something first. What is the machine's fault
        is told by the first attempt to write.
        """
        try:
            self._open_first()
        except (OSError, sqlite3.Error) as error:
            self._read_only(error)
            return ()
        lost, self._lost = self._lost, None
        return () if lost is None else (lost,)

    def keep(self, batch: Batch, now_ms: int) -> None:
        """Keep a batch, all of it or nothing. When this returns, it is on the disk.

        An empty one only sees to the file.

        Raises `UnwrittenError` where that is to be tried again, and `AnotherFileError` where all that
        matters is to be kept first. Other errors are mistakes of ours.
        """
        with self._work:
            self._see_to_it()
            if batch != _NOTHING:
                with self._troubles():
                    self.store.keep(batch, now_ms)

    def tidy(self, keep_ms: int, now_ms: int) -> bool:
        """Forget a few of the alerts that are so old; tell whether there may be more of them.

        They are so old beside a newer one, too: a clock set forward alone forgets nothing. It takes some milliseconds, so that nothing that is to be written has to wait for long, and
        does nothing while something is wrong. Raises `UnwrittenError`.
        """
        if self._files is None or self._trouble is not None:
            return False
        with self._work, self._troubles():
            before_ms = min(now_ms, self.store.newest_ms()) - keep_ms
            forgotten = self.store.prune(before_ms, most=_PRUNED_AT_ONCE)
            self.store.shrink()
        return forgotten == _PRUNED_AT_ONCE

    def close(self) -> None:
        """Close it, unless another thread still waits for a disk that hangs: the process ends without."""
        if self._work.acquire(timeout=_LAST_WORK_S):
            self.store.close()
            self._lock.release()

    @contextmanager
    def _troubles(self) -> Generator[None]:
        """Take note of what fails in it, unless it is a mistake of ours."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if not (isinstance(error, sqlite3.OperationalError) or is_damage(error)):
                raise
            self._trouble = error
            raise UnwrittenError(in_words(error)) from error

    def _open_first(self) -> None:
        """Open it as the first thing that is done with it, saving what can be saved."""
        self._prepare()
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._saved = salvage(self.path)
            aside = lay_aside(self.path)
            self._lost = BegunAnew(in_words(error), aside, len(self._saved.notes))
            self._connect()
        if self._saved is not None:
            self.store.keep(self._saved, 0)
            self._saved = None

    def _prepare(self) -> None:
        """See that there is a folder, and that nobody else writes there."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.take()
        except OSError as error:
            if not is_arranged(error):
                raise
            raise JournalError(
                f"the journal {self.path} cannot be used: {in_words(error)}"
            ) from error
        if self.path.exists() and not self.path.is_file():
            raise JournalError(f"the journal {self.path} cannot be used: it is no file")
        if self.path.exists() and not os.access(self.path, os.R_OK | os.W_OK, effective_ids=True):
            raise JournalError(f"the journal {self.path} cannot be used: permission denied")

    def _connect(self) -> None:
        store = Store(connect(self.path))
        try:
            store.look_through()
            files = OpenFiles.at(self.path)
        except (OSError, sqlite3.Error):
            store.close()
            raise
        self._use(store)
        self._files, self._trouble = files, None

    def _read_only(self, error: Exception) -> None:
        """Make do with what can be read of a file that cannot be opened, or else with an empty one."""
        self._trouble, self._files = error, None
        if self._saved is not None:
            self._use(in_memory())
            self.store.keep(self._saved, 0)
            self._is_read = True
            return
        try:
            store = Store(connect_somehow(self.path))
        except (JournalError, sqlite3.Error):
            self.store.keep(Batch(numbers=beyond_all()), 0)
            return
        try:
            store.look_through()
        except sqlite3.Error:
            store.close()
            self.store.keep(Batch(numbers=beyond_all()), 0)
        else:
            self._use(store)
            self._is_read = True

    def _use(self, store: Store) -> None:
        self.store.close()
        self.store = store

    def _see_to_it(self) -> None:
        """Mend what is broken. Raises `UnwrittenError`, and `AnotherFileError` once it is mended."""
        try:
            if self._files is None:
                self._open_late()
            elif not self._files.has_database(self.path):
                self._begin_anew("it was moved, replaced or deleted")
            elif self._trouble is not None and is_damage(self._trouble):
                self._begin_anew(in_words(self._trouble))
            else:
                self._lock.take()
                self._go_on(self._files)
        except (OSError, sqlite3.Error, JournalError) as error:
            self._trouble = error
            raise UnwrittenError(in_words(error)) from error

    def _go_on(self, files: OpenFiles) -> None:
        """Be ready to write to the same file again, with another connection unless this one is good."""
        is_good = self._trouble is None or is_passing(self._trouble)
        if is_good and files.has_log(self.path):
            self._trouble = None
            return
        # Closing writes the log, even one that was deleted, into the database.
        self.store.close()
        self._connect()

    def _open_late(self) -> None:
        if self._is_read:
            # What can be read on a disk that fails may be read by one alone: it would be in the way.
            self._use(in_memory())
        self._open_first()
        found = Found() if self._is_read else Found.in_(self.store)
        self._is_read = True
        lost, self._lost = self._lost, None
        raise AnotherFileError(lost or Opened(), found)

    def _begin_anew(self, reason: str) -> None:
        if self._now_s() - self._anew_s < _ANEW_AT_MOST_EVERY_S:
            raise UnwrittenError(f"{reason}; a new one is begun in a minute")
        self._prepare()
        self._anew_s = self._now_s()
        self.store.close()
        self._lost = BegunAnew(reason, lay_aside(self.path), 0)
        self._files, self._is_read = None, True
        self._open_late()
