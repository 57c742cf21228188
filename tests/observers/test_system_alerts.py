"""What alertd says of itself, on a virtual clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio
import trio.testing

from alertd.delivery import report
from alertd.disk import DiskEvent, Room
from alertd.engine.rule import Severity
from alertd.journal.events import BegunAnew, Failing, Recovered
from alertd.market.feed.events import Disconnected, Quiet, Streaming
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from alertd.observers.system_alerts import SystemAlert, SystemAlerts
from alertd.web.operations import Reload
from tests.observers.touches import touch

REFUSED = Fault(Cause.REFUSED, "connection refused", "is it up?")


@asynccontextmanager
async def speaking(said: list[SystemAlert]) -> AsyncIterator[SystemAlerts]:
    alerts = SystemAlerts(said.append, blind_after_s=60)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(alerts.run)
        yield alerts
        nursery.cancel_scope.cancel()


async def test_a_feed_that_is_lost_and_back_is_told_twice(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Disconnected(("BTCUSDT", "ETHUSDT"), REFUSED, 1, 1.0))
        await trio.sleep(59.9)
        assert not said
        await trio.sleep(0.2)
        (lost,) = said
        alerts.on_feed(Streaming("BTCUSDT"))
        alerts.on_feed(Streaming("ETHUSDT"))
        await trio.sleep(60.1)
    assert lost.severity is Severity.CRITICAL
    assert lost.title == "no data for 2 symbols"
    assert lost.body == (
        "BTCUSDT, ETHUSDT: nothing has come for 1m: connection refused (is it up?). "
        "Until it comes back, rules there see nothing."
    )
    assert said[1:] == [
        SystemAlert(
            title="data is back",
            body="BTCUSDT, ETHUSDT: seen again after 1m. What happened meanwhile was not seen.",
        )
    ]


async def what_is_said_of_a_gap(
    *symbols: str, found: GapsLookedInto | None, after_s: float = 2
) -> SystemAlert:
    """What is said after symbols were lost for 100 s and are back, and found so much later."""
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Disconnected(symbols, REFUSED, 1, 1.0))
        await trio.sleep(100)
        for symbol in symbols:
            alerts.on_feed(Streaming(symbol))
            alerts.on_gap(GapNoticed(symbol))
        await trio.sleep(after_s)
        if found is not None:
            alerts.on_gap(found)
        await trio.sleep(200)
    _, back = said
    assert back.title == "data is back"
    return back


async def test_that_the_feed_is_back_is_told_with_the_levels_that_were_touched(autojump_clock):
    touched = (touch(), touch(1000, symbol="ETHUSDT", name="eth-floor", upwards=False))
    found = GapsLookedInto(("BTCUSDT", "ETHUSDT"), (), touched, 100)
    back = await what_is_said_of_a_gap("BTCUSDT", "ETHUSDT", found=found)
    assert back.body == (
        "BTCUSDT, ETHUSDT: seen again after 1m 40s. Touched meanwhile, and not alerted:\n"
        "BTCUSDT 105000 (btc-105k): high 105220 at 14:07 UTC\n"
        "ETHUSDT 1000 (eth-floor): low 780 at 14:07 UTC"
    )


async def test_or_that_there_were_none(autojump_clock):
    found = GapsLookedInto(("BTCUSDT",), (), (), 100)
    back = await what_is_said_of_a_gap("BTCUSDT", found=found)
    assert back.body == (
        "BTCUSDT: seen again after 1m 40s. "
        "By the exchange's klines no level on the price was touched meanwhile and not alerted."
    )


async def test_or_that_nobody_knows(autojump_clock):
    back = await what_is_said_of_a_gap("BTCUSDT", found=None)
    assert back.body == ("BTCUSDT: seen again after 1m 40s. What happened meanwhile was not seen.")


async def test_or_of_whom_nobody_knows(autojump_clock):
    found = GapsLookedInto(("BTCUSDT",), ("ETHUSDT",), (touch(),), 100)
    back = await what_is_said_of_a_gap("BTCUSDT", "ETHUSDT", found=found)
    assert back.body == (
        "BTCUSDT, ETHUSDT: seen again after 1m 40s. "
        "What happened meanwhile to ETHUSDT was not seen. Touched meanwhile, and not alerted:\n"
        "BTCUSDT 105000 (btc-105k): high 105220 at 14:07 UTC"
    )


async def test_levels_that_are_many_are_counted_and_the_most_severe_come_first(autojump_clock):
    touched = (
        *(touch(name=f"rule-{number}", level=number) for number in range(1, 20)),
        touch(name="worst", severity=Severity.CRITICAL),
    )
    found = GapsLookedInto(("BTCUSDT",), (), touched, 100)
    back = await what_is_said_of_a_gap("BTCUSDT", found=found)
    _, first, *_, last = back.body.splitlines()
    assert first == "BTCUSDT 105000 (worst): high 105220 at 14:07 UTC"
    assert last == "and 8 more"
    assert len(back.body.splitlines()) == 14
    # Who may be woken for its alert may be woken for this.
    assert back.severity is Severity.CRITICAL


async def test_after_a_restart_it_is_told_by_itself_and_only_if_something_was_touched(
    autojump_clock,
):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        for touched in ((), (touch(), touch(name="other"))):
            alerts.on_feed(Streaming("BTCUSDT"))
            alerts.on_gap(GapNoticed("BTCUSDT"))
            alerts.on_gap(GapsLookedInto(("BTCUSDT",), (), touched, 11_520))
            await trio.sleep(300)
    assert said == [
        SystemAlert(
            title="1 level touched while nobody watched",
            body="Nothing was seen for up to 3h 12m. Touched meanwhile, and not alerted:\n"
            "BTCUSDT 105000 (btc-105k, other): high 105220 at 14:07 UTC",
        )
    ]


async def test_a_connection_that_is_well_and_silent_is_a_lost_feed_too(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Quiet(("BTCUSDT",), 30.0, "the exchange lists it as halted"))
        await trio.sleep(61)
    assert "the exchange lists it as halted" in said[0].body
    assert said[0].severity is Severity.WARNING  # nobody is woken for it


async def test_one_that_was_cut_off_and_is_seen_again_may_be_silent_without_waking_anybody(
    autojump_clock,
):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Disconnected(("BTCUSDT",), REFUSED, 1, 1.0))
        alerts.on_feed(Streaming("BTCUSDT"))
        alerts.on_feed(Quiet(("BTCUSDT",), 30.0, "the exchange lists it as halted"))
        await trio.sleep(61)
    assert [it.severity for it in said] == [Severity.WARNING]


async def test_what_is_no_longer_watched_is_not_spoken_of(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Disconnected(("BTCUSDT",), REFUSED, 1, 1.0))
        alerts.on_symbols((), ("BTCUSDT",))
        await trio.sleep(1000)
    assert not said


async def test_patience_may_be_another_from_one_moment_to_the_next(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_feed(Disconnected(("BTCUSDT",), REFUSED, 1, 1.0))
        await trio.sleep(30)
        alerts.expect(blind_after_s=10)
        await trio.testing.wait_all_tasks_blocked()
        assert len(said) == 1


def test_a_reload_that_was_refused_is_told_with_its_mistakes_and_so_is_the_next_that_was_not():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    alerts.on_reload(Reload(True, "reloaded: nothing"))
    alerts.on_reload(Reload(False, "not reloaded: 1 mistake", ("rules.yaml:3:4: what?",)))
    alerts.on_reload(Reload(True, "reloaded: 1 rule"))
    alerts.on_reload(Reload(True, "reloaded: 2 rules"))
    assert [(it.title, it.body) for it in said] == [
        ("the reload was refused", "not reloaded: 1 mistake\nrules.yaml:3:4: what?"),
        ("reloaded", "reloaded: 1 rule"),
    ]


def fault(*, is_open: bool = True, is_refused: bool = True) -> report.Fault:
    return report.Fault(
        label="phone: Telegram",
        key="phone/1",
        channel="phone",
        reason="the bot token is wrong (HTTP 401)",
        is_open=is_open,
        is_refused=is_refused,
        failing_for_s=90,
    )


async def test_a_destination_that_refuses_everything_is_told_of_and_so_is_its_end(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        await trio.testing.wait_all_tasks_blocked()
        alerts.on_fault(fault())
        await trio.sleep(29)
        assert not said
        await trio.sleep(2)
        alerts.on_fault(fault(is_open=False))
    assert said == [
        SystemAlert(
            title="phone: Telegram refuses alerts",
            body="the bot token is wrong (HTTP 401). No retry mends this: look at `alertd test-notify phone`.",
            about="phone/1",
        ),
        SystemAlert(
            title="phone: Telegram works again",
            body="It had taken nothing for 1m 30s.",
            about="phone/1",
        ),
    ]


async def test_one_that_somebody_has_removed_does_not_work_again():
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_fault(fault(is_refused=False))
        alerts.on_fault(attrs.evolve(fault(is_open=False), is_gone=True))
    assert said[1].title == "phone: Telegram is not used any more"


async def test_one_that_refused_a_message_and_takes_the_next_is_not(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        for _ in range(20):
            alerts.on_fault(fault())
            await trio.sleep(1)
            alerts.on_fault(fault(is_open=False))
        await trio.sleep(100)
    assert said == []


async def test_one_that_was_told_of_and_is_well_has_thirty_seconds_again(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_fault(fault())
        await trio.sleep(31)
        alerts.on_fault(fault(is_open=False))
        alerts.on_fault(fault())
        await trio.sleep(1)
        alerts.on_fault(fault(is_open=False))
    assert len(said) == 2


async def test_one_that_fails_has_done_so_for_a_while_and_is_told_of_at_once(autojump_clock):
    said: list[SystemAlert] = []
    async with speaking(said) as alerts:
        alerts.on_fault(fault(is_refused=False))
        alerts.on_fault(fault(is_refused=True))
    assert [it.title for it in said] == [
        "phone: Telegram takes no alerts",
        "phone: Telegram refuses alerts",
    ]


def test_a_journal_that_cannot_be_written_is_told_once_it_lasts_and_once_it_is_over():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    alerts.on_journal(Failing("the disk does not answer", 1))
    assert not said
    alerts.on_journal(Failing("the disk does not answer", 2, lasts=True))
    alerts.on_journal(Failing("the disk does not answer", 3, lasts=True))
    alerts.on_journal(Recovered(3))
    assert [it.title for it in said] == [
        "the journal cannot be written",
        "the journal is written again",
    ]
    alerts.on_journal(Recovered(1))
    assert len(said) == 2
    assert said[0].body.startswith("the disk does not answer. Alerts are sent all the same; ")


def test_a_journal_that_fails_for_a_moment_is_not_worth_a_word():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    alerts.on_journal(Failing("another process holds it locked", 1))
    alerts.on_journal(Recovered(1))
    assert not said


def test_a_journal_that_was_lost_is_told_with_what_was_saved_of_it():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    aside = Path("/state/alertd.db.damaged")
    alerts.on_journal(BegunAnew("file is not a database", aside, saved=2))
    (alert,) = said
    assert alert.title == "a new journal was begun"
    assert alert.body == (
        "the journal was lost: file is not a database; it is kept as /state/alertd.db.damaged, and "
        "a new one was begun, without the history of before; saved: 2 alerts to be sent."
    )


def test_a_disk_that_fills_is_told_and_so_is_its_end():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    folder, mib = Path("/state"), 1024**2
    alerts.on_disk(DiskEvent(folder, Room(90 * mib, 20_480 * mib), is_low=True))
    alerts.on_disk(DiskEvent(folder, Room(500 * mib, 20_480 * mib), is_low=False))
    assert [(it.title, it.body) for it in said] == [
        ("the disk is nearly full", "the disk of /state is nearly full: 90 MiB of 20 GiB left."),
        ("the disk has room again", "the disk of /state has room again: 500 MiB of 20 GiB."),
    ]
