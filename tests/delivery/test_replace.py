"""Channels that change while deliveries are under way."""

from collections.abc import AsyncIterator

import attrs
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.delivery.channel import ChannelMistake
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Fault, Outcome, Report
from tests.delivery.deliveries import channels, delivery_of, roomy, send
from tests.delivery.receivers import Answer, Hang, Received, http_receiver


@pytest.fixture
def reports() -> Received[Report]:
    return Received()


@pytest.fixture
def faults() -> Received[Fault]:
    return Received()


@pytest.fixture
async def dispatcher(
    reports: Received[Report], faults: Received[Fault], nursery: trio.Nursery
) -> AsyncIterator[Dispatcher]:
    """One that runs, and that has no channel yet."""
    running = Dispatcher([], report=reports.add, on_fault=faults.add)
    nursery.start_soon(running.run)
    await trio.testing.wait_all_tasks_blocked()
    yield running
    running.close(drain_s=0)


def send_titles(dispatcher: Dispatcher, *titles: str) -> None:
    for number, title in enumerate(titles):
        send(dispatcher, delivery_of(number, title=title), "desk")


async def test_a_channel_that_is_new_delivers(dispatcher: Dispatcher):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "up")
        await desk.received.expect(1)
        assert desk.titles() == ["up"]


async def test_a_destination_that_stays_keeps_its_queue_its_order_and_what_it_sends(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Hang()) as desk, http_receiver() as other:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "first", "second")
        await desk.received.expect(1)
        dispatcher.replace(channels(desk=(other.url(), desk.url()), more=other.url("more")))
        send(dispatcher, delivery_of(3, title="third"), "desk")
        desk.release()
        await reports.expect(4)
        assert desk.titles() == ["first", "second", "third"]
        assert other.titles() == ["third"]


async def test_a_destination_that_is_gone_delivers_what_it_had_and_ends(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Hang()) as old, http_receiver() as new:
        dispatcher.replace(channels(desk=old.url()))
        send_titles(dispatcher, "first", "second")
        await old.received.expect(1)
        dispatcher.replace(channels(desk=new.url()))
        send_titles(dispatcher, "third")
        await new.received.expect(1)
        old.release()
        await old.received.expect(2)
        await reports.expect(3)
        assert (old.titles(), new.titles()) == (["first", "second"], ["third"])
        await trio.testing.wait_all_tasks_blocked()
        assert len(dispatcher._workers) == 1


async def test_a_destination_that_comes_back_before_it_was_done_goes_on_where_it_was(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Hang()) as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "first", "second")
        await desk.received.expect(1)
        dispatcher.replace([])
        dispatcher.replace(channels(desk=desk.url()))
        send(dispatcher, delivery_of(3, title="third"), "desk")
        desk.release()
        await reports.expect(3)
        assert desk.titles() == ["first", "second", "third"]


async def test_what_a_destination_refused_goes_where_its_channel_goes_now(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Answer(401)) as old, http_receiver() as new:
        dispatcher.replace(channels(desk=old.url()))
        send_titles(dispatcher, "up")
        await reports.expect(1)
        dispatcher.replace(channels(desk=new.url()))
        passed = (await reports.expect(2))[1]
    assert (passed.outcome, passed.passed_to) == (Outcome.PASSED_ON, "desk")
    assert "401" in passed.reason


async def test_what_a_channel_that_is_gone_had_refused_goes_to_its_fallback_while_that_is_there(
    dispatcher: Dispatcher, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Hang(), Answer(401)) as desk:
        old = roomy("desk", desk.url(), fallback="mail")
        dispatcher.replace([old, *channels(mail="json://127.0.0.1:9")])
        send_titles(dispatcher, "first", "second", "third")
        await desk.received.expect(1)
        dispatcher.replace(channels(mail="json://127.0.0.1:9"))
        desk.release()
        _, *passed = await reports.expect(3)
    assert [(it.outcome, it.passed_to) for it in passed] == [(Outcome.PASSED_ON, "mail")] * 2


async def test_what_nobody_takes_over_is_kept(
    dispatcher: Dispatcher, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Hang(), Answer(401)) as desk:
        old = roomy("desk", desk.url(), fallback="mail")
        dispatcher.replace([old, *channels(mail="json://127.0.0.1:9")])
        send_titles(dispatcher, "first", "second")
        await desk.received.expect(1)
        dispatcher.replace([])
        desk.release()
        await reports.expect(2)
        dispatcher.close(drain_s=0)
        await reports.expect(3)
    assert [it.outcome for it in reports.so_far()] == [
        Outcome.DELIVERED,
        Outcome.RETRYING,
        Outcome.LEFT,
    ]


