"""A delivery: one message, for one destination."""

import attrs

from alertd.delivery.message import Message


@attrs.frozen(kw_only=True)
class Delivery:
    """What one destination is to be sent. `number` is its own, and says its place in the order.

    `noted_ms` is the machine's time when the alert was noted; `attempts` were made before, in a
    process that has ended.
    """

    number: int
    message: Message
    noted_ms: int
    attempts: int = 0
