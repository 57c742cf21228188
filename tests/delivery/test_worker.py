"""One worker against real servers. Trio's clock stands still but for `jump`; the sends are real."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import trio
from trio.testing import MockClock

from alertd.delivery.destination import Destination
from alertd.delivery.report import Outcome, Report
from alertd.delivery.worker import Patience, Worker
from tests.delivery.receivers import Answer, Hang, Received, free_port, http_receiver
from tests.delivery.samples import message_of

DOWN = Answer(503)
RETRYING, DELIVERED, UNDELIVERED = Outcome.RETRYING, Outcome.DELIVERED, Outcome.UNDELIVERED


class Desk:
    """A worker at work, and what it reported. Its jitter always draws one half."""

    def __init__(self, url: str, patience: Patience | None = None) -> None:
        self.reports: Received[Report] = Received()
        self.worker = Worker(
            Destination("hook", url),
            report=self.reports.add,
            patience=patience or Patience(),
            draw=lambda: 0.5,
        )

    def submit(self, *titles: str) -> None:
        for title in titles:
            self.worker.submit(message_of(title))

    async def outcomes(self, count: int) -> list[Outcome]:
        return [report.outcome for report in await self.reports.expect(count)]


@asynccontextmanager
async def desk_at(url: str, patience: Patience | None = None) -> AsyncGenerator[Desk]:
    desk = Desk(url, patience)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.worker.run)
        yield desk
        nursery.cancel_scope.cancel()


async def test_messages_arrive_in_the_order_of_their_submission() -> None:
    titles = [f"alert {number}" for number in range(20)]
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit(*titles)
            await desk.reports.expect(20)
        assert receiver.titles() == titles


async def test_a_delivery_is_reported_with_where_what_and_when() -> None:
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            (report,) = await desk.reports.expect(1)
    assert (report.destination, report.message.title) == ("hook: JSON", "first")
    assert (report.outcome, report.attempt, report.reason) == (DELIVERED, 1, "")
    assert 0 <= report.latency_s < 10


async def test_a_failure_is_tried_again_after_the_back_off(mock_clock: MockClock) -> None:
    with http_receiver(DOWN, Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            (failed,) = await desk.reports.expect(1)
            assert (failed.outcome, failed.attempt) == (RETRYING, 1)
            assert "HTTP 503" in failed.reason
            assert failed.retry_in_s == 0.5
            mock_clock.jump(0.5)
            delivered = (await desk.reports.expect(2))[1]
    assert (delivered.outcome, delivered.attempt) == (DELIVERED, 2)
    assert delivered.latency_s == 0.5


async def test_the_back_off_doubles_with_each_failure(mock_clock: MockClock) -> None:
    waits = []
    with http_receiver(DOWN) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            for count in range(1, 5):
                waits.append((await desk.reports.expect(count))[-1].retry_in_s)
                mock_clock.jump(waits[-1])
    assert waits == [0.5, 1.0, 2.0, 4.0]


async def test_what_waits_behind_a_failure_keeps_its_place(mock_clock: MockClock) -> None:
    with http_receiver(DOWN, Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first", "second")
            await desk.reports.expect(1)
            mock_clock.jump(0.5)
            await desk.reports.expect(3)
        assert receiver.titles() == ["first", "first", "second"]


async def test_a_refusal_that_no_retry_mends_is_given_up_at_once_and_the_next_is_sent() -> None:
    with http_receiver(Answer(400), Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("refused", "fine")
            assert await desk.outcomes(2) == [UNDELIVERED, DELIVERED]
            assert "HTTP 400" in desk.reports[0].reason
        assert receiver.titles() == ["refused", "fine"]


async def test_a_message_that_grew_too_old_is_given_up(mock_clock: MockClock) -> None:
    url = f"json://127.0.0.1:{free_port()}"
    async with desk_at(url, Patience(give_up_after_s=1.0)) as desk:
        desk.submit("first")
        assert await desk.outcomes(1) == [RETRYING]
        mock_clock.jump(0.5)
        last = (await desk.reports.expect(2))[1]
    assert (last.outcome, last.attempt) == (UNDELIVERED, 2)
    assert last.reason == "connection refused"


async def test_behind_one_that_grew_too_old_each_is_still_tried_once(mock_clock: MockClock) -> None:
    with http_receiver(DOWN) as receiver:
        async with desk_at(receiver.url(), Patience(give_up_after_s=0.5)) as desk:
            desk.submit("first", "second")
            await desk.reports.expect(1)
            mock_clock.jump(0.5)
            assert await desk.outcomes(3) == [RETRYING, UNDELIVERED, UNDELIVERED]
        assert receiver.titles() == ["first", "first", "second"]


async def test_a_send_without_an_answer_is_given_up_after_its_deadline(
    mock_clock: MockClock,
) -> None:
    with http_receiver(Hang(), Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            await receiver.received.expect(1)
            mock_clock.jump(30)
            (hung,) = await desk.reports.expect(1)
            assert (hung.outcome, hung.reason) == (RETRYING, "no answer within 30 s")
            mock_clock.jump(hung.retry_in_s)
            assert await desk.outcomes(2) == [RETRYING, DELIVERED]


async def test_what_a_hanging_thread_holds_is_not_used_again(mock_clock: MockClock) -> None:
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            held = desk.worker._destination._apprise
            desk.submit("first")
            await receiver.received.expect(1)
            mock_clock.jump(30)
            await desk.reports.expect(1)
            assert desk.worker._destination._apprise is not held


async def test_a_service_that_always_hangs_gathers_no_more_than_two_threads(
    mock_clock: MockClock,
) -> None:
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            for attempt in (1, 2):
                await receiver.received.expect(attempt)
                mock_clock.jump(30)
                (*_, hung) = await desk.reports.expect(attempt)
                mock_clock.jump(hung.retry_in_s)
            await trio.testing.wait_all_tasks_blocked()
            assert desk.worker._threads.borrowed_tokens == 2
            assert desk.worker._threads.statistics().tasks_waiting == 1


async def test_an_attempt_that_finds_no_free_thread_fails_at_its_deadline_too(
    mock_clock: MockClock,
) -> None:
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first")
            for attempt in (1, 2, 3):
                await receiver.received.expect(min(attempt, 2))
                await trio.testing.wait_all_tasks_blocked()
                mock_clock.jump(30)
                (*_, hung) = await desk.reports.expect(attempt)
                assert (hung.outcome, hung.attempt) == (RETRYING, attempt)
                mock_clock.jump(hung.retry_in_s)


async def test_a_full_queue_gives_up_its_oldest_message_and_says_so() -> None:
    desk = Desk("json://127.0.0.1:9", Patience(queue=2))
    desk.submit("first", "second", "third")
    (lost,) = desk.reports.so_far()
    assert (lost.message.title, lost.outcome, lost.attempt) == ("first", UNDELIVERED, 0)
    assert lost.reason == "2 newer alerts were waiting behind it"


async def test_a_closed_worker_ends_when_its_queue_is_empty() -> None:
    with http_receiver() as receiver:
        desk = Desk(receiver.url())
        desk.submit("first", "second")
        desk.worker.close()
        await desk.worker.run()
        assert receiver.titles() == ["first", "second"]


async def test_an_abandoned_worker_reports_what_it_was_sending_and_what_waited(
    mock_clock: MockClock,
) -> None:
    with http_receiver(DOWN) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit("first", "second")
            await desk.reports.expect(1)
        desk.worker.abandon()
    _, first, second = desk.reports.so_far()
    assert (first.message.title, first.outcome, first.attempt) == ("first", UNDELIVERED, 1)
    assert first.reason.startswith(
        "alertd stopped while it was being sent; the last attempt: it is down"
    )
    assert (second.message.title, second.outcome, second.attempt) == ("second", UNDELIVERED, 0)
    assert second.reason == "alertd stopped before it was sent"


@pytest.mark.parametrize("delivered", [1, 3])
async def test_an_abandoned_worker_reports_nothing_that_was_delivered(delivered: int) -> None:
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.submit(*"abc"[:delivered])
            await desk.reports.expect(delivered)
        desk.worker.abandon()
    assert len(desk.reports) == delivered
