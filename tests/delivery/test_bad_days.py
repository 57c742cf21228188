"""Services on bad days: real servers that misbehave, hours that pass in no time, nothing lost."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC

import attrs
import pytest
import trio
import trustme
from trio.testing import MockClock

from alertd.delivery.channel import Channel, Quiet
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Fault, Outcome, Report
from alertd.delivery.settings import Now
from alertd.engine.hours import Hours, Span
from alertd.engine.rule import Severity
from tests.delivery.deliveries import delivery_of, roomy, send
from tests.delivery.flying import flying
from tests.delivery.receivers import (
    Answer,
    AnswerLost,
    HttpReceiver,
    closing_receiver,
    http_receiver,
    too_many,
)

HOUR_S = 3_600
MIDNIGHT_MS = 1_746_662_400_000  # 2025-05-08 00:00 UTC
DOWN, WRONG_TOKEN = Answer(500), Answer(401)


class Day:
    """A dispatcher whose time flies. What is passed on goes to the fallback's destinations."""

    def __init__(self, clock: MockClock, *channels: Channel) -> None:
        self.dispatcher = Dispatcher(
            channels, report=self._take, on_fault=self._on_fault, clock=self._now
        )
        self.reports: list[Report] = []
        self.faults: list[tuple[float, Fault]] = []
        self._clock = clock

    def _now(self) -> Now:
        now_s = trio.current_time()
        return Now(now_s, MIDNIGHT_MS + round(now_s * 1000))

    def _take(self, report: Report) -> None:
        self.reports.append(report)
        if report.outcome is Outcome.PASSED_ON:
            send(self.dispatcher, report.deliveries[0], report.passed_to)

    def _on_fault(self, fault: Fault) -> None:
        self.faults.append((trio.current_time(), fault))

    def put(self, *numbers: int, severity: Severity = Severity.INFO) -> None:
        for number in numbers:
            send(self.dispatcher, delivery_of(number, severity, noted_ms=MIDNIGHT_MS), "phone")

    def times(self, outcome: Outcome) -> list[float]:
        return [report.latency_s for report in self.reports if report.outcome is outcome]

    def came_of(self, outcome: Outcome) -> list[int]:
        told = [report for report in self.reports if report.outcome is outcome]
        return [delivery.number for report in told for delivery in report.deliveries]


def titles(receiver: HttpReceiver) -> list[str]:
    """What the service counts as delivered."""
    return [request.json["title"] for request in receiver.taken.so_far()]


async def test_an_hour_of_errors_loses_nothing_and_keeps_the_order(mock_clock: MockClock):
    with http_receiver(DOWN) as phone:
        day = Day(mock_clock, roomy("phone", phone.url()))
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2, 3)
            await trio.sleep_until(HOUR_S)
            tries = len(phone.received)
            phone.behave(Answer())
            await trio.sleep_until(HOUR_S + 301)
        assert titles(phone) == ["BTCUSDT 1", "BTCUSDT 2", "BTCUSDT 3"]
    assert 10 < tries < 150
    assert [fault.is_open for _, fault in day.faults] == [True, False]


async def test_a_service_that_asks_to_wait_is_left_alone_for_so_long(mock_clock: MockClock):
    with http_receiver(too_many("30"), Answer()) as phone:
        day = Day(mock_clock, roomy("phone", phone.url()))
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2)
            await trio.sleep_until(40)
        assert titles(phone) == ["BTCUSDT 1", "BTCUSDT 2"]
    assert day.times(Outcome.DELIVERED) == [30.0, 30.0]
    assert len(phone.received) == 3


async def test_a_wrong_token_is_told_at_once_and_the_fallback_takes_over_until_it_is_right(
    mock_clock: MockClock,
):
    with http_receiver(WRONG_TOKEN) as phone, http_receiver() as mail:
        day = Day(
            mock_clock, roomy("phone", phone.url(), fallback="mail"), roomy("mail", mail.url())
        )
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2)
            await trio.sleep_until(10)
            assert titles(mail) == ["BTCUSDT 1", "BTCUSDT 2"]
            day.put(3)
            await trio.sleep_until(20)
            assert titles(mail)[2:] == ["BTCUSDT 3"]
            assert len(phone.received) == 2
            phone.behave(Answer())
            await trio.sleep_until(400)
            day.put(4)
            await trio.sleep_until(410)
            day.put(5)
            await trio.sleep_until(420)
        assert titles(phone) == ["BTCUSDT 4", "BTCUSDT 5"]
        assert len(mail.received) == 3
    (opened_s, opened), (over_s, over) = day.faults
    assert (opened_s, opened.is_refused, over_s, over.is_open) == (0, True, 400, False)


