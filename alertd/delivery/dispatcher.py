"""The delivery room's door: alerts go in, and each reaches every destination that it is for."""

from collections.abc import Iterable

import trio

from alertd.delivery.channel import Channel
from alertd.delivery.destination import destinations_of
from alertd.delivery.message import compose
from alertd.delivery.report import Reporter
from alertd.delivery.worker import Patience, Worker
from alertd.engine.alert import Alert


class Dispatcher:
    """Hands alerts to one worker for each destination of each channel.

    A destination that is slow or down delays no other, nor the caller. `report` is called, in
    Trio's thread, with each outcome; it must not block. Raises `ChannelMistake` for a bad URL.
    """

    def __init__(
        self, channels: Iterable[Channel], *, report: Reporter, patience: Patience | None = None
    ) -> None:
        opened = {channel.name: destinations_of(channel) for channel in channels}
        destinations = [each for several in opened.values() for each in several]
        self.labels = tuple(destination.label for destination in destinations)
        self.secrets = frozenset().union(*(each.secrets for each in destinations))
        self._workers = {
            name: [Worker(each, report=report, patience=patience or Patience()) for each in several]
            for name, several in opened.items()
        }
        self._drain = trio.CancelScope()

    def submit(self, alert: Alert) -> None:
        """Compose the alert's message now and queue it for its rule's channels, without waiting.

        Call it before `close`.
        """
        message = compose(alert)
        for channel in dict.fromkeys(alert.rule.notify):
            for worker in self._workers[channel]:
                worker.submit(message)

    async def run(self) -> None:
        """Deliver, until `close` was called and all is delivered, or its time is over.

        However it ends, what is left is reported as undelivered, each alert by itself.
        """
        workers = [worker for several in self._workers.values() for worker in several]
        try:
            with self._drain:
                async with trio.open_nursery() as nursery:
                    for worker in workers:
                        nursery.start_soon(worker.run)
        finally:
            for worker in workers:
                worker.abandon()

    def close(self, *, drain_s: float) -> None:
        """Take no more alerts, and give those that wait, and the one being sent, so many seconds."""
        for several in self._workers.values():
            for worker in several:
                worker.close()
        self._drain.deadline = trio.current_time() + drain_s
