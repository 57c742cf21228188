"""What became of deliveries, and of destinations, as the daemon is told of it."""

import enum
from collections.abc import Callable

import attrs

from alertd.delivery.delivery import Delivery
from alertd.delivery.message import Message


class Outcome(enum.Enum):
    """Where deliveries stand: `RETRYING` is followed by another report, the others are the last.

    Whoever hears that one was passed on, makes new ones for the fallback. What was left waits in
    the journal for the next start.
    """

    DELIVERED = "delivered"
    RETRYING = "retrying"
    UNDELIVERED = "undelivered"
    PASSED_ON = "passed on"
    LEFT = "left"


@attrs.frozen(kw_only=True)
class Report:
    """One outcome, of the `message` as it was sent: an alert's own, or a digest of `deliveries`.

    `destination` is the label for people, `key` the name for the journal. Deliveries that were not
    sent, or not the last time, are reported one by one. `attempt` counts from 1, and is 0 for what
    was never sent; each of the deliveries says how often it was. `latency_s` is how long the oldest
    was in this process; `retry_in_s` the time until the next attempt, for `RETRYING`; `passed_to`
    the fallback channel, for `PASSED_ON`. `reason` is in words and without secrets.
    """

    destination: str
    key: str
    deliveries: tuple[Delivery, ...]
    message: Message
    outcome: Outcome
    attempt: int
    latency_s: float
    reason: str = ""
    retry_in_s: float = 0.0
    passed_to: str = ""


@attrs.frozen(kw_only=True)
class Fault:
    """A destination takes nothing that it is sent; or, not `is_open`, it does again or `is_gone`.

    It is told when it opens, when what failed is now refused (`is_refused`: no retry mends it, a
    person can), and when it is over. `failing_for_s` is how long it has not taken anything.
    """

    label: str
    key: str
    channel: str
    reason: str
    is_open: bool
    is_refused: bool
    failing_for_s: float
    is_gone: bool = False


@attrs.frozen(kw_only=True)
class Held:
    """How much a destination holds that was not taken yet, and the fault that people were told of."""

    label: str
    key: str
    waiting: int
    fault: Fault | None


Happening = Report | Fault
Reporter = Callable[[Report], None]
