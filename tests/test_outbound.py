"""Alerts on their way out: a real journal, real destinations. Time stands still but for `jump`."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import attrs
import pytest
import trio
from trio.testing import MockClock

from alertd.delivery.channel import Channel
from alertd.delivery.report import Outcome, Report
from alertd.engine.rule import Rule, Severity
from alertd.history import given_up, read_history
from alertd.journal.events import Failing, JournalEvent, Unsaved
from alertd.journal.file import JournalFile
from alertd.observers.observer import Noted, Observer
from alertd.observers.system_alerts import SystemAlert
from alertd.outbound import Outbound
from alertd.web.answers import PastAlert
from alertd.web.records import Asked
from tests.delivery.deliveries import roomy
from tests.delivery.receivers import Answer, http_receiver
from tests.delivery.samples import alert_of, rule_of

REFUSED = Answer(401)


class Notes(Observer):
    """Keeps what was noted."""

    def __init__(self) -> None:
        self.noted: list[Noted] = []
        self.events: list[JournalEvent] = []
        self.undelivered: list[Report] = []

    def on_delivery(self, report: Report) -> None:
        if report.outcome is Outcome.UNDELIVERED:
            self.undelivered.append(report)

    def on_journal(self, event: JournalEvent) -> None:
        self.events.append(event)

    def on_alert(self, noted: Noted) -> None:
        self.noted.append(noted)


@attrs.frozen
class House:
    """An outbound at work, and its journal."""

    outbound: Outbound
    path: Path
    notes: Notes

    def fires(self, *channels: str, severity: Severity = Severity.INFO, name: str = "up") -> None:
        rule: Rule = rule_of(name=name, notify=channels, severity=severity)
        self.outbound.take(alert_of(rule))

    async def past(self) -> Sequence[PastAlert]:
        """What the journal says once everything that was handed over is in it."""
        await self.outbound.journal.settled()
        return await trio.to_thread.run_sync(read_history, self.path, Asked())

    async def fates(self) -> list[list[str]]:
        """What became of the deliveries of each alert."""
        past = await self.past()
        return [[f"{it.destination}: {it.status}" for it in alert.deliveries] for alert in past]

    async def comes_to(self, *expected: list[str]) -> None:
        """Wait until this has become of the deliveries of each alert, or see what has."""
        for _ in range(2000):
            if await self.fates() == list(expected):
                return
        assert await self.fates() == list(expected)


@asynccontextmanager
async def house_at(
    path: Path, *channels: Channel, system: tuple[str, ...] = ()
) -> AsyncIterator[House]:
    """An outbound at work on the journal at `path`; it is stopped in order at the end."""
    notes = Notes()
    with closing(JournalFile(path)) as file:
        file.open()
        outbound = Outbound(channels, file, system=system, observer=notes, tell_all=lambda: None)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(outbound.run)
            yield House(outbound, path, notes)
            outbound.close(drain_s=5)


@pytest.fixture(autouse=True)
def clock() -> MockClock:
    return MockClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


async def test_an_alert_is_kept_sent_and_marked(path: Path):
    with http_receiver() as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            (post,) = await desk.received.expect(1)
        (alert,) = read_history(path, Asked())
    assert "Alert 1, " in str(post.json["message"])
    assert (alert.number, alert.rule, alert.symbol) == (1, "up", "BTCUSDT")
    assert [(it.status, it.attempts) for it in alert.deliveries] == [("delivered", 1)]
    assert [it.number for it in house.notes.noted] == [1]


async def test_in_a_market_that_is_played_back_nobody_waited_since_its_time(path: Path):
    with http_receiver() as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            await desk.received.expect(1)
    (alert,) = read_history(path, Asked())
    assert alert.noted_ms - alert.time_ms > 86_400_000
    assert (alert.deliveries[0].latency_ms or 0) < 60_000


async def test_nothing_is_sent_before_it_is_on_the_disk(path: Path):
    with http_receiver() as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            await trio.lowlevel.checkpoint()
            assert len(desk.received) == 0
            assert [it.number for it in await house.past()] == [1]
            await desk.received.expect(1)


async def test_a_silence_keeps_an_alert_to_itself_and_the_journal_says_which(path: Path):
    with http_receiver() as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            journal = house.outbound.journal
            journal.add_silence(rule="other", until_ms=2**60)
            silence = journal.add_silence(rule="u*", until_ms=2**60, comment="holidays")
            house.fires("desk")
            journal.end_silence(silence.number)
            house.fires("desk")
            await desk.received.expect(1)
        first, second = read_history(path, Asked())
    assert first.silence is not None
    assert (first.silence.number, first.deliveries) == (silence.number, ())
    assert second.silence is None
    assert [it.silence and it.silence.number for it in house.notes.noted] == [silence.number, None]


async def test_a_silence_outlives_the_process(path: Path):
    with http_receiver() as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.outbound.journal.add_silence(rule="up", until_ms=2**60)
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            assert await house.fates() == [[]]
    assert len(desk.received) == 0


async def test_an_alert_that_a_channel_does_not_want_is_kept_and_not_sent(path: Path):
    with http_receiver() as desk:
        channel = attrs.evolve(roomy("desk", desk.url()), min_severity=Severity.CRITICAL)
        async with house_at(path, channel) as house:
            house.fires("desk")
            house.fires("desk", severity=Severity.CRITICAL)
            (post,) = await desk.received.expect(1)
            assert "Alert 2, " in str(post.json["message"])
            assert [len(it) for it in await house.fates()] == [0, 1]


async def test_what_waits_is_sent_by_the_next_process_under_the_same_number(path: Path):
    with http_receiver(Answer(503)) as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            await desk.received.expect(1)
        desk.behave(Answer())
        async with house_at(path, roomy("desk", desk.url())) as house:
            await desk.received.expect(2)
            house.fires("desk")
            await desk.received.expect(3)
        posts = [str(it.json["message"]).splitlines()[-1] for it in desk.received.so_far()]
        fates = [alert.deliveries for alert in read_history(path, Asked())]
    assert [line.split(",")[0] for line in posts] == ["Alert 1", "Alert 1", "Alert 2"]
    assert [[(it.status, it.attempts) for it in each] for each in fates] == [
        [("delivered", 2)],
        [("delivered", 1)],
    ]


async def test_who_does_not_wait_for_the_end_is_not_told_twice(path: Path):
    class Impatient(Observer):
        def on_delivery(self, report: Report) -> None:
            if report.outcome is Outcome.DELIVERED:
                scope.cancel()

    with http_receiver() as desk, closing(JournalFile(path)) as file:
        file.open()
        channels = [roomy("desk", desk.url())]
        outbound = Outbound(channels, file, system=(), observer=Impatient(), tell_all=lambda: None)
        with trio.CancelScope() as scope:
            outbound.take(alert_of(rule_of(notify=("desk",))))
            await outbound.run()
    (alert,) = read_history(path, Asked())
    assert [it.status for it in alert.deliveries] == ["delivered"]


async def test_what_waited_goes_to_the_address_that_its_channel_has_now(path: Path):
    with http_receiver(Answer(503)) as before, http_receiver() as now:
        async with house_at(path, roomy("desk", before.url())) as house:
            house.fires("desk")
            await before.received.expect(1)
        async with house_at(path, roomy("desk", now.url())):
            await now.received.expect(1)
        (alert,) = read_history(path, Asked())
    assert [it.status for it in alert.deliveries] == ["passed on", "delivered"]


async def test_what_waited_comes_back_with_the_address_that_its_channel_had_before(path: Path):
    with http_receiver(Answer(503)) as before, http_receiver(Answer(503)) as between:
        async with house_at(path, roomy("desk", before.url())) as house:
            house.fires("desk")
            await before.received.expect(1)
        async with house_at(path, roomy("desk", between.url())):
            await between.received.expect(1)
        before.behave(Answer())
        async with house_at(path, roomy("desk", before.url())):
            await before.received.expect(2)
        (alert,) = read_history(path, Asked())
    assert [it.status for it in alert.deliveries] == ["delivered", "passed on"]


async def test_what_waited_for_a_channel_that_is_gone_is_undelivered_with_the_reason(path: Path):
    with http_receiver(Answer(503)) as desk, http_receiver() as other:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            await desk.received.expect(1)
        async with house_at(path, roomy("other", other.url())) as house:
            await house.comes_to(["desk: JSON: undelivered"])
            ((delivery,),) = [it.deliveries for it in await house.past()]
    assert "not configured any more" in delivery.reason
    assert [it.reason for it in house.notes.undelivered] == [delivery.reason]


async def test_what_waited_for_a_channel_goes_on_under_its_new_name(path: Path):
    with http_receiver(Answer(503)) as desk:
        async with house_at(path, roomy("desk", desk.url())) as house:
            house.fires("desk")
            await desk.received.expect(1)
        desk.behave(Answer())
        async with house_at(path, roomy("table", desk.url()), roomy("other", desk.url())) as house:
            await house.comes_to(["desk: JSON: passed on", "table: JSON: delivered"])
    assert len(desk.received) == 2


async def test_what_is_refused_goes_to_the_fallback_that_has_not_had_it(path: Path):
    with http_receiver(REFUSED) as phone, http_receiver() as mail:
        channels = (roomy("phone", phone.url(), fallback="mail"), roomy("mail", mail.url()))
        async with house_at(path, *channels) as house:
            house.fires("phone")
            house.fires("phone", "mail", name="both")
            await mail.received.expect(2)
            became = ["phone: JSON: passed on", "mail: JSON: delivered"]
            await house.comes_to(became, became)
    assert len(mail.received) == 2


async def test_a_fallback_that_is_gone_makes_it_undelivered_and_not_lost(path: Path):
    with http_receiver(REFUSED) as phone:
        async with house_at(path, roomy("phone", phone.url(), fallback="mail")) as house:
            house.fires("phone")
            await house.comes_to(["phone: JSON: undelivered"])
            ((delivery,),) = [it.deliveries for it in await house.past()]
    assert "`mail`, its fallback, is gone" in delivery.reason


async def test_what_was_given_up_goes_where_its_channel_goes_now(path: Path):
    with http_receiver(REFUSED) as phone, http_receiver() as mail:
        channels = (roomy("phone", phone.url(), fallback="gone"), roomy("mail", mail.url()))
        async with house_at(path, *channels) as house:
            house.fires("phone", "mail")
            await house.comes_to(["phone: JSON: undelivered", "mail: JSON: delivered"])
            # From now on it is the same address as the one that has had it.
            house.outbound.replace(
                [roomy("phone", mail.url()), roomy("mail", mail.url())], system=()
            )
            lost = given_up(path, alert=None)
            assert len(house.outbound.retry(lost)) == 1
            await mail.received.expect(2)
            sent = ("phone: JSON: passed on", "mail: JSON: delivered", "phone: JSON: delivered")
            await house.comes_to([*sent])
    assert len(mail.received) == 2


async def test_alertd_speaks_of_itself_but_not_to_the_destination_that_it_speaks_of(path: Path):
    with http_receiver() as phone, http_receiver() as mail:
        channels = (roomy("phone", phone.url()), roomy("mail", mail.url()))
        async with house_at(path, *channels, system=("phone", "mail")) as house:
            (about, _) = house.outbound.dispatcher.addresses(["phone", "mail"], Severity.INFO)
            house.outbound.say(SystemAlert(title="phone fails", body="HTTP 401.", about=about))
            (post,) = await mail.received.expect(1)
            (alert,) = await house.past()
    assert post.json["title"] == "alertd: phone fails"
    assert str(post.json["message"]).startswith("HTTP 401.\nAlert 1, ")
    assert (alert.rule, alert.symbol, alert.state) == ("alertd", "", "system")
    assert len(phone.received) == 0


async def test_what_is_said_of_the_only_one_who_is_told_goes_to_its_fallback(path: Path):
    with http_receiver() as phone, http_receiver() as mail:
        channels = (roomy("phone", phone.url(), fallback="mail"), roomy("mail", mail.url()))
        async with house_at(path, *channels, system=("phone",)) as house:
            (about,) = house.outbound.dispatcher.addresses(["phone"], Severity.INFO)
            house.outbound.say(SystemAlert(title="phone fails", body="HTTP 401.", about=about))
            await mail.received.expect(1)
    assert len(phone.received) == 0


async def test_the_end_does_not_wait_for_a_disk_that_hangs_but_says_what_is_lost(
    path: Path, clock: MockClock
):
    clock.autojump_threshold = 0.05
    with http_receiver(Answer(503)) as desk, closing(sqlite3.connect(path)) as holder:
        async with house_at(path, roomy("desk", desk.url())) as house:
            store = house.outbound.journal._writer._file.store
            store._connection.execute("PRAGMA busy_timeout = 600000")
            holder.execute("BEGIN IMMEDIATE")
            house.fires("desk")
    assert trio.current_time() < 60
    hanging, lost = house.notes.events
    assert hanging == Failing("the disk does not answer", 1, lasts=True)
    assert lost == Unsaved((1,))
