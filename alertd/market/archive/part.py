"""The `.part` file into which a download is written until it is whole, by one process at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from alertd.market.archive.errors import ArchiveError


@contextmanager
def held(part: Path) -> Iterator[BinaryIO]:
    """Give the file to write on at its end, and leave on the disk what was written; nothing is no file.

    Raises `ArchiveError` where another process holds it: two that wrote would spoil it for both.
    """
    with part.open("ab") as file:
        if not _is_ours(file, part):
            raise ArchiveError("another `alertd fetch` is at it")
        try:
            yield file
        finally:
            sync(file)
            if os.fstat(file.fileno()).st_size == 0:
                part.unlink(missing_ok=True)


def sync(file: BinaryIO) -> None:
    """Have on the disk what was written."""
    file.flush()
    os.fsync(file.fileno())


def _is_ours(file: BinaryIO, part: Path) -> bool:
    """Lock the file, and tell whether that went, and nobody has moved it before."""
    try:
        # The lock is the open file's: no process that was killed leaves one behind.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), part.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
