"""Past alerts as the control room answers them, put together by hand."""

from typing import Any

import attrs

from alertd.web.answers import PastAlert, PastDelivery

# 2023-11-14 22:13:20 UTC
TIME_MS = 1_700_000_000_000


def delivery(status: str = "delivered", **changes: Any) -> PastDelivery:
    """A delivery to the phone, at the first try."""
    made = PastDelivery(
        number=1,
        destination="phone: Telegram",
        status=status,
        attempts=1,
        reason="",
        done_ms=TIME_MS + 1_300,
        latency_ms=1_300 if status == "delivered" else None,
    )
    return attrs.evolve(made, **changes)


def past_alert(*deliveries: PastDelivery, **changes: Any) -> PastAlert:
    """An alert with these deliveries."""
    made = PastAlert(
        number=118,
        time_ms=TIME_MS,
        noted_ms=TIME_MS + 80,
        rule="btc-100k",
        symbol="BTCUSDT",
        state="firing",
        severity="critical",
        title="BTCUSDT close rose above 100000",
        body="Close rose above 100000: 99950 to 100210.5\nRule btc-100k (critical)",
        value=100_210.5,
        threshold=100_000.0,
        metrics={"close": 100_210.5, "volume": 12_345.0},
        silence=None,
        deliveries=deliveries,
    )
    return attrs.evolve(made, **changes)
