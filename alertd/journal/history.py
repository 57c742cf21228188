"""The past as people ask for it: alerts by rule, symbol and time, and what became of each."""

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from alertd.journal import rows
from alertd.journal.records import HistoryQuery, KeptDelivery, KeptHistory

_SELECT_ALERTS = f"SELECT {', '.join(rows.ALERT)} FROM alert"  # noqa: S608 - our own words
_SELECT_DELIVERIES = (
    f"SELECT alert, {', '.join(rows.DELIVERY)} FROM delivery "  # noqa: S608
    "WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY number"
)
_LOST = "number IN (SELECT alert FROM delivery WHERE status = 'undelivered')"


def find(connection: sqlite3.Connection, query: HistoryQuery) -> list[KeptHistory]:
    """Return the alerts that were asked for, in the order of their numbers. Raises `sqlite3.Error`."""
    conditions = list(_conditions(query))
    where = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    values = [value for _, values in conditions for value in values]
    newest_first = connection.execute(
        f"{_SELECT_ALERTS} WHERE {where} ORDER BY number DESC LIMIT ?", (*values, query.limit)
    ).fetchall()
    return _with_deliveries(connection, newest_first[::-1])


def find_one(connection: sqlite3.Connection, number: int) -> KeptHistory | None:
    """Return an alert by its number, None where there is none. Raises `sqlite3.Error`."""
    found = connection.execute(f"{_SELECT_ALERTS} WHERE number = ?", (number,)).fetchall()
    return next(iter(_with_deliveries(connection, found)), None)


def _conditions(query: HistoryQuery) -> Iterator[tuple[str, tuple[object, ...]]]:
    if query.rule is not None:
        yield _named("rule", query.rule)
    if query.symbol is not None:
        yield _named("symbol", query.symbol)
    if query.since_ms is not None:
        yield "noted_ms >= ?", (query.since_ms,)
    if query.until_ms is not None:
        yield "noted_ms < ?", (query.until_ms,)
    if query.before is not None:
        yield "number < ?", (query.before,)
    if query.undelivered:
        yield _LOST, ()


def _named(column: str, pattern: str) -> tuple[str, tuple[str, ...]]:
    # A name can be looked up by an index, and may look like a glob. Of globs SQLite writes only
    # `[!a]` in another way.
    if any(sign in pattern for sign in "*?["):
        glob = pattern.replace("[!", "[^")
        return f"({column} = ? OR {column} GLOB ?)", (pattern, glob)
    return f"{column} = ?", (pattern,)


def _with_deliveries(
    connection: sqlite3.Connection, found: Sequence[rows.Row]
) -> list[KeptHistory]:
    alerts = {alert.number: alert for alert in map(rows.alert_of, found)}
    deliveries: dict[int, list[KeptDelivery]] = {number: [] for number in alerts}
    numbers = msgspec.json.encode(list(alerts)).decode()
    for number, *row in connection.execute(_SELECT_DELIVERIES, (numbers,)):
        deliveries[number].append(rows.delivery_of(tuple(row), alerts[number]))
    return [KeptHistory(alert, tuple(deliveries[alert.number])) for alert in alerts.values()]
