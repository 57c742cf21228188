"""History, silences and retries by the commands: of a running daemon, and of a killed one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import trio
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.delivery.channel import Channel
from alertd.delivery.destination import destinations_of
from alertd.history import read_history
from alertd.journal.records import Address, Batch, Mark, Status
from alertd.web.answers import PastAlert
from alertd.web.records import Asked
from tests.delivery.receivers import Answer, http_receiver
from tests.processes import running_daemon
from tests.web.journaled import note_of, past_alert, write

CONFIG = """
feed: {{url: "ws://127.0.0.1:{{exchange}}/market"}}
channels: {{desk: "{desk}"}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: BTCUSDT, when: {{close: {{above: 100}}}}}}
"""


PAGER = Address("pager/0123456789ab", "pager: Email")


async def alertd(folder: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"XDG_RUNTIME_DIR": "", "TZ": "UTC"})
    config = ("--config", str(folder / "config.yaml"))
    return await trio.to_thread.run_sync(partial(runner.invoke, main, [*arguments, *config]))


async def kept(folder: Path, is_so: Callable[[tuple[PastAlert, ...]], bool]) -> None:
    """Wait until the journal has it so."""
    journal = folder / "state" / "alertd.db"
    with trio.fail_after(20):
        while not is_so(await trio.to_thread.run_sync(read_history, journal, Asked())):
            await trio.lowlevel.checkpoint()


def fates_of(alerts: tuple[PastAlert, ...]) -> list[tuple[str, int]]:
    return [(it.status, it.attempts) for alert in alerts for it in alert.deliveries]


async def test_a_delivery_that_waits_for_a_probe_is_retried_at_once(tmp_path: Path):
    with http_receiver(Answer(401), Answer(200)) as receiver:
        async with running_daemon(tmp_path, CONFIG.format(desk=receiver.url())) as daemon:
            await daemon.sees(90, 101)
            await kept(tmp_path, lambda alerts: fates_of(alerts) == [("waiting", 1)])
            told = await alertd(tmp_path, "history")
            assert "[desk: JSON waiting: " in told.stdout
            retried = await alertd(tmp_path, "retry", "1")
            assert retried.stdout == "desk: JSON: 1 alert that waited tried at once\n"
            await kept(tmp_path, lambda alerts: fates_of(alerts) == [("delivered", 2)])
            nothing = await alertd(tmp_path, "retry", "--all")
            assert "nothing was given up" in nothing.stdout


async def test_what_was_given_up_is_sent_after_all_but_not_where_its_channel_is_gone(
    tmp_path: Path,
):
    with http_receiver() as receiver:
        (desk,) = destinations_of(Channel("desk", (receiver.url(),)))
        given_up = (
            Mark(delivery=number, status=Status.UNDELIVERED, attempts=9, reason="HTTP 500")
            for number in (10, 11)
        )
        note = note_of(past_alert(1), Address(desk.key, desk.label), PAGER)
        write(tmp_path / "state" / "alertd.db", Batch(notes=(note,), marks=tuple(given_up)))
        async with running_daemon(tmp_path, CONFIG.format(desk=receiver.url())) as daemon:
            await daemon.sees(90)
            retried = await alertd(tmp_path, "retry", "--all")
            await kept(tmp_path, lambda alerts: ("delivered", 1) in fates_of(alerts))
    assert retried.stdout == "desk: JSON: 1 alert tried again\n"
    assert "pager: Email is not configured any more: 1 alert cannot" in retried.stderr
    assert receiver.titles() == [past_alert(1).title]


async def test_what_a_silence_swallows_is_told_although_the_daemon_was_killed(tmp_path: Path):
    with http_receiver() as receiver:
        async with running_daemon(tmp_path, CONFIG.format(desk=receiver.url())) as daemon:
            await daemon.sees(90)
            added = await alertd(
                tmp_path, "silence", "add", "--rule", "up", "--for", "1h", "--comment", "release"
            )
            assert added.exit_code == 0
            await daemon.sees(90, 101)
            await kept(tmp_path, lambda alerts: len(alerts) == 1)
            listed = await alertd(tmp_path, "silence", "list")
            assert listed.stdout.splitlines()[1].split()[-2:] == ["1", "release"]
        assert len(receiver.received) == 0
    told = await alertd(tmp_path, "history")
    assert told.stdout.endswith("[silenced by 1: release]\n")
    assert "alertd is not running" in told.stderr
