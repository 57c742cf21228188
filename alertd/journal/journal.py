"""The journal in a daemon: what happens is written before anything of it is sent.

Theory of operation. Who has something to keep hands it over and goes on: the feed never waits for a
disk. One task takes all that has come together since the last time, and one thread writes it as one
transaction; the slower the disk, the more goes into each. Only when a transaction is on the disk are its
deliveries given to whoever makes them.

A disk that is full, or a file that somebody else holds, must not keep alerts from people. When
writing has failed for `patience_s`, what could not be written is given out without it, under numbers
below 0: it reaches people, and a crash meanwhile may lose it or repeat it. The journal says so as
long as it lasts, and goes on trying; what it then writes has the end of those deliveries in it.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs
import trio

from alertd.backoff import Backoff
from alertd.engine.memory import Memory
from alertd.journal.records import Batch, KeptDelivery, Mark, Note
from alertd.journal.store import Store

_BACKOFF = Backoff(first_s=0.2, cap_s=5.0)


@attrs.frozen
class Failing:
    """Writing has failed so many times in a row; `reason` is the database's."""

    reason: str
    failures: int


@attrs.frozen
class Recovered:
    """Writing succeeds again after so many failures."""

    failures: int


JournalEvent = Failing | Recovered


class Journal:
    """Keeps what it is given, in its order, and gives out the deliveries that follow from it.

    `deliver` is called with the deliveries of each transaction once it is on the disk.
    """

    def __init__(
        self,
        store: Store,
        *,
        deliver: Callable[[list[KeptDelivery]], None],
        report: Callable[[JournalEvent], None],
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._report = report
        self._notes: list[Note] = []
        self._memories: dict[tuple[str, str], Memory] = {}
        self._marks: dict[int, Mark] = {}
        self._something = trio.Event()
        self._idle = trio.Event()
        # One: SQLite's connection is for one thread at a time, and batches are in order.
        self._thread = trio.CapacityLimiter(1)
