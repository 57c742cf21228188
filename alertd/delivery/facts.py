"""What a template may name: the facts of an alert."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from alertd.engine.alert import Alert
from alertd.engine.metrics import METRICS

_EPOCH = datetime.fromtimestamp(0, UTC)
_LAST_MS = 253_402_300_799_999  # the last millisecond of the year 9999, where datetime ends


def moment(time_ms: int) -> datetime:
    """Return an event time (milliseconds since 1970) as an aware time in UTC."""
    return _EPOCH + timedelta(milliseconds=min(time_ms, _LAST_MS))


_FACTS: Mapping[str, Callable[[Alert], object]] = MappingProxyType(
    {
        "rule": lambda alert: alert.rule.name,
        "symbol": lambda alert: alert.symbol,
        "severity": lambda alert: alert.rule.severity.value,
        "state": lambda alert: alert.state.value,
        "threshold": lambda alert: alert.threshold,
        "value": lambda alert: alert.value,
        "previous": lambda alert: alert.decisive.previous,
        "time": lambda alert: moment(alert.time_ms),
        "time_ms": lambda alert: alert.time_ms,
        "held_for": lambda alert: alert.held_for_ms / 1000,
        "gap": lambda alert: alert.gap_ms / 1000,
        "repeats": lambda alert: alert.repeats,
        "dropped": lambda alert: alert.dropped,
    }
)
NAMES = ("number", *_FACTS, *METRICS)


def facts_of(alert: Alert, number: int = 0) -> dict[str, object]:
    """Return every fact of the alert of that number by its name; None for an undefined metric.

    `held_for` and `gap` are in seconds, `time` is aware and in UTC, `threshold` a number or an
    `Interval`. `value`, `previous` and `threshold` are None as well where they are undefined.
    """
    facts = {"number": number} | {name: fact(alert) for name, fact in _FACTS.items()}
    return facts | {name: metric.of(alert.ticker) for name, metric in METRICS.items()}
