"""The whole room: deliveries in, real servers out, and the end of it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
import trio
from trio.testing import MockClock

from alertd.delivery.channel import ChannelMistake
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Fault, Outcome, Report
from alertd.engine.rule import Severity
from tests.delivery.deliveries import channels, delivery_of, roomy, send
from tests.delivery.receivers import Answer, Hang, Received, http_receiver, mail_receiver

ROOT = Path(__file__).parents[2]
Build = Callable[..., Dispatcher]
INFO, CRITICAL = Severity.INFO, Severity.CRITICAL


@pytest.fixture
def reports() -> Received[Report]:
    return Received()


@pytest.fixture
def faults() -> Received[Fault]:
    return Received()


@pytest.fixture
def dispatching(reports: Received[Report], faults: Received[Fault]) -> Build:
    """Builds a dispatcher from channels given as name=url or name=(url, url)."""

    def build(**urls: str | tuple[str, ...]) -> Dispatcher:
        return Dispatcher(channels(**urls), report=reports.add, on_fault=faults.add)

    return build


async def drain(dispatcher: Dispatcher) -> None:
    dispatcher.close(drain_s=10)
    await dispatcher.run()


async def test_what_a_destination_holds_is_counted_until_it_is_taken(dispatching: Build):
    with http_receiver() as receiver:
        dispatcher = dispatching(desk=receiver.url(), idle="json://127.0.0.1:9")
        send(dispatcher, delivery_of(1), "desk")
        send(dispatcher, delivery_of(2), "desk")
        before = [(it.label, it.waiting, it.fault) for it in dispatcher.held()]
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await receiver.received.expect(2)
            with trio.fail_after(10):
                while any(it.waiting for it in dispatcher.held()):
                    await trio.lowlevel.checkpoint()
            dispatcher.close(drain_s=10)
    assert before == [("desk: JSON", 2, None), ("idle: JSON", 0, None)]


async def test_a_delivery_reaches_its_destination_and_no_other(dispatching: Build):
    with http_receiver() as one, http_receiver() as other:
        dispatcher = dispatching(desk=(one.url("a"), one.url("b")), idle=other.url())
        key = next(iter(dispatcher.addresses(["desk"], INFO)))
        assert dispatcher.send(key, delivery_of())
        await drain(dispatcher)
        assert [request.path for request in one.received.so_far()] == ["/a"]
        assert len(other.received) == 0


async def test_an_alert_is_addressed_to_every_destination_of_its_channels_once(dispatching: Build):
    dispatcher = dispatching(
        desk=("json://127.0.0.1/a", "json://127.0.0.1/b"),
        phone="json://127.0.0.1/a",
        idle="json://127.0.0.1/c",
    )
    addresses = dispatcher.addresses(["desk", "phone", "desk"], INFO)
    assert list(addresses.values()) == ["desk: JSON", "desk: JSON 2", "phone: JSON"]
    assert [key.partition("/")[0] for key in addresses] == ["desk", "desk", "phone"]


async def test_a_channel_has_no_address_for_what_is_less_severe_than_it_wants(dispatching: Build):
    phone = attrs.evolve(roomy("phone", "json://127.0.0.1"), min_severity=Severity.WARNING)
    dispatcher = dispatching()
    dispatcher.replace([phone])
    counts = [len(dispatcher.addresses(["phone"], severity)) for severity in Severity]
    assert counts == [0, 1, 1]


async def test_a_channel_that_is_gone_has_no_address_and_takes_nothing(dispatching: Build):
    dispatcher = dispatching(phone="json://127.0.0.1")
    (key,) = dispatcher.addresses(["phone"], INFO)
    dispatcher.replace([])
    assert dispatcher.addresses(["phone"], INFO) == {}
    assert not dispatcher.send(key, delivery_of())


async def test_mail_and_webhook_get_the_same_alert(dispatching: Build):
    with http_receiver() as receiver, mail_receiver() as mailbox:
        dispatcher = dispatching(all=(receiver.url(), mailbox.url))
        send(dispatcher, delivery_of(title="up"), "all")
        await drain(dispatcher)
        (mail,) = mailbox.received.wait_for(1)
        assert receiver.titles() == [mail["Subject"]] == ["up"]


async def test_a_destination_that_hangs_delays_no_other(
    dispatching: Build, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Hang()) as hanging, http_receiver() as well:
        dispatcher = dispatching(hanging=hanging.url(), well=well.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            for number in range(10):
                send(dispatcher, delivery_of(number), "hanging", "well")
            await hanging.received.expect(1)
            delivered = await reports.expect(10)
            nursery.cancel_scope.cancel()
        # At no time at all: nothing had to wait for a deadline to pass.
        assert {(report.destination, report.latency_s) for report in delivered} == {
            ("well: JSON", 0.0)
        }
        assert well.titles() == [f"BTCUSDT {number}" for number in range(10)]


async def test_sending_never_waits_for_a_destination(dispatching: Build):
    with http_receiver(Hang()) as hanging:
        dispatcher = dispatching(phone=hanging.url())
        for number in range(100):
            send(dispatcher, delivery_of(number), "phone")
        assert len(hanging.received) == 0


async def test_a_close_lets_the_message_that_is_being_sent_finish(
    dispatching: Build, reports: Received[Report]
):
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        send(dispatcher, delivery_of(), "phone")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await receiver.received.expect(1)
            dispatcher.close(drain_s=10)
            receiver.release()
    assert [report.outcome for report in reports.so_far()] == [Outcome.DELIVERED]


async def test_what_may_not_be_sent_at_once_is_left_at_the_close(
    dispatching: Build, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver() as receiver:
        dispatcher = dispatching()
        dispatcher.replace([attrs.evolve(roomy("phone", receiver.url()), rate=None)])
        for number in (1, 2):
            send(dispatcher, delivery_of(number), "phone")
        # The clock stands still: what waited for it would never end.
        await drain(dispatcher)
    outcomes = [(it.deliveries[0].number, it.outcome) for it in reports.so_far()]
    assert outcomes == [(1, Outcome.DELIVERED), (2, Outcome.LEFT)]


async def test_a_close_waits_for_no_retry(
    dispatching: Build, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Answer(503)) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        send(dispatcher, delivery_of(), "phone")
        await drain(dispatcher)
    retrying, left = reports.so_far()
    assert (retrying.outcome, left.outcome) == (Outcome.RETRYING, Outcome.LEFT)
    assert (left.attempt, left.deliveries[0].attempts) == (1, 1)
    assert left.reason == retrying.reason != ""


async def test_what_still_is_being_sent_at_the_drain_deadline_is_left_too(
    dispatching: Build, reports: Received[Report], mock_clock: MockClock
):
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        for number in (1, 2, 3):
            send(dispatcher, delivery_of(number), "phone")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await receiver.received.expect(1)
            dispatcher.close(drain_s=5)
            mock_clock.jump(5)
    left = [(report.deliveries[0].number, report.outcome) for report in reports.so_far()]
    assert left == [(1, Outcome.LEFT), (2, Outcome.LEFT), (3, Outcome.LEFT)]


async def test_a_run_that_is_cancelled_reports_what_is_left_too(
    dispatching: Build, reports: Received[Report]
):
    with http_receiver(Hang()) as receiver:
        dispatcher = dispatching(phone=receiver.url())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            send(dispatcher, delivery_of(), "phone")
            await receiver.received.expect(1)
            nursery.cancel_scope.cancel()
    assert [report.outcome for report in reports.so_far()] == [Outcome.LEFT]


async def test_a_dispatcher_knows_its_destinations_and_every_secret_of_theirs(dispatching: Build):
    dispatcher = dispatching(a="json://127.0.0.1/t0ken-a", b=("json://127.0.0.1/t0ken-b",))
    assert dispatcher.labels == ("a: JSON", "b: JSON")
    assert dispatcher.secrets == {"t0ken-a", "t0ken-b"}


def test_a_bad_url_is_known_before_anything_runs(dispatching: Build):
    with pytest.raises(ChannelMistake, match="tgram://"):
        dispatching(phone="tgrm://1/2")


STOPPED_IN_A_SEND = """
import sys, time, trio
from alertd.delivery.dispatcher import Dispatcher
from tests.delivery.deliveries import channels, delivery_of, send

async def main():
    dispatcher = Dispatcher(channels(phone=sys.argv[1]), report=print, on_fault=print)
    send(dispatcher, delivery_of(), "phone")
    dispatcher.close(drain_s=1)
    await dispatcher.run()

trio.run(main)
print(time.monotonic())
"""


def test_a_process_ends_at_once_although_a_send_still_hangs():
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
    assert "Outcome.LEFT" in report
    assert ended - float(stopped) < 2
