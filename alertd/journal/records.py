"""What the journal keeps, and what is handed to it to be kept."""

import enum
from collections.abc import Mapping

import attrs

from alertd.engine.memory import Memory


class Status(enum.Enum):
    """Where a delivery stands; the last two are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@attrs.frozen
class Address:
    """Where an alert goes: a name that stays the same over restarts, and one for people.

    Neither has a secret in it.
    """

    destination: str
    label: str


@attrs.frozen(kw_only=True)
class Mark:
    """What became of an attempt to deliver; `reason` is in words, without secrets."""

    delivery: int
    status: Status
    attempts: int
    reason: str = ""


@attrs.frozen(kw_only=True)
class KeptAlert:
    """An alert in the journal. `number` is shown to people, and never given twice.

    `time_ms` is the exchange's event time, `noted_ms` the machine's. `threshold` is a number, the
    two of a band, or None; `metrics` are those of the ticker, by name, where they were defined.
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


@attrs.frozen(kw_only=True)
class KeptDelivery:
    """A delivery in the journal, of an alert, to a destination."""

    number: int
    alert: KeptAlert
    to: Address
    status: Status
    attempts: int
    reason: str
    done_ms: int | None


@attrs.frozen(kw_only=True)
class Note:
    """An alert to be kept, and the deliveries that it makes."""

    alert: KeptAlert
    deliveries: tuple[KeptDelivery, ...]


@attrs.frozen(kw_only=True)
class Batch:
    """What happened at one moment, and is kept together or not at all."""

    notes: tuple[Note, ...] = ()
    memories: tuple[Memory, ...] = ()
    marks: tuple[Mark, ...] = ()
