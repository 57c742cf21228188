"""Looking into a journal, whether or not a daemon writes it, without being able to change it."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from alertd.journal.store import Store

# While it is made whole after a crash, nobody may read.
_BUSY_S = 5.0


@contextmanager
def reading(path: Path) -> Generator[Store]:
    """Open the journal at `path` over a connection of its own. Raises `sqlite3.Error`.

    With a write-ahead log, the one who writes and those who read do not wait for each other.
    """
    address = f"file:{quote(bytes(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)) as it:
        # One moment for all that is asked.
        it.execute("BEGIN")
        yield Store(it)
