"""What the journal keeps, and what is handed to it to be kept."""

import enum
from collections.abc import Mapping

import attrs

from alertd.engine.memory import Memory
from alertd.engine.recent import Packed
from alertd.engine.silence import Silence
from alertd.engine.sketch import Sketch
from alertd.market.ticker import Ticker


class Status(enum.Enum):
    """Where a delivery stands; all but the first are final, until somebody wants it sent again.

    What was passed on went to the channel's fallback, as deliveries of their own.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    PASSED_ON = "passed on"


@attrs.frozen
class Address:
    """Where an alert goes: a name that stays the same over restarts, and one for people.

    Neither has a secret in it.
    """

    destination: str
    label: str


@attrs.frozen(kw_only=True)
class Mark:
    """What became of an attempt to deliver; `reason` is in words, without secrets.

    `latency_ms` is the time from the ticker's event to the service's yes, where there was one.
    """

    delivery: int
    status: Status
    attempts: int
    reason: str = ""
    latency_ms: int | None = None


@attrs.frozen(kw_only=True)
class KeptAlert:
    """An alert in the journal. `number` is shown to people, and never given twice.

    `time_ms` is the exchange's event time, `noted_ms` the machine's. `threshold` is a number, the
    two of a band, or None; `metrics` are those of the ticker, by name, where they were defined.
    `sketch` is for its picture, None where it has none.
    """

    number: int
    time_ms: int
    noted_ms: int
    rule: str
    symbol: str
    state: str
    severity: str
    value: float | None
    threshold: float | tuple[float, float] | None
    metrics: Mapping[str, float]
    title: str
    body: str
    silence: int | None
    sketch: Sketch | None = None


@attrs.frozen(kw_only=True)
class KeptDelivery:
    """A delivery in the journal, of an alert, to a destination.

    `done_ms` is the machine's time of its end, None while it waits; `latency_ms` as in `Mark`.
    """

    number: int
    alert: KeptAlert
    to: Address
    status: Status = Status.WAITING
    attempts: int = 0
    reason: str = ""
    done_ms: int | None = None
    latency_ms: int | None = None


@attrs.frozen
class Note:
    """An alert to be kept, and deliveries of it; it may be known to the journal already."""

    alert: KeptAlert
    deliveries: tuple[KeptDelivery, ...]


@attrs.frozen
class Numbers:
    """The highest numbers that were ever given."""

    alert: int
    delivery: int
    silence: int


@attrs.frozen(kw_only=True)
class Batch:
    """What happened at one moment, and is kept together or not at all.

    `market` says of which one all of it is: what is known of another is forgotten. `forgotten` are the names of rules that are no more, but for what `memories` say of them; `newest` are symbols' last tickers, `latest` those of all symbols (packed), `recent` older ones for windows to go on with. `numbers` are for
    a journal that has been begun anew, and would give them again.
    """

    notes: tuple[Note, ...] = ()
    marks: tuple[Mark, ...] = ()
    market: str | None = None
    forgotten: tuple[str, ...] = ()
    memories: tuple[Memory, ...] = ()
    silences: tuple[Silence, ...] = ()
    newest: tuple[Ticker, ...] = ()
    latest: bytes | None = None
    recent: tuple[Packed, ...] = ()
    numbers: Numbers | None = None


@attrs.frozen
class KeptHistory:
    """An alert and all that became of it, its deliveries in the order of their numbers."""

    alert: KeptAlert
    deliveries: tuple[KeptDelivery, ...]


@attrs.frozen(kw_only=True)
class HistoryQuery:
    """Which alerts of the past: the newest `limit` of those that fit, numbered below `before`.

    `rule` and `symbol` are names or globs, None for all. The times are the machine's when an alert
    was noted: `since_ms` included, `until_ms` not. `undelivered` asks for those of which a delivery
    was given up.
    """

    rule: str | None = None
    symbol: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    undelivered: bool = False
    limit: int = 100
    before: int | None = None
