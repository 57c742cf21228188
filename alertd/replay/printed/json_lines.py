"""A replay for programs: one JSON object a line. The keys and their order are a promise (docs/replay-output.md)."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from alertd.replay.difference import Difference
from alertd.replay.replayed import Replayed


class _Line(msgspec.Struct, frozen=True):
    """An alert, as programs see it."""

    time: int
    rule: str
    symbol: str
    state: str
    value: float | None
    threshold: float | tuple[float, float] | None
    metrics: Mapping[str, float]


class _DifferenceLine(msgspec.Struct, frozen=True):
    """A difference, as programs see it."""

    change: str
    before: _Line | None
    after: _Line | None


def json_lines(alerts: Iterable[Replayed]) -> Iterator[str]:
    """Yield a line for each alert."""
    encode = msgspec.json.Encoder().encode
    for alert in alerts:
        yield encode(_line(alert)).decode()


def difference_json_lines(found: Iterable[Difference]) -> Iterator[str]:
    """Yield a line for each difference, with the alert as it was before and as it is after."""
    encode = msgspec.json.Encoder().encode
    for it in found:
        before, after = (_line(alert) if alert else None for alert in (it.before, it.after))
        yield encode(_DifferenceLine(it.change.value, before, after)).decode()


def _line(alert: Replayed) -> _Line:
    return _Line(
        alert.time_ms,
        alert.rule,
        alert.symbol,
        alert.state,
        alert.value,
        alert.threshold,
        alert.metrics,
    )
