"""The journal's sentences: what is written into it, and what is read from it. All of them block.

Whatever is written may be written twice: a commit of which nobody knows whether it came onto the
disk is simply repeated. So what is there already is left as it is, and is no error.
"""

import itertools
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.silence import Silence
from alertd.journal import history, rows
from alertd.journal.faults import DamagedRowError
from alertd.journal.records import (
    Batch,
    HistoryQuery,
    KeptDelivery,
    KeptHistory,
    Note,
    Numbers,
)
from alertd.market.ticker import Ticker

_Row = TypeVar("_Row")
_T = TypeVar("_T")
# At the start thousands may wait, and all of them at once would be a burst of memory.
_PAGE = 500


class Store:
    """Reads and writes the journal over one connection. Everything raises `sqlite3.Error`.

    Rows that no alertd wrote are left out where it `skips_damage`, and are errors otherwise.
    """

    def __init__(self, connection: sqlite3.Connection, *, skips_damage: bool = False) -> None:
        self._connection = connection
        self._skips_damage = skips_damage

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def keep(self, batch: Batch, now_ms: int) -> None:
        """Keep a batch, all of it or nothing. When this returns, it is on the disk."""
        with self._transaction():
            if batch.numbers is not None:
                self._keep_numbers(batch.numbers)
            self._many(_INSERT_SILENCE, map(rows.row_of_silence, batch.silences))
            self._keep_notes(batch.notes)
            self._many(_MARK, (rows.row_of_mark(mark, now_ms) for mark in batch.marks))
            if batch.market is not None:
                self._be_of(batch.market)
            gone = ((rule,) for rule in batch.forgotten)
            self._many("DELETE FROM standing WHERE rule = ?", gone)
            self._many(_INSERT_MEMORY, map(rows.row_of_memory, batch.memories))
            self._many(_INSERT_NEWEST, map(rows.row_of_ticker, batch.newest))
            if batch.latest is not None:
                self._connection.execute("DELETE FROM latest")
                self._connection.execute("INSERT INTO latest VALUES (?)", (batch.latest,))
            self._keep_recent(batch.recent)

    def look_through(self) -> None:
        """Read, and let go of, all that a start needs: what of it is damaged shows now."""
        self.last_numbers()
        self.silences()
        for several in (self.waiting(), self.been(), self.memories(), self.newest(), self.recent()):
            for _ in several:
                pass

    def last_numbers(self) -> Numbers:
        """Return the highest numbers that were ever given."""
        known = dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence"))
        return Numbers(known.get("alert", 0), known.get("delivery", 0), known.get("silence", 0))

    def waiting(self) -> Iterator[KeptDelivery]:
        """Yield the deliveries that have not come to an end, in the order of their numbers."""
        last = 0
        while page := self._connection.execute(_SELECT_WAITING, (last, _PAGE)).fetchall():
            for row in page:
                yield _delivery_of(row)
            last = page[-1][0]

    def waiting_numbers(self, *, by_index: bool) -> Iterator[int]:
        """Yield the numbers of what waits, by the index or without it: either may be damaged."""
        how = "INDEXED BY delivery_waiting" if by_index else "NOT INDEXED"
        sentence = f"SELECT number FROM delivery {how} WHERE status = 'waiting'"  # noqa: S608
        return (number for (number,) in self._connection.execute(sentence))

    def delivery(self, number: int) -> Iterator[KeptDelivery]:
        """Yield the delivery of that number, if there is one."""
        return self._each(_delivery_of, self._connection.execute(_SELECT_DELIVERY, (number,)))

    def been(self) -> Iterator[KeptDelivery]:
        """Yield of every alert that waits the other deliveries, which have come to an end."""
        return self._each(_delivery_of, self._connection.execute(_SELECT_BEEN))

    def memories(self) -> Iterator[Memory]:
        """Yield how every rule stood for every symbol."""
        return self._each(rows.memory_of, self._connection.execute(_SELECT_MEMORIES))

    def market(self) -> str | None:
        """Return the market that how rules stand, and tickers, are of; None where nothing was said."""
        found = self._connection.execute("SELECT name FROM market").fetchone()
        return str(found[0]) if found else None

    def newest(self) -> Iterable[Ticker]:
        """Return the last ticker of every symbol: kept with the others', or by itself with a change."""
        together = self._connection.execute("SELECT tickers FROM latest").fetchall()
        alone = self._connection.execute("SELECT ticker FROM newest")
        newest: dict[str, Ticker] = {}
        for ticker in itertools.chain(
            *self._each(rows.tickers_of, (packed for (packed,) in together)),
            self._each(rows.ticker_of, (ticker for (ticker,) in alone)),
        ):
            known = newest.get(ticker.symbol)
            if known is None or known.time_ms < ticker.time_ms:
                newest[ticker.symbol] = ticker
        return newest.values()

    def recent(self) -> Iterator[bytes]:
        """Yield the packed tickers of the recent past, in the order in which they were kept."""
        found = self._connection.execute("SELECT tickers FROM recent ORDER BY number")
        return (tickers for (tickers,) in found)

    def silences(self) -> list[Silence]:
        """Return all silences, those that are over too, in the order of their numbers."""
        return list(self._each(rows.silence_of, self._connection.execute(_SELECT_SILENCES)))

    def history(self, query: HistoryQuery) -> list[KeptHistory]:
        """Return the alerts that were asked for, in the order of their numbers."""
        return history.find(self._connection, query)

    def alert(self, number: int) -> KeptHistory | None:
        """Return an alert and what became of it, None where there is none of that number."""
        return history.find_one(self._connection, number)

    def swallowed(self) -> dict[int, int]:
        """Return how many alerts each silence kept from people, by its number."""
        return dict(
            self._connection.execute(
                "SELECT silence, count(*) FROM alert WHERE silence IS NOT NULL GROUP BY silence"
            )
        )

    def newest_ms(self) -> int:
        """Return when the newest alert was noted, 0 where there is none."""
        found = self._connection.execute("SELECT noted_ms FROM alert ORDER BY number DESC LIMIT 1")
        (noted_ms,) = found.fetchone() or (0,)
        return int(noted_ms)

    def prune(self, before_ms: int, *, most: int = 100) -> int:
        """Forget alerts that were noted before a time and wait for nobody; return how many, of `most`.

        With them go the silences that were over before that time.
        """
        with self._transaction():
            self._connection.execute(
                "DELETE FROM silence WHERE min(until_ms, ifnull(ended_ms, until_ms)) < ?",
                (before_ms,),
            )
            return self._connection.execute(_PRUNE, (before_ms, most)).rowcount

    def shrink(self, pages: int = 64) -> None:
        """Give so many free pages back to the disk, where free ones are a quarter of the file or more."""
        (size,) = self._connection.execute("PRAGMA page_count").fetchone()
        (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        if free > pages and free * 4 >= size:
            # Each step of it gives one back, and only a script is stepped to its end.
            self._connection.executescript(f"PRAGMA incremental_vacuum({pages})")

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _each(self, read: Callable[[_Row], _T], found: Iterable[_Row]) -> Iterator[_T]:
        for row in found:
            try:
                yield read(row)
            except DamagedRowError:
                if not self._skips_damage:
                    raise

    def _many(self, sentence: str, values: Iterable[rows.Row]) -> None:
        self._connection.executemany(sentence, values)

    def _keep_notes(self, notes: Sequence[Note]) -> None:
        self._many(_INSERT_ALERT, (rows.row_of_alert(note.alert) for note in notes))
        deliveries = (it for note in notes for it in note.deliveries)
        self._many(_INSERT_DELIVERY, map(rows.row_of_delivery, deliveries))

    def _keep_recent(self, recent: Sequence[Packed]) -> None:
        if not recent:
            return
        values = ((it.until_ms, it.tickers) for it in recent)
        self._many("INSERT INTO recent (until_ms, tickers) VALUES (?, ?)", values)
        newest_ms = max(it.time_ms for it in recent)
        self._connection.execute("DELETE FROM recent WHERE until_ms < ?", (newest_ms,))

    def _be_of(self, market: str) -> None:
        before = self.market()
        if market == before:
            return
        for table in () if before is None else ("standing", "newest", "latest", "recent", "market"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own words
        self._connection.execute("INSERT INTO market VALUES (?)", (market,))

    def _keep_numbers(self, numbers: Numbers) -> None:
        given = (("alert", numbers.alert), ("delivery", numbers.delivery), ("silence", numbers.silence))  # fmt: skip
        for name, number in given:
            # SQLite's own table, which it lets everybody write to: https://sqlite.org/autoinc.html
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            self._connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))


