"""What an outbox goes by: its destination, what the channel wants of it, and the time."""

import attrs

from alertd.delivery.channel import NO_PICTURES, Channel, Charting, Quiet
from alertd.delivery.destination import Destination
from alertd.delivery.pace import rates_for
from alertd.delivery.services import Limits
from alertd.rate import Rate


@attrs.frozen
class Now:
    """A moment: monotonic seconds, and the machine's milliseconds since 1970."""

    s: float
    ms: int


@attrs.frozen(kw_only=True)
class Settings:
    """A destination as its outbox has to know it, and what its channel wants of it."""

    key: str
    label: str
    channel: str
    limits: Limits
    rates: tuple[Rate, ...]
    digest_over: int
    quiet: Quiet | None = None
    fallback: str | None = None
    chart: Charting = NO_PICTURES

    @classmethod
    def of(cls, destination: Destination, channel: Channel) -> "Settings":
        """Return those of a destination in its channel."""
        return cls(
            key=destination.key,
            label=destination.label,
            channel=channel.name,
            limits=destination.limits,
            rates=rates_for(destination.rates, channel.rate),
            digest_over=channel.digest_over,
            quiet=channel.quiet,
            fallback=channel.fallback,
            chart=attrs.evolve(channel.chart, zone=channel.zone),
        )
