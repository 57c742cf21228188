"""One worker a destination: it moves an outbox along, and sends what that says, in a thread."""

import random
import time
from collections.abc import Callable, Iterable, Sequence

import attrs
import trio

from alertd.delivery.carrier import Carrier
from alertd.delivery.delivery import Delivery
from alertd.delivery.destination import Destination
from alertd.delivery.outbox import Outbox
from alertd.delivery.parcel import Parcel
from alertd.delivery.patience import Patience
from alertd.delivery.pictures import Pictures
from alertd.delivery.report import Fault, Happening
from alertd.delivery.settings import Now, Settings

# Each is a line in the log and a mark in the journal, of about 70 µs.
_IN_A_TURN = 50


def now() -> Now:
    """Return the time by Trio's clock and by the machine's."""
    return Now(trio.current_time(), time.time_ns() // 1_000_000)


class Worker:
    """Delivers to one destination, and tells of all that happens.

    `settings` are its channel's; `clock` says what time it is, `draw` gives the retries' jitter.
    Without `pictures` there are none.
    """

    def __init__(  # noqa: PLR0913 - by name, but for the first two
        self,
        destination: Destination,
        settings: Settings,
        *,
        tell: Callable[[Happening], None],
        patience: Patience,
        clock: Callable[[], Now] = now,
        draw: Callable[[], float] = random.random,
        pictures: Pictures | None = None,
    ) -> None:
        self.settings = settings
        self._patience = patience
        self._carrier = Carrier(destination, patience=patience)
        self._pictures = pictures
        self._tell_of = tell
        self._clock = clock
        self._draw = draw
        self._outbox = Outbox(settings, patience=patience)
        self._is_retired = self._is_stopping = False
        self._changed = trio.Event()

    def put(self, delivery: Delivery) -> None:
        """Take a delivery, without waiting."""
        self._tell(self._outbox.put(delivery, self._clock()))
        self._changed.set()

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on; a worker that was retired is no longer."""
        if self._is_retired:
            # Nobody heard of the faults that came meanwhile: they are told again.
            self._outbox.withdraw(self._clock())
        self._is_retired = False
        self.settings = settings
        self._outbox.adopt(settings)
        self._changed.set()

    def hurry(self) -> int | None:
        """Try again at once; return how many deliveries need not wait, None if it is no sooner."""
        count = self._outbox.hurry(self._clock())
        self._changed.set()
        return count

    def retire(self, *, heir: str | None) -> None:
        """Deliver what is there, and then let `run` end. People hear of its faults no more.

        What the destination does not take is passed on to the channel `heir`, where there is one.
        """
        faults = self._outbox.withdraw(self._clock())
        self._tell(attrs.evolve(fault, is_gone=True) for fault in faults)
        self._is_retired = True
        self._outbox.adopt(attrs.evolve(self.settings, fallback=heir))
        self._changed.set()

    def stop(self) -> None:
        """Let `run` end as soon as nothing may be sent at once."""
        self._is_stopping = True
        self._changed.set()

    @property
    def fault(self) -> Fault | None:
        """The fault of which people have been told."""
        return None if self._is_retired else self._outbox.fault(self._clock())

    @property
    def waiting(self) -> int:
        """How many deliveries it has, the one that is being sent too."""
        return len(self._outbox)

    @property
    def overdue_s(self) -> float:
        """For how long what may go has waited for a destination that does not take it.

        Nobody waits for one that was retired, and nobody could do anything about it.
        """
        return 0.0 if self._is_retired else self._outbox.overdue_s(self._clock())

    async def run(self) -> None:
        """Deliver, until stopped, or retired and done."""
        while True:
            self._changed = trio.Event()
            step = self._outbox.next(self._clock())
            await self._tell_in_turns(step.happened)
            if step.parcel is not None:
                await self._deliver(step.parcel)
            elif self._is_stopping or (self._is_retired and not self._outbox):
                return
            else:
                with trio.move_on_at(step.again_s):
                    await self._changed.wait()

    def leave(self) -> None:
        """Report what is still here as left, after `run` has ended."""
        self._tell(self._outbox.leave(self._clock()))

    async def _deliver(self, parcel: Parcel) -> None:
        picture = await self._picture_of(parcel)
        sent = await self._carrier.send(parcel.message, picture, may_share=parcel.is_first_try)
        happened = self._outbox.finished(sent.failure, self._clock(), draw=self._draw())
        # People have the text: what becomes of its picture makes no difference to that.
        await self._tell_in_turns(happened)
        if sent.went_apart:
            self._outbox.accompanied(self._clock())
        if sent.left is not None and await self._may_follow():
            await self._carrier.follow(parcel.message, sent.left)
            self._outbox.accompanied(self._clock())

    async def _picture_of(self, parcel: Parcel) -> bytes | None:
        if self._pictures is None or not self._carrier.takes_pictures:
            return None
        return await self._pictures.of(parcel.message, self.settings.chart)

    async def _may_follow(self) -> bool:
        """Wait for the rates to let a picture go, and tell whether they do before long."""
        until_s = self._clock().s + self._patience.picture_s
        while True:
            self._changed = trio.Event()
            now = self._clock()
            opens_s = self._outbox.picture_opens_s(now)
            if opens_s is None or opens_s > until_s:
                return False
            if opens_s <= now.s:
                return True
            if self._is_stopping:
                return False
            with trio.move_on_at(opens_s):
                await self._changed.wait()

    async def _tell_in_turns(self, happened: Sequence[Happening]) -> None:
        """Tell of what may be thousands at once, and let tickers be taken in between."""
        # What an outbox has let go of has to be told: a message that was taken would be sent again.
        with trio.CancelScope(shield=True):
            for start in range(0, len(happened), _IN_A_TURN):
                self._tell(happened[start : start + _IN_A_TURN])
                await trio.lowlevel.checkpoint()

    def _tell(self, happened: Iterable[Happening]) -> None:
        for each in happened:
            if not (self._is_retired and isinstance(each, Fault)):
                self._tell_of(each)
