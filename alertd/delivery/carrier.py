"""What sends to one destination, in threads: the text above all, and a picture where one goes along.

Theory of operation. A picture may share a message with its text, or follow it. Where they share one
and that fails, the text goes alone at once, in what is left of the time that one send has; whoever
tries again later sends the text first. A picture that follows is sent once its text is known to be
delivered, and what becomes of it changes nothing about that. So a picture is never a reason to send
a text twice, but for the one that there always is: an answer that was lost. Where a service takes
texts and fails at pictures, it is sent none for a while.
"""

import logging
from collections.abc import Callable

import attrs
import trio

from alertd.delivery.destination import Destination
from alertd.delivery.failure import Failure
from alertd.delivery.message import Message
from alertd.delivery.patience import Patience

_log = logging.getLogger(__name__)


@attrs.frozen
class Sent:
    """What came of a message: its failure, and the picture that is left to follow it, if any.

    If it `went_apart`, the picture had gone with it before, in vain: a message more to the service.
    """

    failure: Failure | None
    left: bytes | None = None
    went_apart: bool = False


class Carrier:
    """Sends to a destination, one thing at a time."""

    def __init__(self, destination: Destination, *, patience: Patience) -> None:
        self._destination = destination
        self._patience = patience
        self._pictures_from_s = float("-inf")
        # Two: while one thread hangs in a send that was given up, another can try again. No more,
        # so that a service which hangs every time does not gather threads.
        self._threads = trio.CapacityLimiter(2)

    @property
    def takes_pictures(self) -> bool:
        """Whether a picture may go there now."""
        is_time = trio.current_time() >= self._pictures_from_s
        return is_time and self._destination.attaching is not None

    async def send(self, message: Message, picture: bytes | None, *, may_share: bool) -> Sent:
        """Send a message; it `may_share` one with its picture where the service wants that."""
        attaching = self._destination.attaching
        deadline_s = trio.current_time() + self._patience.send_s
        if picture is None or attaching is None:
            return Sent(await self._send(message, deadline_s))
        if may_share and attaching.goes_within(message.title, message.body):
            return await self._send_shared(message, picture, deadline_s)
        failure = await self._send(message, deadline_s)
        if failure is not None or not attaching.after:
            return Sent(failure)
        return Sent(None, left=picture)

    async def follow(self, message: Message, picture: bytes) -> None:
        """Send the picture of a message that was taken."""
        deadline_s = trio.current_time() + self._patience.picture_s
        sending = self._destination.send_picture
        failure = await self._in_thread(lambda: sending(message, picture), deadline_s)
        if failure is not None:
            self._do_without(failure)

    async def _send_shared(self, message: Message, picture: bytes, deadline_s: float) -> Sent:
        attaching, sending = self._destination.attaching, self._destination.send
        assert attaching is not None, "there would be no picture"  # noqa: S101
        until_s = min(deadline_s, trio.current_time() + attaching.patience_s)
        refused = await self._in_thread(lambda: sending(message, picture), until_s)
        if refused is None or refused.retry_after_s is not None:
            return Sent(refused)
        failure = await self._send(message, deadline_s)
        if failure is None:
            self._do_without(refused)
        return Sent(failure, went_apart=True)

    async def _send(self, message: Message, deadline_s: float) -> Failure | None:
        return await self._in_thread(lambda: self._destination.send(message), deadline_s)

    async def _in_thread(
        self, sending: Callable[[], Failure | None], deadline_s: float
    ) -> Failure | None:
        patience_s = deadline_s - trio.current_time()
        failure: Failure | None = Failure(f"no answer within {patience_s:g} s")
        with trio.move_on_at(deadline_s) as deadline:
            failure = await trio.to_thread.run_sync(
                sending, abandon_on_cancel=True, limiter=self._threads
            )
        if deadline.cancelled_caught:
            self._destination.renew()
        return failure

    def _do_without(self, failure: Failure) -> None:
        for_s = self._patience.no_pictures_s
        self._pictures_from_s = trio.current_time() + for_s
        text = "%s took a text and not its picture, it is sent none for %g minutes: %s"
        about = {"event": "delivery.no-picture", "fields": {"destination": self._destination.label}}
        _log.warning(text, self._destination.label, for_s / 60, failure.reason, extra=about)
