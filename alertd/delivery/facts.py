"""What a template may name: the facts of an alert, and plausible ones for trying a template."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from alertd.engine.alert import Alert, AlertState
from alertd.engine.condition import Band, comparisons_in
from alertd.engine.metrics import METRICS, Unit
from alertd.engine.rule import Rule

_EPOCH = datetime.fromtimestamp(0, UTC)
_LAST_MS = 253_402_300_799_999  # the last millisecond of the year 9999, where datetime ends
_SAMPLE_MS = 1_746_714_600_000
_SAMPLES = MappingProxyType(
    {Unit.PRICE: 100_020.5, Unit.BASE: 182_340.5, Unit.QUOTE: 17_935_000_000.0, Unit.PERCENT: 3.27}
)


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
    }
)
NAMES = (*_FACTS, *METRICS)


def facts_of(alert: Alert) -> dict[str, object]:
    """Return every fact of the alert by its name; a metric that is undefined is None.

    `held_for` is in seconds, `time` aware and in UTC, `threshold` a number or a `Band`.
    """
    facts = {name: fact(alert) for name, fact in _FACTS.items()}
    return facts | {name: metric.of(alert.ticker) for name, metric in METRICS.items()}


def sample_facts(rule: Rule) -> dict[str, object]:
    """Return the facts of an alert that this rule might give."""
    tests = comparisons_in(rule.when)
    level = next((test for test in tests if test.operator.is_event), tests[0]).level
    number = level.low if isinstance(level, Band) else level
    facts: dict[str, object] = {
        "rule": rule.name,
        # A name among the patterns; `all` is none.
        "symbol": next((it for it in rule.symbols if it.isalnum() and it.isupper()), "BTCUSDT"),
        "severity": rule.severity.value,
        "state": AlertState.FIRING.value,
        "threshold": level,
        "value": number * 1.01,
        "previous": number * 0.99,
        "time": moment(_SAMPLE_MS),
        "time_ms": _SAMPLE_MS,
        "held_for": rule.hold_for_ms / 1000,
    }
    return facts | {name: _SAMPLES[metric.unit] for name, metric in METRICS.items()}
