"""Reports of deliveries, put together by hand."""

from alertd.delivery.report import Outcome, Report
from tests.delivery.deliveries import delivery_of
from tests.delivery.samples import MESSAGE


def report_of(outcome: Outcome, *, key: str = "phone/0123456789ab") -> Report:
    """What became of a delivery at its first try."""
    return Report(
        destination="phone: Telegram",
        key=key,
        deliveries=(delivery_of(),),
        message=MESSAGE,
        outcome=outcome,
        attempt=1,
        latency_s=0.25,
    )
