"""The whole room: alerts in, real servers out, and the end of it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Outcome, Report
from alertd.engine.alert import Alert
from tests.delivery.receivers import (
    Hang,
    Received,
    http_receiver,
    mail_receiver,
)
from tests.delivery.samples import alert_of, rule_of

ROOT = Path(__file__).parents[2]
Build = Callable[..., Dispatcher]
DELIVERED, UNDELIVERED = Outcome.DELIVERED, Outcome.UNDELIVERED


@pytest.fixture
def reports() -> Received[Report]:
    return Received()


@pytest.fixture
def dispatching(reports: Received[Report]) -> Build:
    """Builds a dispatcher from channels given as name=url or name=(url, url)."""

    def build(**channels: str | tuple[str, ...]) -> Dispatcher:
        made = [
            Channel(name, (urls,) if isinstance(urls, str) else urls)
            for name, urls in channels.items()
        ]
        return Dispatcher(made, report=reports.add)

    return build


def alert_for(*channels: str, name: str = "my-rule") -> Alert:
    return alert_of(rule_of(name=name, notify=channels, title="{{ rule }}"))


async def test_an_alert_reaches_every_destination_of_its_channels_and_no_other(
    dispatching: Build,
) -> None:
    with http_receiver() as one, http_receiver() as two, http_receiver() as other:
        dispatcher = dispatching(
            desk=(one.url("a"), one.url("b")), phone=two.url(), idle=other.url()
        )
        dispatcher.submit(alert_for("desk", "phone"))
        dispatcher.close(drain_s=10)
        await dispatcher.run()
        assert sorted(request.path for request in one.received.so_far()) == ["/a", "/b"]
        assert (len(two.received), len(other.received)) == (1, 0)


async def test_a_channel_that_is_named_twice_is_told_once(dispatching: Build) -> None:
    with http_receiver() as receiver:
        dispatcher = dispatching(phone=receiver.url())
        dispatcher.submit(alert_for("phone", "phone"))
        dispatcher.close(drain_s=10)
        await dispatcher.run()
        assert len(receiver.received) == 1


async def test_mail_and_webhook_get_the_same_alert(dispatching: Build) -> None:
    with http_receiver() as receiver, mail_receiver() as mailbox:
        dispatcher = dispatching(all=(receiver.url(), mailbox.url))
        dispatcher.submit(alert_for("all"))
        dispatcher.close(drain_s=10)
        await dispatcher.run()
        (mail,) = mailbox.received.wait_for(1)
        assert receiver.titles() == [mail["Subject"]] == ["my-rule"]


async def test_a_destination_that_hangs_delays_no_other(
    dispatching: Build,
    reports: Received[Report],
    mock_clock: MockClock,
) -> None:
    names = [f"rule {number}" for number in range(10)]
    with http_receiver(Hang()) as hanging, http_receiver() as well:
        dispatcher = dispatching(hanging=hanging.url(), well=well.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            for name in names:
                dispatcher.submit(alert_for("hanging", "well", name=name))
            await hanging.received.expect(1)
            delivered = await reports.expect(10)
            nursery.cancel_scope.cancel()
        # At no time at all: nothing had to wait for a deadline to pass.
        assert {(report.destination, report.latency_s) for report in delivered} == {
            ("well: JSON", 0.0)
        }
        assert well.titles() == names


async def test_submitting_never_waits_for_a_destination(dispatching: Build) -> None:
    with http_receiver(Hang()) as hanging:
        dispatcher = dispatching(phone=hanging.url())
        for _ in range(100):
            dispatcher.submit(alert_for("phone"))
        assert len(hanging.received) == 0


async def test_a_close_lets_the_message_that_is_being_sent_finish(
    dispatching: Build, reports: Received[Report]
) -> None:
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        dispatcher.submit(alert_for("phone"))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await receiver.received.expect(1)
            dispatcher.close(drain_s=10)
            receiver.release()
    assert [report.outcome for report in reports.so_far()] == [DELIVERED]


async def test_what_is_left_at_the_drain_deadline_is_reported_one_by_one(
    dispatching: Build, reports: Received[Report], mock_clock: MockClock
) -> None:
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        for name in ("first", "second", "third"):
            dispatcher.submit(alert_for("phone", name=name))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await receiver.received.expect(1)
            dispatcher.close(drain_s=5)
            mock_clock.jump(5)
    left = [(report.message.rule, report.outcome) for report in reports.so_far()]
    assert left == [("first", UNDELIVERED), ("second", UNDELIVERED), ("third", UNDELIVERED)]


async def test_a_run_that_is_cancelled_reports_what_is_left_too(
    dispatching: Build, reports: Received[Report]
) -> None:
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            dispatcher.submit(alert_for("phone"))
            await receiver.received.expect(1)
            nursery.cancel_scope.cancel()
    assert [report.outcome for report in reports.so_far()] == [UNDELIVERED]


async def test_a_dispatcher_knows_its_destinations_and_every_secret_of_theirs(
    dispatching: Build,
) -> None:
    dispatcher = dispatching(a="json://127.0.0.1/t0ken-a", b=("json://127.0.0.1/t0ken-b",))
    assert dispatcher.labels == ("a: JSON", "b: JSON")
    assert dispatcher.secrets == {"t0ken-a", "t0ken-b"}


def test_a_bad_url_is_known_before_anything_runs(dispatching: Build) -> None:
    with pytest.raises(ChannelMistake, match="tgram://"):
        dispatching(phone="tgrm://1/2")


STOPPED_IN_A_SEND = """
import sys, time, trio
from alertd.delivery.channel import Channel
from alertd.delivery.dispatcher import Dispatcher
from tests.delivery.samples import alert_of, rule_of

async def main():
    dispatcher = Dispatcher([Channel("phone", (sys.argv[1],))], report=print)
    dispatcher.submit(alert_of(rule_of(notify=("phone",))))
    dispatcher.close(drain_s=1)
    await dispatcher.run()

trio.run(main)
print(time.monotonic())
"""


def test_a_process_ends_at_once_although_a_send_still_hangs() -> None:
    with http_receiver(Hang()) as receiver:
        child = subprocess.run(
            [sys.executable, "-c", STOPPED_IN_A_SEND, receiver.url("?rto=30")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        ended = time.monotonic()
        assert len(receiver.received) == 1
    report, stopped = child.stdout.splitlines()
    assert "alertd stopped while it was being sent" in report
    assert ended - float(stopped) < 2
