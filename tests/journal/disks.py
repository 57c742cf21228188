"""Disks on bad days, and users who may not do everything."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def failing_disk(*, beyond: int = 0) -> Iterator[None]:
    """While it lasts, this process cannot write to any file, or only so many first bytes of each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def as_anybody() -> Iterator[None]:
    """While it lasts, this process may not write everywhere, as root may."""
    user = os.geteuid()
    os.seteuid(65534 if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)


def lose(path: Path) -> None:
    """Somebody deletes it."""
    path.unlink()


def move(path: Path, to: Path) -> Path:
    """Somebody moves it."""
    return path.rename(to)
