"""How old a delivery is, whatever is done to the machine's clock."""

from alertd.delivery.delivery import Delivery
from alertd.delivery.hush import Hush
from alertd.delivery.patience import Patience
from alertd.delivery.settings import Now
from alertd.delivery.waiting import Waiting


def received(delivery: Delivery, now: Now, hush: Hush, patience: Patience) -> Waiting:
    """Return the delivery as it begins to wait.

    What it is old already is told by the machine's clock; but it is young enough for `grace_s` in
    this process, however long the machine was off, or the clock is wrong.
    """
    oldest_s = patience.give_up_after_s - patience.grace_s
    age_s = min(max(now.ms - delivery.noted_ms, 0) / 1000, oldest_s)
    severity = delivery.message.severity
    return Waiting(
        delivery=delivery,
        put_s=now.s,
        born_s=now.s - age_s,
        held_before_s=hush.held_s(severity),
        was_held=hush.holds(severity),
        attempts=delivery.attempts,
    )


def age_s(waiting: Waiting, now: Now, hush: Hush) -> float:
    """Return for how long it could have gone, by the monotonic clock: quiet hours do not count."""
    held_s = hush.held_s(waiting.severity) - waiting.held_before_s
    return now.s - waiting.born_s - held_s
