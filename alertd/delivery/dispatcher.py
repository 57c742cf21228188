"""The delivery room's door: alerts go in, and each reaches every destination that it is for."""

from collections.abc import Iterable, Mapping

import trio

from alertd.delivery.channel import Channel
from alertd.delivery.destination import Destination, destinations_of
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
        self._report = report
        self._patience = patience or Patience()
        # Channel -> URL -> who delivers there. Those of channels that are gone are among the
        # `_workers` until they have delivered what they had.
        self._routes: Mapping[str, Mapping[str, Worker]] = {}
        self._workers: list[Worker] = []
        self._nursery: trio.Nursery | None = None
        self._drain = trio.CancelScope()
        self._closed = trio.Event()
        self.replace(channels)

    def replace(self, channels: Iterable[Channel]) -> None:
        """Deliver to these channels from now on, and to no others; call it before `close`.

        A destination of the same channel and URL goes on with what it has, and what it sends. One
        that is gone delivers what it has, and ends. Raises `ChannelMistake` for a bad URL, and then
        nothing has changed.
        """
        opened = {channel.name: destinations_of(channel) for channel in channels}
        self.labels = tuple(each.label for several in opened.values() for each in several)
        self.secrets: frozenset[str] = frozenset().union(
            *(each.secrets for several in opened.values() for each in several)
        )
        before = self._routes
        self._routes = {
            name: self._workers_for(several, before.get(name, {}))
            for name, several in opened.items()
        }
        kept = {worker for several in self._routes.values() for worker in several.values()}
        for several in before.values():
            for worker in several.values():
                if worker not in kept:
                    worker.close()

    def submit(self, alert: Alert) -> None:
        """Compose the alert's message now and queue it for its rule's channels, without waiting.

        Call it before `close`.
        """
        message = compose(alert)
        for channel in dict.fromkeys(alert.rule.notify):
            for worker in self._routes[channel].values():
                worker.submit(message)

    async def run(self) -> None:
        """Deliver, until `close` was called and all is delivered, or its time is over.

        However it ends, what is left is reported as undelivered, each alert by itself.
        """
        try:
            with self._drain:
                async with trio.open_nursery() as self._nursery:
                    for worker in self._workers:
                        self._nursery.start_soon(self._work, worker)
                    await self._closed.wait()
        finally:
            for worker in self._workers:
                worker.abandon()

    def close(self, *, drain_s: float) -> None:
        """Take no more alerts, and give those that wait, and the one being sent, so many seconds."""
        for several in self._routes.values():
            for worker in several.values():
                worker.close()
        self._closed.set()
        self._drain.deadline = trio.current_time() + drain_s

    def _workers_for(
        self, destinations: Iterable[Destination], before: Mapping[str, Worker]
    ) -> dict[str, Worker]:
        workers: dict[str, Worker] = {}
        for destination in destinations:
            worker = before.get(destination.url)
            if worker is None:
                worker = self._start(destination)
            else:
                worker.label = destination.label
            workers[destination.url] = worker
        return workers

    def _start(self, destination: Destination) -> Worker:
        worker = Worker(destination, report=self._report, patience=self._patience)
        self._workers.append(worker)
        if self._nursery is not None:
            self._nursery.start_soon(self._work, worker)
        return worker

    async def _work(self, worker: Worker) -> None:
        await worker.run()
        self._workers.remove(worker)
