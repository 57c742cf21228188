"""Records into rows of the journal, and back.

SQLite keeps no sums of what it stores, so a disk's flipped bit may come back as a value that nobody
wrote: what reads rows raises `DamagedRowError` for such.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import attrs
import msgspec

from alertd.engine.ladder import Rungs
from alertd.engine.life import Life
from alertd.engine.memory import Memory
from alertd.engine.recent import unpack
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.engine.sketch import Sketch
from alertd.journal.faults import DamagedRowError
from alertd.journal.records import Address, KeptAlert, KeptDelivery, Mark, Status
from alertd.market.ticker import Ticker

Row = tuple[Any, ...]
_P = ParamSpec("_P")
_T = TypeVar("_T")

ALERT = tuple(field.name for field in attrs.fields(KeptAlert))
DELIVERY = ("number", "destination", "label", "status", "attempts", "reason", "done_ms", "latency_ms")  # fmt: skip
MEMORY = tuple(field.name for field in attrs.fields(Memory))
TICKER = ("symbol", "ticker")
SILENCE = tuple(field.name for field in attrs.fields(Silence))


def _of_sound_rows(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Have it raise `DamagedRowError` for values that cannot have been written."""

    @wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (TypeError, ValueError) as error:  # msgspec's errors are such; NULL is a TypeError
            raise DamagedRowError(f"a row that no alertd wrote: {error}") from error

    return reading


_lives = msgspec.json.Decoder(Life)
_latches = msgspec.json.Decoder(frozenset[int])
_tickers = msgspec.json.Decoder(tuple[str, int, float, float, float, float, float, float])
_ladders = msgspec.json.Decoder(dict[int, Rungs])
_thresholds = msgspec.json.Decoder(float | tuple[float, float] | None)
_sketches = msgspec.json.Decoder(Sketch)
_metrics = msgspec.json.Decoder(dict[str, float | None])


def row_of_alert(alert: KeptAlert) -> Row:
    """Return an alert's values in the order of `ALERT`."""
    fields = attrs.asdict(alert, recurse=False)
    fields |= {"threshold": _json(alert.threshold), "metrics": _json(alert.metrics)}
    fields["sketch"] = alert.sketch and _json(alert.sketch)
    fields |= {"title": _storable(alert.title), "body": _storable(alert.body)}
    return tuple(fields[name] for name in ALERT)


@_of_sound_rows
def alert_of(row: Row) -> KeptAlert:
    """Return the alert of a row with the columns `ALERT`."""
    fields = dict(zip(ALERT, row, strict=True))
    fields["threshold"] = _thresholds.decode(fields["threshold"])
    fields["metrics"] = _metrics.decode(fields["metrics"])
    fields["severity"] = Severity(fields["severity"]).value
    fields["sketch"] = fields["sketch"] and _sketch_of(fields["sketch"])
    return KeptAlert(**fields)


def _sketch_of(text: str) -> Sketch | None:
    """Return a sketch; None for one that makes no sense: an alert can do without its picture."""
    try:
        return _sketches.decode(text)
    except msgspec.DecodeError:
        return None


def row_of_delivery(delivery: KeptDelivery) -> Row:
    """Return a delivery's values in the order of `DELIVERY`, and the number of its alert."""
    to = delivery.to
    return (
        delivery.number,
        to.destination,
        to.label,
        delivery.status.value,
        delivery.attempts,
        _storable(delivery.reason),
        delivery.done_ms,
        delivery.latency_ms,
        delivery.alert.number,
    )


@_of_sound_rows
def delivery_of(row: Row, alert: KeptAlert) -> KeptDelivery:
    """Return the delivery of a row with the columns `DELIVERY`."""
    number, destination, label, status, attempts, reason, done_ms, latency_ms = row
    return KeptDelivery(
        number=number,
        alert=alert,
        to=Address(destination, label),
        status=Status(status),
        attempts=attempts,
        reason=reason,
        done_ms=done_ms,
        latency_ms=latency_ms,
    )


def row_of_mark(mark: Mark, now_ms: int) -> Row:
    """Return what a mark changes: status, attempts, reason, done_ms, latency_ms; and of which delivery."""
    done_ms = None if mark.status is Status.WAITING else now_ms
    reason = _storable(mark.reason)
    return (mark.status.value, mark.attempts, reason, done_ms, mark.latency_ms, mark.delivery)


def row_of_memory(memory: Memory) -> Row:
    """Return a memory's values in the order of `MEMORY`."""
    parts = (memory.life, memory.latched, dict(memory.rungs))
    return (memory.rule, memory.symbol, memory.asked, *map(_json, parts))


@_of_sound_rows
def memory_of(row: Row) -> Memory:
    """Return the memory of a row with the columns `MEMORY`."""
    rule, symbol, asked, life, latched, rungs = row
    return Memory(
        rule,
        symbol,
        asked,
        _lives.decode(life),
        _latches.decode(latched),
        _ladders.decode(rungs),
    )


def row_of_ticker(ticker: Ticker) -> Row:
    """Return a ticker's values in the order of `TICKER`."""
    return (ticker.symbol, _json(msgspec.structs.astuple(ticker)))


@_of_sound_rows
def tickers_of(packed: bytes) -> tuple[Ticker, ...]:
    """Return tickers that were kept together."""
    return tuple(unpack(packed))


@_of_sound_rows
def ticker_of(ticker: str) -> Ticker:
    """Return the ticker that was kept in such words."""
    return Ticker(*_tickers.decode(ticker))


def row_of_silence(silence: Silence) -> Row:
    """Return a silence's values in the order of `SILENCE`."""
    fields = attrs.asdict(silence, recurse=False)
    fields["severity"] = silence.severity and silence.severity.value
    fields["comment"] = _storable(silence.comment)
    return tuple(fields[name] for name in SILENCE)


@_of_sound_rows
def silence_of(row: Row) -> Silence:
    """Return the silence of a row with the columns `SILENCE`."""
    fields = dict(zip(SILENCE, row, strict=True))
    severity = fields["severity"]
    return Silence(**fields | {"severity": severity and Severity(severity)})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _storable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which no database takes: an alert must not fail by one."""
    return text.encode("utf-8", "replace").decode()
