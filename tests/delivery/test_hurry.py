"""Somebody knows better: a destination is tried again before its time."""

import attrs
import trio
import trio.testing
from trio.testing import MockClock

from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.failure import Failure
from alertd.delivery.report import Fault, Outcome, Report
from alertd.engine.rule import Severity
from alertd.rate import Rate
from tests.delivery.deliveries import channels, delivery_of, send
from tests.delivery.post import REFUSED, SETTINGS, Post, down_until
from tests.delivery.receivers import Answer, Received, http_receiver


def tried_until(post: Post, end_s: float) -> list[float]:
    """When something was sent after now, until then."""
    known = len(post.sent)
    post.pass_until(end_s)
    return post.times()[known:]


def test_what_waits_for_a_retry_goes_at_once():
    post = Post(down_until(1000))
    post.put(delivery_of(1), delivery_of(2))
    post.pass_until(1001)
    assert post.outbox.hurry(post.now) == 2
    assert tried_until(post, 1001) == [1001]
    assert post.came_of(Outcome.DELIVERED) == [1]


def test_a_destination_that_refused_is_probed_at_once():
    post = Post(down_until(10, REFUSED))
    post.put(delivery_of(1))
    post.pass_until(11)
    assert post.outbox.hurry(post.now) == 1
    post.pass_until(11)
    assert post.came_of(Outcome.DELIVERED) == [1]
    assert [fault.is_open for _, fault in post.faults] == [True, False]


def test_the_next_alert_is_tried_at_once_where_none_waits():
    post = Post(down_until(10, REFUSED), attrs.evolve(SETTINGS, fallback="mail"))
    post.put(delivery_of(1))
    post.pass_until(11)
    assert post.outbox.hurry(post.now) == 0
    post.put(delivery_of(2))
    post.pass_until(11)
    assert post.came_of(Outcome.PASSED_ON) == [1]
    assert post.came_of(Outcome.DELIVERED) == [2]


def test_a_try_in_haste_that_fails_goes_on_with_the_back_off():
    post = Post(down_until(1000))
    post.put(delivery_of(1))
    post.pass_until(100)
    post.outbox.hurry(post.now)
    first, second = tried_until(post, 160)[:2]
    assert first == 100
    assert second > 101


def test_a_pause_that_the_service_asked_for_is_kept():
    post = Post(down_until(1, Failure("HTTP 429", retry_after_s=60)))
    post.put(delivery_of(1))
    post.pass_until(10)
    assert post.outbox.hurry(post.now) is None
    assert tried_until(post, 100) == [60]


def test_rates_are_kept():
    post = Post(down_until(1), attrs.evolve(SETTINGS, rates=(Rate(1, 30),)))
    post.put(delivery_of(1))
    post.pass_until(0)
    post.outbox.hurry(post.now)
    assert tried_until(post, 100) == [30]


def test_where_all_is_well_there_is_nothing_to_hurry():
    post = Post(settings=attrs.evolve(SETTINGS, rates=(Rate(1, 30),)))
    post.put(delivery_of(1), delivery_of(2))
    post.pass_until(1)
    assert post.outbox.hurry(post.now) is None


async def test_a_worker_that_waits_for_its_probe_is_woken(mock_clock: MockClock):
    reports, faults = Received[Report](), Received[Fault]()
    with http_receiver(Answer(401), Answer(200)) as receiver:
        desk = channels(desk=receiver.url())
        dispatcher = Dispatcher(desk, report=reports.add, on_fault=faults.add)
        (key,) = dispatcher.addresses(["desk"], Severity.INFO)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            send(dispatcher, delivery_of(), "desk")
            await reports.expect(1)
            await trio.testing.wait_all_tasks_blocked()
            assert dispatcher.hurry(key) == 1
            _, delivered = await reports.expect(2)
            nursery.cancel_scope.cancel()
    assert (delivered.outcome, delivered.attempt) == (Outcome.DELIVERED, 2)


def test_nobody_hurries_who_is_not_there():
    dispatcher = Dispatcher([], report=Received[Report]().add, on_fault=Received[Fault]().add)
    assert dispatcher.hurry("desk/0123456789ab") is None