async def test_at_the_end_what_a_channel_that_is_gone_still_has_is_left(
    reports: Received[Report],
):
    with http_receiver(Hang()) as old:
        dispatcher = Dispatcher(
            channels(desk=old.url()), report=reports.add, on_fault=Received[Fault]().add
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            send_titles(dispatcher, "first", "second")
            await old.received.expect(1)
            dispatcher.replace([])
            dispatcher.close(drain_s=0)
    left = [(report.message.title, report.outcome) for report in reports.so_far()]
    assert left == [("first", Outcome.LEFT), ("second", Outcome.LEFT)]


async def test_a_kept_destination_is_called_by_its_new_label(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=(desk.url("a"), desk.url("b"))))
        dispatcher.replace(channels(desk=desk.url("b")))
        send_titles(dispatcher, "up")
        (report,) = await reports.expect(1)
    assert report.destination == "desk: JSON"
    assert dispatcher.labels == ("desk: JSON",)


async def test_a_kept_destination_goes_by_its_channels_new_settings(
    dispatcher: Dispatcher, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Hang()) as desk:
        channel = roomy("desk", desk.url())
        dispatcher.replace([channel])
        send_titles(dispatcher, "first", "second", "third")
        await desk.received.expect(1)
        dispatcher.replace([attrs.evolve(channel, digest_over=1)])
        desk.release()
        await reports.expect(2)
        assert desk.titles() == ["first", "2 alerts"]


async def test_nobody_waits_for_a_destination_that_is_gone(
    dispatcher: Dispatcher, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Answer(401)) as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "up")
        await reports.expect(1)
        mock_clock.jump(60)
        assert dispatcher.overdue_s() >= 60
        dispatcher.replace([])
        assert dispatcher.overdue_s() == 0


async def test_a_fault_of_a_destination_that_is_gone_is_over(
    dispatcher: Dispatcher, faults: Received[Fault]
):
    with http_receiver(Answer(401)) as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "up")
        (opened,) = await faults.expect(1)
        assert dispatcher.faults[0].reason == opened.reason
        dispatcher.replace([])
    told = [(fault.is_open, fault.is_gone) for fault in faults.so_far()]
    assert told == [(True, False), (False, True)]
    assert dispatcher.faults == ()


async def test_a_fault_of_a_destination_that_comes_back_is_told_again(
    dispatcher: Dispatcher, faults: Received[Fault]
):
    with http_receiver(Answer(401)) as desk:
        for there in (channels(desk=desk.url()), [], channels(desk=desk.url())):
            dispatcher.replace(there)
            await trio.testing.wait_all_tasks_blocked()
            if there and not faults.so_far():
                send_titles(dispatcher, "up")
                await faults.expect(1)
        await faults.expect(3)
    assert [fault.is_open for fault in faults.so_far()] == [True, False, True]


async def test_a_fault_that_comes_when_a_destination_is_gone_is_not_told(
    dispatcher: Dispatcher,
    reports: Received[Report],
    faults: Received[Fault],
    mock_clock: MockClock,
):
    with http_receiver(Answer(503), Answer(401)) as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send_titles(dispatcher, "up")
        await reports.expect(1)
        dispatcher.replace([])
        mock_clock.jump(60)
        assert "401" in (await reports.expect(2))[1].reason
    assert faults.so_far() == []
    assert dispatcher.faults == ()


async def test_the_secrets_are_those_of_the_channels_of_now(dispatcher: Dispatcher):
    dispatcher.replace(channels(a="json://127.0.0.1/t0ken-a"))
    dispatcher.replace(channels(b="json://127.0.0.1/t0ken-b"))
    assert dispatcher.secrets == {"t0ken-b"}


async def test_channels_with_a_bad_url_change_nothing(dispatcher: Dispatcher):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=desk.url()))
        with pytest.raises(ChannelMistake, match="tgram://"):
            dispatcher.replace(channels(other=desk.url("other"), phone="tgrm://1/2"))
        send_titles(dispatcher, "up")
        await desk.received.expect(1)


async def test_a_url_that_stands_twice_in_a_channel_is_told_once(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=(desk.url(), desk.url())))
        send_titles(dispatcher, "first", "second")
        await reports.expect(2)
        assert desk.titles() == ["first", "second"]
