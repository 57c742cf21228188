"""What keeps the heartbeat back: whatever stands still. Time stands still too, but for `jump`."""

import pytest
import trio
from trio.testing import MockClock

from alertd.delivery.dispatcher import Dispatcher
from alertd.delivery.report import Fault, Report
from alertd.journal.events import Failing, Recovered
from alertd.observers.tally import Tally
from alertd.progress import Progress
from tests.delivery.deliveries import channels, delivery_of, send
from tests.delivery.receivers import Answer, Received, http_receiver
from tests.engine.tickers import ticker

BLIND_AFTER_S = 60


@pytest.fixture
def reports() -> Received[Report]:
    return Received()


@pytest.fixture
def dispatcher(reports: Received[Report]) -> Dispatcher:
    return Dispatcher([], report=reports.add, on_fault=Received[Fault]().add)


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def progress(tally: Tally, dispatcher: Dispatcher, mock_clock: MockClock) -> Progress:
    return Progress(tally, dispatcher)


def standstill_of(progress: Progress) -> str | None:
    return progress.standstill(blind_after_s=BLIND_AFTER_S)


async def test_at_the_start_the_first_ticker_may_take_its_time(
    progress: Progress, mock_clock: MockClock
):
    mock_clock.jump(1000)
    assert standstill_of(progress) is None
    mock_clock.jump(59)
    assert standstill_of(progress) is None


async def test_no_ticker_for_long_is_a_standstill(progress: Progress, mock_clock: MockClock):
    standstill_of(progress)
    mock_clock.jump(60)
    assert standstill_of(progress) == "no ticker has come for 1m"
    mock_clock.jump(30)
    assert standstill_of(progress) == "no ticker has come for 1m 30s"


async def test_it_goes_on_with_the_next_ticker(
    progress: Progress, tally: Tally, mock_clock: MockClock
):
    standstill_of(progress)
    mock_clock.jump(90)
    tally.on_ticker(ticker())
    assert standstill_of(progress) is None
    mock_clock.jump(59)
    assert standstill_of(progress) is None


async def test_an_alert_that_nobody_takes_for_five_minutes_is_a_standstill(
    progress: Progress,
    tally: Tally,
    dispatcher: Dispatcher,
    reports: Received[Report],
    mock_clock: MockClock,
):
    with http_receiver(Answer(401)) as desk:
        dispatcher.replace(channels(desk=desk.url()))
        send(dispatcher, delivery_of(), "desk")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(dispatcher.run)
            await reports.expect(1)
            mock_clock.jump(299)
            tally.on_ticker(ticker())
            assert standstill_of(progress) is None
            mock_clock.jump(1)
            tally.on_ticker(ticker())
            assert standstill_of(progress) == "an alert has waited for 5m to be taken"
            nursery.cancel_scope.cancel()


async def test_a_journal_that_cannot_be_written_is_a_standstill_until_it_can(
    progress: Progress, tally: Tally
):
    tally.on_journal(Failing("the disk is full", 1))
    assert standstill_of(progress) == "the journal cannot be written: the disk is full"
    tally.on_journal(Recovered(1))
    assert standstill_of(progress) is None
