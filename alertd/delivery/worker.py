"""One worker a destination: its messages in order, retried while that can help.

Order is kept by never sending two messages at once: one that fails holds back those behind it until
it is delivered or given up. What bounds the wait is the message's age and not a count of attempts:
behind one that was tried for an hour, the others are no longer tried for an hour each.
"""

import random
from collections.abc import Callable

import attrs
import trio

from alertd.backoff import Backoff
from alertd.delivery.destination import Destination
from alertd.delivery.failure import Failure
from alertd.delivery.message import Message
from alertd.delivery.report import Outcome, Report, Reporter

_BACKOFF = Backoff(first_s=1.0, cap_s=60.0)


@attrs.frozen(kw_only=True)
class Patience:
    """How long a destination is waited for, in seconds; `queue` is in messages.

    The queue holds an hour of Slack's one message a second, several times what one crash of the
    whole market gives, in about 5 MB.
    """

    send_s: float = 30.0
    give_up_after_s: float = 3600.0
    backoff: Backoff = _BACKOFF
    queue: int = 4000


@attrs.define
class _Delivery:
    message: Message
    submitted_at: float
    attempt: int = 0
    failure: Failure | None = None


class Worker:
    """Delivers to one destination, and reports each outcome, under its `label`.

    `draw` gives the retries' jitter.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        report: Reporter,
        patience: Patience,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.label = destination.label
        self._destination = destination
        self._report_to = report
        self._patience = patience
        self._draw = draw
        self._inbox, self._outbox = trio.open_memory_channel[_Delivery](patience.queue)
        self._current: _Delivery | None = None
        # Two: while one thread hangs in a send that was given up, another can try again. No more,
        # so that a service which hangs every time does not gather threads.
        self._threads = trio.CapacityLimiter(2)

    def submit(self, message: Message) -> None:
        """Queue a message, without waiting. A full queue gives up its oldest one, and reports it.

        The oldest, because an alert's worth falls with its age.
        """
        delivery = _Delivery(message, trio.current_time())
        try:
            self._inbox.send_nowait(delivery)
        except trio.WouldBlock:
            oldest = self._outbox.receive_nowait()
            self._inbox.send_nowait(delivery)
            self._give_up(oldest, f"{self._patience.queue} newer alerts were waiting behind it")

    def close(self) -> None:
        """Take no more messages; `run` ends when those that wait are done with."""
        self._inbox.close()

    async def run(self) -> None:
        """Deliver until `close` was called and nothing waits any more."""
        async for delivery in self._outbox:
            self._current = delivery
            await self._deliver(delivery)
            self._current = None

    def abandon(self) -> None:
        """Report as undelivered what is still here, after `run` was cancelled."""
        if self._current is not None:
            failure = self._current.failure
            why = f"; the last attempt: {failure.reason}" if failure else ""
            self._give_up(self._current, f"alertd stopped while it was being sent{why}")
        while self._outbox.statistics().current_buffer_used:
            self._give_up(self._outbox.receive_nowait(), "alertd stopped before it was sent")

    async def _deliver(self, delivery: _Delivery) -> None:
        while True:
            delivery.attempt += 1
            failure = await self._send(delivery.message)
            if failure is None:
                self._report(delivery, Outcome.DELIVERED)
                return
            delivery.failure = failure
            wait_s = self._patience.backoff.delay_s(delivery.attempt, self._draw())
            if failure.is_final or self._age_s(delivery) + wait_s > self._patience.give_up_after_s:
                self._give_up(delivery, failure.reason)
                return
            self._report(delivery, Outcome.RETRYING, reason=failure.reason, retry_in_s=wait_s)
            await trio.sleep(wait_s)

    async def _send(self, message: Message) -> Failure | None:
        failure: Failure | None = Failure(f"no answer within {self._patience.send_s:g} s")
        with trio.move_on_after(self._patience.send_s) as deadline:
            failure = await trio.to_thread.run_sync(
                self._destination.send, message, abandon_on_cancel=True, limiter=self._threads
            )
        if deadline.cancelled_caught:
            self._destination.renew()
        return failure

    def _age_s(self, delivery: _Delivery) -> float:
        return trio.current_time() - delivery.submitted_at

    def _give_up(self, delivery: _Delivery, reason: str) -> None:
        self._report(delivery, Outcome.UNDELIVERED, reason=reason)

    def _report(
        self, delivery: _Delivery, outcome: Outcome, *, reason: str = "", retry_in_s: float = 0.0
    ) -> None:
        self._report_to(
            Report(
                destination=self.label,
                message=delivery.message,
                outcome=outcome,
                attempt=delivery.attempt,
                latency_s=self._age_s(delivery),
                reason=reason,
                retry_in_s=retry_in_s,
            )
        )
