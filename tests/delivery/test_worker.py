"""One worker against real servers. Trio's clock stands still but for `jump`; the sends are real."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import trio
import trio.testing
from trio.testing import MockClock

from alertd.delivery.destination import Destination
from alertd.delivery.patience import Patience
from alertd.delivery.report import Happening, Outcome, Report
from alertd.delivery.settings import Settings
from alertd.delivery.worker import Worker
from tests.delivery.deliveries import delivery_of, roomy
from tests.delivery.receivers import Answer, Hang, Received, http_receiver

DOWN = Answer(503)
RETRYING, DELIVERED = Outcome.RETRYING, Outcome.DELIVERED


class Desk:
    """A worker at work, and what it reported. Its jitter always draws one half."""

    def __init__(self, url: str) -> None:
        self.reports: Received[Report] = Received()
        destination = Destination("hook", url)
        self.worker = Worker(
            destination,
            Settings.of(destination, roomy("hook", url)),
            tell=self._take,
            patience=Patience(),
            draw=lambda: 0.5,
        )

    def _take(self, happening: Happening) -> None:
        if isinstance(happening, Report):
            self.reports.add(happening)

    def put(self, *titles: str) -> None:
        for number, title in enumerate(titles):
            self.worker.put(delivery_of(number, title=title))

    async def outcomes(self, count: int) -> list[Outcome]:
        return [report.outcome for report in await self.reports.expect(count)]


@asynccontextmanager
async def desk_at(url: str) -> AsyncGenerator[Desk]:
    desk = Desk(url)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(desk.worker.run)
        yield desk
        nursery.cancel_scope.cancel()


async def test_messages_arrive_in_the_order_of_their_numbers():
    titles = [f"alert {number}" for number in range(20)]
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put(*titles)
            await desk.reports.expect(20)
        assert receiver.titles() == titles


async def test_a_delivery_is_reported_with_where_what_and_when():
    with http_receiver() as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first")
            (report,) = await desk.reports.expect(1)
    assert (report.destination, report.message.title) == ("hook: JSON", "first")
    assert report.key == Destination("hook", receiver.url()).key
    assert (report.outcome, report.attempt, report.reason) == (DELIVERED, 1, "")
    assert 0 <= report.latency_s < 10


async def test_a_failure_is_tried_again_after_the_back_off(mock_clock: MockClock):
    with http_receiver(DOWN, Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first")
            (failed,) = await desk.reports.expect(1)
            assert (failed.outcome, failed.attempt) == (RETRYING, 1)
            assert "HTTP 503" in failed.reason
            assert failed.retry_in_s == 0.5
            mock_clock.jump(0.5)
            delivered = (await desk.reports.expect(2))[1]
    assert (delivered.outcome, delivered.attempt) == (DELIVERED, 2)
    assert delivered.latency_s == 0.5


async def test_what_waits_behind_a_failure_keeps_its_place(mock_clock: MockClock):
    with http_receiver(DOWN, Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first", "second")
            await desk.reports.expect(1)
            mock_clock.jump(0.5)
            await desk.reports.expect(3)
        assert receiver.titles() == ["first", "first", "second"]


async def test_a_send_without_an_answer_is_given_up_after_its_deadline(mock_clock: MockClock):
    with http_receiver(Hang(), Answer()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first")
            await receiver.received.expect(1)
            mock_clock.jump(30)
            (hung,) = await desk.reports.expect(1)
            assert (hung.outcome, hung.reason) == (RETRYING, "no answer within 30 s")
            mock_clock.jump(hung.retry_in_s)
            assert await desk.outcomes(2) == [RETRYING, DELIVERED]


async def test_what_a_hanging_thread_holds_is_not_used_again(mock_clock: MockClock):
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            held = desk.worker._carrier._destination._apprise
            desk.put("first")
            await receiver.received.expect(1)
            mock_clock.jump(30)
            await desk.reports.expect(1)
            assert desk.worker._carrier._destination._apprise is not held


async def test_a_service_that_always_hangs_gathers_no_more_than_two_threads(
    mock_clock: MockClock,
):
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first")
            for attempt in (1, 2):
                await receiver.received.expect(attempt)
                mock_clock.jump(30)
                (*_, hung) = await desk.reports.expect(attempt)
                mock_clock.jump(hung.retry_in_s)
            await trio.testing.wait_all_tasks_blocked()
            assert desk.worker._carrier._threads.borrowed_tokens == 2
            assert desk.worker._carrier._threads.statistics().tasks_waiting == 1


async def test_an_attempt_that_finds_no_free_thread_fails_at_its_deadline_too(
    mock_clock: MockClock,
):
    with http_receiver(Hang()) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first")
            for attempt in (1, 2, 3):
                await receiver.received.expect(min(attempt, 2))
                await trio.testing.wait_all_tasks_blocked()
                mock_clock.jump(30)
                (*_, hung) = await desk.reports.expect(attempt)
                assert (hung.outcome, hung.attempt) == (RETRYING, attempt)
                mock_clock.jump(hung.retry_in_s)


async def test_a_retired_worker_ends_when_nothing_is_left(mock_clock: MockClock):
    with http_receiver() as receiver:
        desk = Desk(receiver.url())
        desk.put("first", "second")
        desk.worker.retire(heir=None)
        await desk.worker.run()
        assert receiver.titles() == ["first", "second"]


async def test_a_worker_that_was_stopped_leaves_what_waits_for_another_try(mock_clock: MockClock):
    with http_receiver(DOWN) as receiver:
        async with desk_at(receiver.url()) as desk:
            desk.put("first", "second")
            await desk.reports.expect(1)
            desk.worker.stop()
        desk.worker.leave()
    left = [(it.message.title, it.outcome, it.attempt) for it in desk.reports.so_far()[1:]]
    assert left == [("first", Outcome.LEFT, 1), ("second", Outcome.LEFT, 0)]
