"""One daemon for each journal: a lock that the kernel lets go of when its process ends, however it ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from alertd.journal.faults import JournalError


class Lock:
    """A lock beside a journal, which two names of one journal share.

    The lock is on an open file (flock), so no file that a dead process has left is ever in the way.
    """

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._path = journal.with_name(f"{journal.name}.lock")
        self._file: int | None = None

    def take(self) -> None:
        """Hold it, for as long as the process lives, where others look for it.

        It may be taken again: somebody may have deleted the file. Raises `JournalError` if another
        process holds it, `OSError`.
        """
        if self._file is not None and self._is_in_place(self._file):
            return
        self.release()
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            raise JournalError(self._refusal(holder)) from None
        except OSError:
            os.close(file)
            raise
        self._file = file
        # Who holds it is only good to know: a full disk that cannot keep that keeps the lock.
        with suppress(OSError):
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go of it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _is_in_place(self, file: int) -> bool:
        """Whether others who look at its path find the file that is locked."""
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except FileNotFoundError:
            return False

    def _refusal(self, holder: str) -> str:
        who = f"process {holder}" if holder else "another process"
        return (
            f"the journal {self._journal} is in use by {who}: two daemons on one journal would tell "
            "everything twice; stop that one, or give this one a journal of its own (`journal:`)"
        )
