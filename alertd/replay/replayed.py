"""An alert that there would have been: what replays keep of it, and what they print."""

from collections.abc import Mapping

import msgspec

from alertd.delivery.message import compose
from alertd.engine.alert import Alert, Interval
from alertd.engine.metrics import METRICS


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """An alert of a replay, its times in milliseconds since 1970, UTC.

    `state` is "firing" or "resolved". `threshold` is a number, the two of a band, or None where
    there is none; `metrics` are those of the ticker, by name, where they were defined. `title` and
    `body` are what people would have been sent.

    It is a msgspec struct where other values are attrs classes, because hundreds of thousands of
    them go from process to process as JSON.
    """

    time_ms: int
    rule: str
    symbol: str
    state: str
    severity: str
    value: float | None
    threshold: float | tuple[float, float] | None
    metrics: Mapping[str, float]
    title: str
    body: str

    @classmethod
    def of(cls, alert: Alert) -> "Replayed":
        """Return what is kept of an alert."""
        message, decisive, ticker = compose(alert), alert.decisive, alert.ticker
        metrics = {name: metric.of(ticker) for name, metric in METRICS.items()}
        threshold = decisive.threshold
        return cls(
            time_ms=alert.time_ms,
            rule=alert.rule.name,
            symbol=alert.symbol,
            state=alert.state.value,
            severity=alert.rule.severity.value,
            value=decisive.value,
            threshold=(threshold.low, threshold.high)
            if isinstance(threshold, Interval)
            else threshold,
            metrics={name: value for name, value in metrics.items() if value is not None},
            title=message.title,
            body=message.body,
        )
