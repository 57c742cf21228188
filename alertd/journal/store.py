"""The journal's sentences: what is written into it, and what is read from it. All of them block."""

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
import msgspec

from alertd.engine.ladder import Rungs
from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.journal.records import (
    Address,
    Batch,
    KeptAlert,
    KeptDelivery,
    Mark,
    Note,
    Status,
)


class Store:
    """Reads and writes the journal over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(self, batch: Batch, now_ms: int) -> None:
        """Keep a batch, all of it or nothing. When this returns, it is on the disk.

        Raises `sqlite3.Error`.
        """
        with self._transaction():
            for note in batch.notes:
                self._connection.execute(_INSERT_ALERT, _row_of(note.alert))
                self._keep_deliveries(note)
            self._keep_memories(batch.memories)
            self._keep_marks(batch.marks, now_ms)

    def last_numbers(self) -> tuple[int, int]:
        """Return the highest numbers that alerts and deliveries were ever given."""
        known = dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence"))
        return known.get("alert", 0), known.get("delivery", 0)

    def waiting(self) -> list[KeptDelivery]:
        """Return the deliveries that have not come to an end, in the order of their alerts."""
        return self._deliveries("WHERE delivery.status = 'waiting' ORDER BY delivery.number")

    def memories(self) -> Iterator[Memory]:
        """Yield how every rule stood for every symbol."""
        rows = self._connection.execute(
            "SELECT rule, symbol, asked, life, latched, rungs FROM standing"
        )
        for rule, symbol, asked, life, latched, rungs in rows:
            yield Memory(
                rule,
                symbol,
                asked,
                msgspec.json.decode(life, type=Life),
                msgspec.json.decode(latched, type=frozenset[int]),
                msgspec.json.decode(rungs, type=dict[int, Rungs]),
            )

    def forget_rules(self, known: Iterable[str]) -> None:
        """Forget how rules stood that are not among those `known`."""
        with self._transaction():
            self._connection.execute("CREATE TEMP TABLE known (rule TEXT PRIMARY KEY)")
            self._connection.executemany(
                "INSERT INTO known VALUES (?)", ((rule,) for rule in known)
            )
            self._connection.execute(
                "DELETE FROM standing WHERE rule NOT IN (SELECT rule FROM known)"
            )
            self._connection.execute("DROP TABLE known")

    def prune(self, before_ms: int) -> int:
        """Forget the alerts that were noted before a time and wait for nobody; return how many."""
        with self._transaction():
            return self._connection.execute(
                "DELETE FROM alert WHERE noted_ms < ? AND NOT EXISTS (SELECT 1 FROM delivery "
                "WHERE delivery.alert = alert.number AND delivery.status = 'waiting')",
                (before_ms,),
            ).rowcount

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _keep_deliveries(self, note: Note) -> None:
        rows = (
            (it.number, it.alert.number, it.to.destination, it.to.label) for it in note.deliveries
        )
        self._connection.executemany(
            "INSERT INTO delivery (number, alert, destination, label) VALUES (?, ?, ?, ?)", rows
        )

    def _keep_memories(self, memories: Iterable[Memory]) -> None:
        rows = (
            (it.rule, it.symbol, it.asked, *map(_json, (it.life, it.latched, dict(it.rungs))))
            for it in memories
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO standing (rule, symbol, asked, life, latched, rungs) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _keep_marks(self, marks: Iterable[Mark], now_ms: int) -> None:
        rows = (
            (
                mark.status.value,
                mark.attempts,
                mark.reason,
                None if mark.status is Status.WAITING else now_ms,
                mark.delivery,
            )
            for mark in marks
        )
        self._connection.executemany(
            "UPDATE delivery SET status = ?, attempts = ?, reason = ?, done_ms = ? "
            "WHERE number = ?",
            rows,
        )

    def _deliveries(self, condition: str, *values: object) -> list[KeptDelivery]:
        rows = self._connection.execute(f"{_SELECT_DELIVERIES} {condition}", values)
        return [_delivery_of(row) for row in rows]


_ALERT = (
    "number", "time_ms", "noted_ms", "rule", "symbol", "state", "severity", "value", "threshold",
    "metrics", "title", "body", "silence",
)  # fmt: skip
# The columns are our own words.
_INSERT_ALERT = (
    f"INSERT INTO alert ({', '.join(_ALERT)}) "  # noqa: S608
    f"VALUES ({', '.join(f':{column}' for column in _ALERT)})"
)
_DELIVERY = ("number", "destination", "label", "status", "attempts", "reason", "done_ms")
_SELECT_DELIVERIES = (
    f"SELECT {', '.join(f'delivery.{column}' for column in _DELIVERY)}, "  # noqa: S608
    f"{', '.join(f'alert.{column}' for column in _ALERT)} "
    "FROM delivery JOIN alert ON alert.number = delivery.alert"
)


def _row_of(alert: KeptAlert) -> dict[str, Any]:
    row = attrs.asdict(alert, recurse=False)
    return row | {"threshold": _json(alert.threshold), "metrics": _json(alert.metrics)}


def _delivery_of(row: tuple[Any, ...]) -> KeptDelivery:
    number, destination, label, status, attempts, reason, done_ms = row[: len(_DELIVERY)]
    return KeptDelivery(
        number=number,
        alert=_alert_of(row[len(_DELIVERY) :]),
        to=Address(destination, label),
        status=Status(status),
        attempts=attempts,
        reason=reason,
        done_ms=done_ms,
    )


def _alert_of(row: tuple[Any, ...]) -> KeptAlert:
    fields = dict(zip(_ALERT, row, strict=True))
    threshold = msgspec.json.decode(fields["threshold"])
    fields["threshold"] = tuple(threshold) if isinstance(threshold, list) else threshold
    return KeptAlert(**fields | {"metrics": msgspec.json.decode(fields["metrics"])})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
