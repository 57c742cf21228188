"""What can still be read of a damaged journal, and where it is laid aside. Nothing is deleted."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from alertd.journal.records import Batch, KeptDelivery, Note, Numbers
from alertd.journal.store import Store

_T = TypeVar("_T")
# The log first: beside a new file it would be taken for that one's.
_PARTS = ("-wal", "-shm", "")


def salvage(path: Path) -> Batch:
    """Return what a start needs of the file at `path`, as far as it can be read."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A text with a wrong letter is better than none.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        store = Store(connection, skips_damage=True)
        return Batch(
            notes=tuple(Note(delivery.alert, (delivery,)) for delivery in _waiting(store)),
            memories=tuple(_readable(store.memories)),
            silences=tuple(_readable(store.silences)),
            newest=tuple(_readable(store.newest)),
            numbers=next(iter(_readable(lambda: [store.last_numbers()])), beyond_all()),
        )


def beyond_all() -> Numbers:
    """Return numbers that are higher than any that was given, where it is not known which were.

    Numbers rise by far less than one a second, so the time in seconds is beyond them for good.
    """
    now_s = int(time.time())
    return Numbers(now_s, now_s, now_s)


def lay_aside(path: Path) -> Path | None:
    """Rename the file at `path`, and what belongs to it; return where it is, None if there is none.

    Raises `OSError`.
    """
    aside = _free(path)
    for part in _PARTS:
        file = path.with_name(path.name + part)
        if file.exists():
            file.rename(aside.with_name(aside.name + part))
    return aside if aside.exists() else None


def _free(path: Path) -> Path:
    moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (f"{path.name}.damaged-{moment}{end}" for end in ("", *(f"-{n}" for n in range(2, 99))))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _waiting(store: Store) -> Iterator[KeptDelivery]:
    """Yield what waits, one by one: what is damaged takes nothing else along."""
    by_index = _readable(partial(store.waiting_numbers, by_index=True))
    by_table = _readable(partial(store.waiting_numbers, by_index=False))
    for number in sorted({*by_index, *by_table}):
        yield from _up_to_the_damage(partial(store.delivery, number))


def _readable(read: Callable[[], Iterable[_T]]) -> list[_T]:
    return list(_up_to_the_damage(read))


def _up_to_the_damage(read: Callable[[], Iterable[_T]]) -> Iterator[_T]:
    try:
        yield from read()
    except sqlite3.Error:
        return