async def test_without_a_fallback_a_wrong_token_is_probed_and_nothing_is_lost(
    mock_clock: MockClock,
):
    with http_receiver(WRONG_TOKEN) as phone:
        day = Day(mock_clock, roomy("phone", phone.url()))
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2, 3)
            await trio.sleep_until(4 * HOUR_S)
            assert len(phone.received) < 10
            phone.behave(Answer())
            await trio.sleep_until(5 * HOUR_S + 1)
        assert sorted(titles(phone)) == ["BTCUSDT 1", "BTCUSDT 2", "BTCUSDT 3"]


async def test_where_one_of_three_fails_the_others_are_not_sent_to_twice(mock_clock: MockClock):
    with http_receiver() as one, http_receiver(DOWN) as two, http_receiver() as three:
        day = Day(mock_clock, roomy("phone", one.url(), two.url(), three.url()))
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2)
            await trio.sleep_until(HOUR_S)
            two.behave(Answer())
            await trio.sleep_until(HOUR_S + 301)
        for receiver in (one, two, three):
            assert titles(receiver) == ["BTCUSDT 1", "BTCUSDT 2"]
        assert (len(one.received), len(three.received)) == (2, 2)


async def test_an_answer_that_is_lost_makes_the_message_come_twice_with_its_number(
    mock_clock: MockClock,
):
    with http_receiver(AnswerLost(), Answer()) as phone:
        day = Day(mock_clock, roomy("phone", phone.url()))
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2)
            await trio.sleep_until(60)
        assert titles(phone) == ["BTCUSDT 1", "BTCUSDT 1", "BTCUSDT 2"]
    assert day.came_of(Outcome.DELIVERED) == [1, 2]


async def test_a_server_that_hangs_up_at_once_is_tried_again(mock_clock: MockClock):
    with closing_receiver() as port:
        day = Day(mock_clock, roomy("phone", f"json://127.0.0.1:{port}"))
        async with flying(mock_clock, day.dispatcher):
            day.put(1)
            await trio.sleep_until(60)
    assert len(day.came_of(Outcome.RETRYING)) >= 3
    assert day.came_of(Outcome.UNDELIVERED) == []


@pytest.fixture
def untrusted() -> Iterator[HttpReceiver]:
    """A server whose certificate nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with http_receiver(tls=context) as receiver:
        yield receiver


async def test_a_certificate_that_is_not_trusted_is_a_fault_that_says_so(
    untrusted: HttpReceiver, mock_clock: MockClock
):
    day = Day(mock_clock, roomy("phone", untrusted.url()))
    async with flying(mock_clock, day.dispatcher):
        day.put(1)
        await trio.sleep_until(130)
    assert len(untrusted.received) == 0
    ((_, fault),) = day.faults
    assert "certificate" in fault.reason


async def test_a_night_ends_with_one_digest(mock_clock: MockClock):
    night = Quiet(Hours(UTC, spans=(Span(0, 7 * 60),)), allow=Severity.CRITICAL)
    with http_receiver() as phone:
        channel = attrs.evolve(roomy("phone", phone.url()), quiet=night)
        day = Day(mock_clock, channel)
        async with flying(mock_clock, day.dispatcher):
            day.put(1, 2, 3)
            day.put(4, severity=Severity.CRITICAL)
            await trio.sleep_until(7 * HOUR_S - 1)
            assert titles(phone) == ["BTCUSDT 4"]
            await trio.sleep_until(7 * HOUR_S + 1)
        assert titles(phone) == ["BTCUSDT 4", "3 alerts"]


async def test_ten_destinations_that_are_dead_delay_none_that_is_well(mock_clock: MockClock):
    with ExitStack() as stack:
        dead = [stack.enter_context(http_receiver(DOWN)) for _ in range(10)]
        well = stack.enter_context(http_receiver())
        day = Day(mock_clock, roomy("phone", well.url(), *(each.url() for each in dead)))
        async with flying(mock_clock, day.dispatcher):
            day.put(*range(1, 21))
            await trio.sleep_until(1)
        assert len(well.received) == 20
    delivered = [it.latency_s for it in day.reports if it.outcome is Outcome.DELIVERED]
    assert delivered == [0.0] * 20
