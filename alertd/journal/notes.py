"""An alert into what the journal keeps of it."""

from collections.abc import Sequence

from alertd.engine.alert import Alert, Interval
from alertd.engine.metrics import METRICS
from alertd.engine.sketch import Sketch
from alertd.journal.records import Address, KeptAlert, KeptDelivery, Note


def kept(  # noqa: PLR0913 - by name, but for the first
    alert: Alert,
    *,
    number: int,
    title: str,
    body: str,
    noted_ms: int,
    sketch: Sketch | None = None,
) -> KeptAlert:
    """Return what is kept of an alert, under its number, with the text and the sketch that are sent."""
    threshold = alert.threshold
    values = {name: metric.of(alert.ticker) for name, metric in METRICS.items()}
    return KeptAlert(
        number=number,
        time_ms=alert.time_ms,
        noted_ms=noted_ms,
        rule=alert.rule.name,
        symbol=alert.symbol,
        state=alert.state.value,
        severity=alert.rule.severity.value,
        value=alert.value,
        threshold=(threshold.low, threshold.high) if isinstance(threshold, Interval) else threshold,
        metrics={name: value for name, value in values.items() if value is not None},
        title=title,
        body=body,
        silence=None,
        sketch=sketch,
    )


def with_deliveries(alert: KeptAlert, to: Sequence[Address], *, first_number: int) -> Note:
    """Return the alert with a delivery to each address, numbered in their order."""
    deliveries = (
        KeptDelivery(number=number, alert=alert, to=address)
        for number, address in enumerate(to, first_number)
    )
    return Note(alert, tuple(deliveries))
