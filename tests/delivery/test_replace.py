"""Channels that change while deliveries are under way."""

from collections.abc import AsyncIterator

import pytest
import trio
import trio.testing

from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Outcome, Report
from alertd.engine.alert import Alert
from tests.delivery.receivers import Hang, Received, http_receiver
from tests.delivery.samples import alert_of, rule_of


def channels(**urls: str | tuple[str, ...]) -> list[Channel]:
    return [Channel(name, (url,) if isinstance(url, str) else url) for name, url in urls.items()]


def alert_for(*names: str, name: str) -> Alert:
    return alert_of(rule_of(name=name, notify=names, title="{{ rule }}"))


@pytest.fixture
def reports() -> Received[Report]:
    return Received()


@pytest.fixture
async def dispatcher(reports: Received[Report], nursery: trio.Nursery) -> AsyncIterator[Dispatcher]:
    """One that runs, and that has no channel yet."""
    running = Dispatcher([], report=reports.add)
    nursery.start_soon(running.run)
    await trio.testing.wait_all_tasks_blocked()
    yield running
    running.close(drain_s=0)


async def test_a_channel_that_is_new_delivers(dispatcher: Dispatcher):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=desk.url()))
        dispatcher.submit(alert_for("desk", name="up"))
        await desk.received.expect(1)
        assert desk.titles() == ["up"]


async def test_a_destination_that_stays_keeps_its_queue_its_order_and_what_it_sends(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Hang()) as desk, http_receiver() as other:
        dispatcher.replace(channels(desk=desk.url()))
        for name in ("first", "second"):
            dispatcher.submit(alert_for("desk", name=name))
        await desk.received.expect(1)
        dispatcher.replace(channels(desk=(other.url(), desk.url()), more=other.url("more")))
        dispatcher.submit(alert_for("desk", name="third"))
        desk.release()
        await reports.expect(4)
        assert desk.titles() == ["first", "second", "third"]
        assert other.titles() == ["third"]


async def test_a_destination_that_is_gone_delivers_what_it_had_and_ends(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver(Hang()) as old, http_receiver() as new:
        dispatcher.replace(channels(desk=old.url()))
        for name in ("first", "second"):
            dispatcher.submit(alert_for("desk", name=name))
        await old.received.expect(1)
        dispatcher.replace(channels(desk=new.url()))
        dispatcher.submit(alert_for("desk", name="third"))
        await new.received.expect(1)
        old.release()
        await old.received.expect(2)
        await reports.expect(3)
        assert (old.titles(), new.titles()) == (["first", "second"], ["third"])
        await trio.testing.wait_all_tasks_blocked()
        assert len(dispatcher._workers) == 1


async def test_at_the_end_what_a_channel_that_is_gone_still_has_is_reported(
    reports: Received[Report],
):
    with http_receiver(Hang()) as old:
        dispatcher = Dispatcher(channels(desk=old.url()), report=reports.add)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            for name in ("first", "second"):
                dispatcher.submit(alert_for("desk", name=name))
            await old.received.expect(1)
            dispatcher.replace([])
            dispatcher.close(drain_s=0)
    left = [(report.message.rule, report.outcome) for report in reports.so_far()]
    assert left == [("first", Outcome.UNDELIVERED), ("second", Outcome.UNDELIVERED)]


async def test_a_kept_destination_is_called_by_its_new_label(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=(desk.url("a"), desk.url("b"))))
        dispatcher.replace(channels(desk=desk.url("b")))
        dispatcher.submit(alert_for("desk", name="up"))
        (report,) = await reports.expect(1)
    assert report.destination == "desk: JSON"
    assert dispatcher.labels == ("desk: JSON",)


async def test_the_secrets_are_those_of_the_channels_of_now(dispatcher: Dispatcher):
    dispatcher.replace(channels(a="json://127.0.0.1/t0ken-a"))
    dispatcher.replace(channels(b="json://127.0.0.1/t0ken-b"))
    assert dispatcher.secrets == {"t0ken-b"}


async def test_channels_with_a_bad_url_change_nothing(dispatcher: Dispatcher):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=desk.url()))
        with pytest.raises(ChannelMistake, match="tgram://"):
            dispatcher.replace(channels(other=desk.url("other"), phone="tgrm://1/2"))
        dispatcher.submit(alert_for("desk", name="up"))
        await desk.received.expect(1)


async def test_a_url_that_stands_twice_in_a_channel_is_told_once(
    dispatcher: Dispatcher, reports: Received[Report]
):
    with http_receiver() as desk:
        dispatcher.replace(channels(desk=(desk.url(), desk.url())))
        dispatcher.submit(alert_for("desk", name="first"))
        dispatcher.submit(alert_for("desk", name="second"))
        await reports.expect(2)
        assert desk.titles() == ["first", "second"]
