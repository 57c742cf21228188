"""The journal's file, on good days and on bad ones."""

from pathlib import Path

from alertd.journal.database import open_journal
from alertd.journal.records import Batch
from alertd.journal.store import Store


class JournalFile:
    """What is on the disk; its methods block. `store` is there to be read from once it is open."""

    store: Store

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self) -> None:
        """Open it, or make it. Raises `JournalError` where a person has to do something first."""
        self.store = Store(open_journal(self.path))

    def keep(self, batch: Batch, now_ms: int) -> None:
        """Keep a batch, all of it or nothing. Raises `sqlite3.Error`."""
        self.store.keep(batch, now_ms)

    def close(self) -> None:
        """Close it."""
        self.store.close()
