"""What is said when a journal's file has become another one."""

import attrs

from alertd.engine.silence import Silence
from alertd.journal.events import JournalEvent
from alertd.journal.records import KeptDelivery
from alertd.journal.store import Store


@attrs.frozen
class Found:
    """What waited in a file that could not be read before now, and the silences in it.

    `been` are the other deliveries of the same alerts.
    """

    waiting: tuple[KeptDelivery, ...] = ()
    been: tuple[KeptDelivery, ...] = ()
    silences: tuple[Silence, ...] = ()

    @classmethod
    def in_(cls, store: Store) -> "Found":
        """Return what is in a file."""
        return cls(tuple(store.waiting()), tuple(store.been()), tuple(store.silences()))


class AnotherFileError(Exception):
    """From now on it is another file, and everything that matters has to be written to it."""

    def __init__(self, event: JournalEvent, found: Found) -> None:
        super().__init__(event)
        self.event = event
        self.found = found
