"""The delivery room's door: deliveries go in, and each reaches its destination, or a report."""

from collections.abc import Callable, Iterable
from itertools import islice

import trio

from alertd.delivery.channel import Channel
from alertd.delivery.delivery import Delivery
from alertd.delivery.destination import Destination, destinations_of
from alertd.delivery.patience import Patience
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Fault, Happening, Held, Reporter
from alertd.delivery.settings import Now, Settings
from alertd.delivery.worker import Worker, now
from alertd.engine.rule import Severity


class Dispatcher:
    """Hands deliveries to one worker for each destination of each channel.

    A destination that is slow or down delays no other, nor the caller. `report` is called, in
    Trio's thread, with each outcome, and `on_fault` with a destination's fault and its end; neither
    may block. Without `pictures` alerts have none. Raises `ChannelMistake` for a bad URL.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first
        self,
        channels: Iterable[Channel],
        *,
        report: Reporter,
        on_fault: Callable[[Fault], None],
        patience: Patience | None = None,
        clock: Callable[[], Now] = now,
        pictures: Pictures | None = None,
    ) -> None:
        self._report = report
        self._on_fault = on_fault
        self._patience = patience or Patience()
        self._clock = clock
        self._pictures = pictures
        self._channels: dict[str, tuple[Channel, tuple[Destination, ...]]] = {}
        self._keys: frozenset[str] = frozenset()
        # By key. Those whose destination is gone are among them until they are done.
        self._workers: dict[str, Worker] = {}
        self._nursery: trio.Nursery | None = None
        self._drain = trio.CancelScope()
        self._closed = trio.Event()
        self.replace(channels)

    def replace(self, channels: Iterable[Channel]) -> None:
        """Deliver to these channels from now on, and to no others; call it before `close`.

        A destination of the same channel and URL goes on with what it has, and what it sends. One
        that is gone delivers what it has, and ends; where it fails or refuses, and its channel is
        still there, that takes it over. Raises `ChannelMistake` for a bad URL, and then nothing has
        changed.
        """
        opened = {channel.name: (channel, destinations_of(channel)) for channel in channels}
        self._channels = opened
        self._keys = frozenset(each.key for each in self._destinations)
        for channel, destinations in opened.values():
            for destination in destinations:
                self._adopt(destination, Settings.of(destination, channel))
        for key, worker in self._workers.items():
            if key not in self._keys:
                worker.retire(heir=self._heir(worker.settings))

    @property
    def labels(self) -> tuple[str, ...]:
        """What people call the destinations."""
        return tuple(each.label for each in self._destinations)

    @property
    def secrets(self) -> frozenset[str]:
        """What is secret in the destinations' URLs."""
        return frozenset[str]().union(*(each.secrets for each in self._destinations))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that are open."""
        found = (worker.fault for worker in self._workers.values())
        return tuple(fault for fault in found if fault is not None)

    def held(self) -> tuple[Held, ...]:
        """Return what each destination holds, in the order in which they are configured."""
        found = ((each, self._workers[each.key]) for each in self._destinations)
        return tuple(
            Held(label=it.label, key=it.key, waiting=worker.waiting, fault=worker.fault)
            for it, worker in found
        )

    def addresses(self, notify: Iterable[str], severity: Severity) -> dict[str, str]:
        """Return the label of each destination that an alert of these channels goes to, by its key.

        A channel that wants only more severe ones has none, and neither has one that is gone.
        """
        addresses: dict[str, str] = {}
        for name in notify:
            if name in self._channels:
                channel, destinations = self._channels[name]
                if severity.rank >= channel.min_severity.rank:
                    addresses |= {each.key: each.label for each in destinations}
        return addresses

    def fallback_of(self, name: str) -> str | None:
        """Return the channel that takes over what this one refuses, None where there is none."""
        return self._channels[name][0].fallback if name in self._channels else None

    def renamed(self, key: str) -> dict[str, str]:
        """Return the label, by its key, of a destination with that URL, in whatever channel."""
        url = key.rpartition("/")[2]
        same = (each for each in self._destinations if each.key.rpartition("/")[2] == url)
        return {each.key: each.label for each in islice(same, 1)}

    def send(self, key: str, delivery: Delivery) -> bool:
        """Take a delivery for that destination, without waiting; False if it is not there any more.

        Call it before `close`.
        """
        if key not in self._keys:
            return False
        self._workers[key].put(delivery)
        return True

    def hurry(self, key: str) -> int | None:
        """Let a destination be tried again now; return how many deliveries need not wait for that.

        Where none waits, the next one need not; None where nothing comes sooner by it.
        What its service asked for, its rates and quiet hours are kept all the same.
        """
        return self._workers[key].hurry() if key in self._keys else None

    def overdue_s(self) -> float:
        """Return for how long what may go has waited for a destination that does not take it.

        That is of the one for which it is the longest, and 0 where all is well.
        """
        return max((worker.overdue_s for worker in self._workers.values()), default=0.0)

    async def run(self) -> None:
        """Deliver, until `close` was called and what was being sent has ended, or its time is over.

        However it ends, what is left is reported as such, each delivery by itself.
        """
        try:
            with self._drain:
                async with trio.open_nursery() as self._nursery:
                    for key, worker in self._workers.items():
                        self._nursery.start_soon(self._work, key, worker)
                    await self._closed.wait()
        finally:
            for worker in self._workers.values():
                worker.leave()

    def close(self, *, drain_s: float) -> None:
        """Take no more, and give what is being sent so many seconds.

        Nothing waits for a retry, a rate or the end of quiet hours any more: the journal has it.
        """
        for worker in self._workers.values():
            worker.stop()
        self._closed.set()
        self._drain.deadline = trio.current_time() + drain_s

    @property
    def _destinations(self) -> tuple[Destination, ...]:
        return tuple(each for _, several in self._channels.values() for each in several)

    def _heir(self, settings: Settings) -> str | None:
        """Return the channel that takes over from a destination that is gone."""
        candidates = (settings.channel, settings.fallback)
        return next((name for name in candidates if name in self._channels), None)

    def _adopt(self, destination: Destination, settings: Settings) -> None:
        if destination.key in self._workers:
            self._workers[destination.key].adopt(settings)
            return
        worker = Worker(
            destination,
            settings,
            tell=self._tell,
            patience=self._patience,
            clock=self._clock,
            pictures=self._pictures,
        )
        self._workers[destination.key] = worker
        if self._nursery is not None:
            self._nursery.start_soon(self._work, destination.key, worker)

    async def _work(self, key: str, worker: Worker) -> None:
        await worker.run()
        # At once, for other sends may last.
        worker.leave()
        del self._workers[key]

    def _tell(self, happening: Happening) -> None:
        if isinstance(happening, Fault):
            self._on_fault(happening)
        else:
            self._report(happening)
