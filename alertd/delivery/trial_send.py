"""What `alertd test-notify` does: a real message to each destination, to see if it is taken."""

from collections.abc import Callable, Iterable

import attrs
import trio

from alertd.delivery.channel import Channel
from alertd.delivery.destination import Destination, destinations_of
from alertd.delivery.failure import Failure
from alertd.delivery.message import Message
from alertd.engine.rule import Severity

DEADLINE_S = 30.0


@attrs.frozen(kw_only=True)
class Tried:
    """How a destination, known by its label, took a message; `failure` is None where it did."""

    channel: str
    destination: str
    failure: Failure | None
    latency_ms: int


async def try_all(
    channels: Iterable[Channel],
    *,
    time_ms: int,
    report: Callable[[Tried], None],
    deadline_s: float = DEADLINE_S,
) -> None:
    """Send a message to every destination of the channels, all at once, and report each as it ends.

    `time_ms` is the machine's, for the message to show. Raises `ChannelMistake` for a bad URL.
    """
    opened = [(channel.name, destinations_of(channel)) for channel in channels]
    async with trio.open_nursery() as nursery:
        for name, destinations in opened:
            message = _message(name, time_ms)
            for destination in destinations:
                nursery.start_soon(_try, name, destination, message, report, deadline_s)


async def _try(
    channel: str,
    destination: Destination,
    message: Message,
    report: Callable[[Tried], None],
    deadline_s: float,
) -> None:
    started_at = trio.current_time()
    failure: Failure | None = Failure(f"no answer within {deadline_s:g} s")
    with trio.move_on_after(deadline_s):
        failure = await trio.to_thread.run_sync(
            destination.send, message, abandon_on_cancel=True, limiter=trio.CapacityLimiter(1)
        )
    latency_ms = round(1000 * (trio.current_time() - started_at))
    report(
        Tried(
            channel=channel,
            destination=destination.label,
            failure=failure,
            latency_ms=latency_ms,
        )
    )


def _message(channel: str, time_ms: int) -> Message:
    return Message(
        title="alertd: this is a test",
        body=f"Alerts for the channel {channel} will arrive here, as this message did.",
        severity=Severity.INFO,
        rule="alertd",
        symbol="",
        time_ms=time_ms,
    )
