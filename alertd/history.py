"""The journal's past as the control room tells it, for a running daemon and where none runs."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs

from alertd.journal.database import reading
from alertd.journal.faults import JournalError
from alertd.journal.records import HistoryQuery, KeptDelivery, KeptHistory, Status
from alertd.journal.store import Store
from alertd.web import answers
from alertd.web.records import Asked, UnreadableError

# A year of the liveliest rules.
_ALL = 1_000_000


def read_history(journal: Path, asked: Asked) -> tuple[answers.PastAlert, ...]:
    """Return the alerts that are asked for, by their numbers. Blocks; raises `UnreadableError`."""
    with _readable(journal) as store:
        comments = {silence.number: silence.comment for silence in store.silences()}
        return tuple(_past_alert(kept, comments) for kept in _found(store, asked))


def count_silenced(journal: Path) -> dict[int, int]:
    """Return how many alerts each silence swallowed. Blocks; raises `UnreadableError`."""
    with _readable(journal) as store:
        return store.swallowed()


@attrs.frozen
class GivenUp:
    """Deliveries that were given up, and `others` of their alerts, each by their numbers.

    Of a single alert the others are there also where nothing was given up.
    """

    deliveries: tuple[KeptDelivery, ...]
    others: tuple[KeptDelivery, ...]


def given_up(journal: Path, *, alert: int | None) -> GivenUp:
    """Return what was given up, of an alert or of all. Blocks; raises `UnreadableError`."""
    with _readable(journal) as store:
        found = _found(store, Asked(number=alert, undelivered=True, limit=_ALL))
    everything = [delivery for kept in found for delivery in kept.deliveries]
    everything.sort(key=lambda it: it.number)
    return GivenUp(
        tuple(it for it in everything if it.status is Status.UNDELIVERED),
        tuple(it for it in everything if it.status is not Status.UNDELIVERED),
    )


def _found(store: Store, asked: Asked) -> list[KeptHistory]:
    if asked.number is not None:
        found = store.alert(asked.number)
        return [found] if found else []
    query = HistoryQuery(
        rule=asked.rule,
        symbol=asked.symbol,
        since_ms=asked.since_ms,
        until_ms=asked.until_ms,
        undelivered=asked.undelivered,
        limit=asked.limit,
        before=asked.before,
    )
    return store.history(query)


@contextmanager
def _readable(journal: Path) -> Generator[Store]:
    try:
        with reading(journal) as store:
            yield store
    except JournalError as error:
        raise UnreadableError(str(error)) from None


def _past_alert(kept: KeptHistory, comments: Mapping[int, str]) -> answers.PastAlert:
    alert = kept.alert
    return answers.PastAlert(
        number=alert.number,
        time_ms=alert.time_ms,
        noted_ms=alert.noted_ms,
        rule=alert.rule,
        symbol=alert.symbol,
        state=alert.state,
        severity=alert.severity,
        title=alert.title,
        body=alert.body,
        value=alert.value,
        threshold=_threshold(alert.threshold),
        metrics=alert.metrics,
        silence=None if alert.silence is None else _silenced_by(alert.silence, comments),
        deliveries=tuple(map(_past_delivery, kept.deliveries)),
    )


def _threshold(kept: float | tuple[float, float] | None) -> float | answers.Range | None:
    return answers.Range(low=kept[0], high=kept[1]) if isinstance(kept, tuple) else kept


def _silenced_by(number: int, comments: Mapping[int, str]) -> answers.SilencedBy:
    return answers.SilencedBy(number=number, comment=comments.get(number, ""))


def _past_delivery(kept: KeptDelivery) -> answers.PastDelivery:
    return answers.PastDelivery(
        number=kept.number,
        destination=kept.to.label,
        status=kept.status.value,
        attempts=kept.attempts,
        reason=kept.reason,
        done_ms=kept.done_ms,
        latency_ms=kept.latency_ms,
    )
