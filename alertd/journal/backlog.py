"""What is to be written and is not on the disk yet."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.silence import Silence
from alertd.journal.records import Batch, KeptDelivery, Mark, Note, Numbers
from alertd.market.ticker import Ticker

_T = TypeVar("_T")

# Alerts that wait for a disk, of about 4 kB each.
MOST_NOTES = 10_000
# Every few seconds about 40 kB for the whole market, and a ticker or two for each alert. The oldest
# are of the least use.
_MOST_RECENT_BYTES = 8 << 20


class _Latest(Generic[_T]):
    """Of each thing the latest word: what is said again takes the place of what was said before."""

    def __init__(self, key: Callable[[_T], Hashable]) -> None:
        self._key = key
        self._items: dict[Hashable, _T] = {}

    def __len__(self) -> int:
        return len(self._items)

    def say(self, items: Iterable[_T]) -> None:
        for item in items:
            self._items[self._key(item)] = item

    def all(self) -> tuple[_T, ...]:
        return tuple(self._items.values())

    def drop(self, items: Iterable[_T]) -> None:
        """Drop what is written, but not what has taken its place meanwhile."""
        for item in items:
            if self._items.get(self._key(item)) is item:
                del self._items[self._key(item)]


class Backlog:
    """Collects what happens until it is written as one batch."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        # Those of them whose deliveries were not given out yet.
        self._unheard: list[Note] = []
        self._marks = _Latest[Mark](lambda mark: mark.delivery)
        self._forgotten = _Latest[str](lambda rule: rule)
        self._memories = _Latest[Memory](lambda memory: (memory.rule, memory.symbol))
        self._silences = _Latest[Silence](lambda silence: silence.number)
        self._newest = _Latest[Ticker](lambda ticker: ticker.symbol)
        self._recent = deque[Packed]()
        self._latest: bytes | None = None
        self._market: str | None = None
        self._numbers: Numbers | None = None

    def __len__(self) -> int:
        said = len(self._marks) + len(self._memories) + len(self._silences)
        said += len(self._newest) + len(self._forgotten)
        single = (self._numbers, self._market, self._latest)
        said += sum(it is not None for it in single)
        return len(self._notes) + said + len(self._recent)

    @property
    def is_unheard(self) -> bool:
        """Whether there are alerts that were not given out."""
        return bool(self._unheard)

    def note(self, note: Note) -> None:
        """Take an alert and its deliveries, which are to be given out."""
        self._notes.append(note)
        self._unheard.append(note)

    def mark(self, mark: Mark) -> None:
        """Take what became of a delivery."""
        self._marks.say([mark])

    def remember(self, memories: Iterable[Memory]) -> None:
        """Take how rules stand."""
        self._memories.say(memories)

    def be_of(self, market: str) -> None:
        """Take of which market everything is."""
        self._market = market

    def forget(self, rules: Iterable[str]) -> None:
        """Take which rules are no more."""
        gone = set(rules)
        self._forgotten.say(gone)
        self._memories.drop([it for it in self._memories.all() if it.rule in gone])

    def silence(self, silences: Iterable[Silence]) -> None:
        """Take silences, new or changed."""
        self._silences.say(silences)

    def see(self, newest: Iterable[Ticker]) -> None:
        """Take symbols' last tickers."""
        self._newest.say(newest)

    def see_all(self, latest: bytes) -> None:
        """Take all symbols' last tickers, packed."""
        self._latest = latest

    def sample(self, recent: Iterable[Packed]) -> None:
        """Take tickers of the recent past."""
        self._recent.extend(recent)
        surplus = sum(len(it.tickers) for it in self._recent) - _MOST_RECENT_BYTES
        while surplus > 0:
            surplus -= len(self._recent.popleft().tickers)

    def begin_anew(self, notes: Iterable[Note], numbers: Numbers) -> None:
        """Take what was written, and given out, before its file was lost; `notes` are all that waits."""
        unwritten = {it.number for each in self._notes for it in each.deliveries}
        before = [_without(note, unwritten) for note in notes]
        self._notes[:0] = [note for note in before if note.deliveries]
        self._numbers = numbers

    def batch(self) -> Batch:
        """Return all of it."""
        return Batch(
            notes=tuple(self._notes),
            marks=self._marks.all(),
            market=self._market,
            forgotten=self._forgotten.all(),
            memories=self._memories.all(),
            silences=self._silences.all(),
            newest=self._newest.all(),
            latest=self._latest,
            recent=tuple(self._recent),
            numbers=self._numbers,
        )

    def drop(self, batch: Batch) -> list[KeptDelivery]:
        """Forget what is written; return the deliveries in it that are to be given out."""
        written = {id(note) for note in batch.notes}
        out = [each for each in self._unheard if id(each) in written]
        self._unheard = [each for each in self._unheard if id(each) not in written]
        self._notes = [each for each in self._notes if id(each) not in written]
        self._marks.drop(batch.marks)
        self._forgotten.drop(batch.forgotten)
        self._memories.drop(batch.memories)
        self._silences.drop(batch.silences)
        self._newest.drop(batch.newest)
        while self._recent and self._recent[0] in batch.recent:
            self._recent.popleft()
        if self._latest is batch.latest:
            self._latest = None
        if self._market is batch.market:
            self._market = None
        if self._numbers is batch.numbers:
            self._numbers = None
        return [it for each in out for it in each.deliveries]

    def take_out(self) -> list[KeptDelivery]:
        """Return the deliveries that are to be given out although they are not written."""
        out, self._unheard = self._unheard, []
        # The oldest are forgotten, not lost: people have them.
        del self._notes[: max(0, len(self._notes) - MOST_NOTES)]
        return [it for each in out for it in each.deliveries]


def _without(note: Note, numbers: set[int]) -> Note:
    left = tuple(it for it in note.deliveries if it.number not in numbers)
    return Note(note.alert, left)