def _insert(table: str, columns: Sequence[str], on_conflict: str) -> str:
    # The words are our own.
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) ON CONFLICT {on_conflict}"  # noqa: S608


_INSERT_ALERT = _insert("alert", rows.ALERT, "(number) DO NOTHING")
_INSERT_DELIVERY = _insert("delivery", (*rows.DELIVERY, "alert"), "DO NOTHING")
_INSERT_MEMORY = _insert(
    "standing",
    rows.MEMORY,
    "(rule, symbol) DO UPDATE SET asked = excluded.asked, life = excluded.life, "
    "latched = excluded.latched, rungs = excluded.rungs",
)
_INSERT_NEWEST = _insert("newest", rows.TICKER, "(symbol) DO UPDATE SET ticker = excluded.ticker")
_INSERT_SILENCE = _insert(
    "silence", rows.SILENCE, "(number) DO UPDATE SET ended_ms = excluded.ended_ms"
)
_MARK = (
    "UPDATE delivery SET status = ?, attempts = ?, reason = ?, done_ms = ?, latency_ms = ? "
    "WHERE number = ?"
)
_SELECT_DELIVERIES = (
    f"SELECT {', '.join(f'delivery.{column}' for column in rows.DELIVERY)}, "  # noqa: S608
    f"{', '.join(f'alert.{column}' for column in rows.ALERT)} "
    "FROM delivery JOIN alert ON alert.number = delivery.alert "
)
_SELECT_WAITING = (
    f"{_SELECT_DELIVERIES} WHERE delivery.status = 'waiting' AND delivery.number > ? "
    "ORDER BY delivery.number LIMIT ?"
)
_SELECT_DELIVERY = f"{_SELECT_DELIVERIES} WHERE delivery.number = ?"
_PRUNE = (
    "DELETE FROM alert WHERE number IN (SELECT number FROM alert WHERE noted_ms < ? AND NOT EXISTS "
    "(SELECT 1 FROM delivery WHERE delivery.alert = alert.number AND delivery.status = 'waiting') "
    "ORDER BY noted_ms LIMIT ?)"
)
_SELECT_BEEN = (
    f"{_SELECT_DELIVERIES} WHERE delivery.status != 'waiting' "  # noqa: S608
    "AND alert IN (SELECT alert FROM delivery WHERE status = 'waiting')"
)
_SELECT_MEMORIES = f"SELECT {', '.join(rows.MEMORY)} FROM standing"  # noqa: S608
_SELECT_SILENCES = f"SELECT {', '.join(rows.SILENCE)} FROM silence ORDER BY number"  # noqa: S608


def _delivery_of(row: rows.Row) -> KeptDelivery:
    split = len(rows.DELIVERY)
    return rows.delivery_of(row[:split], rows.alert_of(row[split:]))
