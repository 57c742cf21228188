"""What became of a message at a destination, as the daemon is told of it."""

import enum
from collections.abc import Callable

import attrs

from alertd.delivery.message import Message


class Outcome(enum.Enum):
    """Where a message stands: `RETRYING` is followed by another report, the others are the last."""

    DELIVERED = "delivered"
    RETRYING = "retrying"
    UNDELIVERED = "undelivered"


@attrs.frozen(kw_only=True)
class Report:
    """One outcome. `destination` is its label; `reason` is in words and without secrets.

    `attempt` counts from 1, and is 0 for a message that was never sent. `latency_s` is the time
    since the alert was submitted; `retry_in_s` that until the next attempt, for `RETRYING`.
    """

    destination: str
    message: Message
    outcome: Outcome
    attempt: int
    latency_s: float
    reason: str = ""
    retry_in_s: float = 0.0


Reporter = Callable[[Report], None]
