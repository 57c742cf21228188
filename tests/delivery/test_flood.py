"""The whole market falls: every alert reaches Telegram, at its pace, the critical ones first."""

import re
from collections.abc import Generator

import attrs
import pytest
import trio
from apprise.plugins.telegram import NotifyTelegram
from trio.testing import MockClock

from alertd.delivery.channel import Channel
from alertd.delivery.delivery import Delivery
from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Fault, Outcome, Report
from alertd.engine.rule import Severity
from tests.delivery.deliveries import delivery_of, send
from tests.delivery.flying import flying
from tests.delivery.receivers import Received
from tests.delivery.telegram import URL, Telegram, telegram

SYMBOLS = 573


@pytest.fixture
def chat(mock_clock: MockClock, monkeypatch: pytest.MonkeyPatch) -> Generator[Telegram]:
    with telegram(mock_clock.current_time) as chat:
        monkeypatch.setattr(NotifyTelegram, "notify_url", chat.address)
        yield chat


class Reports:
    """What came of it all; `done` when every symbol was told of."""

    def __init__(self) -> None:
        self.so_far: list[Report] = []
        self.done = trio.Event()

    def add(self, report: Report) -> None:
        self.so_far.append(report)
        delivered = [each for each in self.so_far if each.outcome is Outcome.DELIVERED]
        if sum(len(each.deliveries) for each in delivered) == SYMBOLS:
            self.done.set()

    def slowest_s(self, severity: Severity) -> float:
        """The longest that a message with an alert of that severity took, from its oldest on."""
        return max(
            report.latency_s
            for report in self.so_far
            if any(it.message.severity is severity for it in report.deliveries)
        )


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def dispatcher(reports: Reports) -> Dispatcher:
    channel = Channel("phone", (URL,))
    return Dispatcher([channel], report=reports.add, on_fault=Received[Fault]().add)


def fall(number: int) -> Delivery:
    """A symbol fell by 10 %; every tenth is one that matters most."""
    severity = Severity.INFO if number % 10 else Severity.CRITICAL
    delivery = delivery_of(number, severity, title=f"S{number}USDT close fell 10.31% in 1m")
    return attrs.evolve(delivery, message=attrs.evolve(delivery.message, symbol=f"S{number}USDT"))


def symbols_in(chat: Telegram) -> list[int]:
    return [int(it) for each in chat.texts for it in re.findall(r"S(\d+)USDT", each.text)]


async def fall_within(dispatcher: Dispatcher, seconds: float) -> None:
    began = trio.current_time()
    for number in range(1, SYMBOLS + 1):
        await trio.sleep_until(began + number * seconds / SYMBOLS)
        send(dispatcher, fall(number), "phone")


async def test_a_market_that_falls_within_a_minute_is_told_within_ninety_seconds(
    dispatcher: Dispatcher, chat: Telegram, reports: Reports, mock_clock: MockClock
):
    async with flying(mock_clock, dispatcher):
        await fall_within(dispatcher, 60)
        with trio.fail_after(30):
            await reports.done.wait()
    assert chat.broken == []
    assert sorted(symbols_in(chat)) == list(range(1, SYMBOLS + 1))
    assert len(chat.texts) <= 20
    assert {report.outcome for report in reports.so_far} == {Outcome.DELIVERED}
    assert reports.slowest_s(Severity.CRITICAL) <= 15


async def test_a_market_that_falls_at_once_is_told_in_a_handful_of_messages_the_worst_first(
    dispatcher: Dispatcher, chat: Telegram, reports: Reports, mock_clock: MockClock
):
    for number in range(1, SYMBOLS + 1):
        send(dispatcher, fall(number), "phone")
    async with flying(mock_clock, dispatcher):
        with trio.fail_after(20):
            await reports.done.wait()
    assert chat.broken == []
    critical = list(range(10, SYMBOLS, 10))
    assert symbols_in(chat)[: len(critical)] == critical
    assert sorted(symbols_in(chat)) == list(range(1, SYMBOLS + 1))
    assert len(chat.texts) <= 10
