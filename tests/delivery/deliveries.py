"""Deliveries, and dispatchers whose channels bear all that a test sends."""

import attrs

from alertd.delivery.channel import Channel
from alertd.delivery.delivery import Delivery
from alertd.delivery.dispatcher import Dispatcher
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.delivery.samples import MESSAGE

AT_ONCE = Rate(1000, 1)
NOTED_MS = MESSAGE.time_ms


def delivery_of(
    number: int = 1,
    severity: Severity = Severity.INFO,
    *,
    title: str | None = None,
    noted_ms: int = NOTED_MS,
    attempts: int = 0,
) -> Delivery:
    """A delivery of the alert of the same number, which its title names unless there is one."""
    message = attrs.evolve(
        MESSAGE, title=title or f"BTCUSDT {number}", severity=severity, number=number
    )
    return Delivery(number=number, message=message, noted_ms=noted_ms, attempts=attempts)


def roomy(name: str, *urls: str, fallback: str | None = None) -> Channel:
    """A channel that takes messages one by one, as fast as they come."""
    return Channel(name, urls, rate=AT_ONCE, digest_over=1000, fallback=fallback)


def channels(**urls: str | tuple[str, ...]) -> list[Channel]:
    return [roomy(name, *((url,) if isinstance(url, str) else url)) for name, url in urls.items()]


def send(dispatcher: Dispatcher, delivery: Delivery, *names: str) -> None:
    """Send to every destination of these channels."""
    for key in dispatcher.addresses(names, delivery.message.severity):
        assert dispatcher.send(key, delivery)
