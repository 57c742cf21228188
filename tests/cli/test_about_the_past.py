"""The commands about the past: history, silence, retry; beside a room with a real journal."""

import json
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import trio
from click.testing import CliRunner, Result

from alertd.cli import main
from alertd.journal.records import Batch
from tests.web.journaled import Asking, journaled_daemon, note_of, past_alert, write
from tests.web.test_past import PAST

HOUR_MS = 3_600_000


def alertd(*arguments: str) -> Result:
    """Run a command whose output goes into a pipe."""
    return CliRunner(env={"XDG_RUNTIME_DIR": "", "TZ": "UTC"}).invoke(main, arguments)


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Asking]:
    async with journaled_daemon(tmp_path, PAST) as asking:
        yield asking


async def ask(asking: Asking, *arguments: str) -> Result:
    """Run a command that asks the daemon."""
    run = partial(alertd, *arguments, "--socket", str(asking.place))
    return await trio.to_thread.run_sync(run)


async def test_history_asks_the_daemon(asking: Asking):
    result = await ask(asking, "history", "--utc", "--limit", "2")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        (
            "3  1970-01-01 00:16:43 UTC  critical  BTCUSDT  btc-100k  BTCUSDT close rose above 100000"
            "  [silenced by 3: asleep]"
        ),
        (
            "4  1970-01-01 00:16:44 UTC  critical  ETHUSDT  btc-100k  BTCUSDT close rose above 100000"
            "  [phone: Telegram undelivered: HTTP 500, 9 tries;"
            " desk: Slack undelivered: the token is wrong]"
        ),
    ]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--symbol", "solusdt"), ["2"]),
        (("--rule", "btc-*"), ["1", "3", "4"]),
        (("--undelivered",), ["4"]),
        (("--since", "1970-01-01T00:16:42Z", "--until", "1970-01-01T00:16:44Z"), ["2", "3"]),
        (("--since", "2h"), []),
    ],
)
async def test_history_is_of_what_is_asked_for(
    asking: Asking, options: tuple[str, ...], numbers: list[str]
):
    result = await ask(asking, "history", *options)
    assert [line.split()[0] for line in result.stdout.splitlines()] == numbers


async def test_nothing_to_tell_is_said_so(asking: Asking):
    result = await ask(asking, "history", "--rule", "x")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no alerts\n")


async def test_history_for_programs_is_an_alert_a_line(asking: Asking):
    result = await ask(asking, "history", "--json")
    answer = await asking.room.get("/api/history")
    assert [json.loads(line) for line in result.stdout.splitlines()] == answer.json()["alerts"]


async def test_one_alert_is_told_whole(asking: Asking):
    result = await ask(asking, "history", "1", "--utc")
    assert "delivery  phone: Telegram delivered after 1.2 s" in result.stdout


async def test_an_alert_that_there_is_none_of_is_the_users_mistake(asking: Asking):
    result = await ask(asking, "history", "7")
    assert (result.exit_code, result.stderr) == (2, "there is no alert 7 in the journal\n")


def config_in(folder: Path) -> str:
    path = folder / "config.yaml"
    path.write_text(
        'channels: {desk: "json://127.0.0.1:9"}\ndefaults: {notify: desk}\n'
        "rules: [{rules: {up: {symbols: BTCUSDT, when: {close: {above: 1}}}}}]\n"
    )
    return str(path)


def test_where_no_daemon_runs_its_journal_is_read(tmp_path: Path):
    write(tmp_path / "state" / "alertd.db", PAST)
    result = alertd("history", "--config", config_in(tmp_path))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 4
    assert "alertd is not running" in result.stderr
    assert f"what follows is from its journal, {tmp_path}/state/alertd.db" in result.stderr


def test_without_a_daemon_and_a_journal_there_is_no_history(tmp_path: Path):
    result = alertd("history", "--config", config_in(tmp_path))
    assert result.exit_code == 1
    assert f"there is no journal {tmp_path}/state/alertd.db" in result.stderr


def test_a_journal_can_be_named_and_is_not_changed(tmp_path: Path):
    path = write(tmp_path / "ü #?%41.db", PAST)
    path.chmod(0o444)
    before = path.read_bytes()
    result = alertd("history", "--journal", str(path))
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 4)
    assert path.read_bytes() == before


def test_a_journal_that_is_not_there_is_not_made(tmp_path: Path):
    result = alertd("history", "--journal", str(tmp_path / "alertd.db"))
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_more_than_a_page_of_history_comes_in_its_order(tmp_path: Path):
    notes = tuple(note_of(past_alert(number)) for number in range(1, 2_503))
    path = write(tmp_path / "alertd.db", Batch(notes=notes))
    result = alertd("history", "--journal", str(path), "--limit", "2501")
    numbers = [int(line.split()[0]) for line in result.stdout.splitlines()]
    assert numbers == list(range(2, 2_503))


def test_a_socket_that_nobody_listens_at_is_not_passed_over(tmp_path: Path):
    result = alertd("history", "--socket", str(tmp_path / "socket"))
    assert result.exit_code == 1
    assert "nobody listens at" in result.stderr


async def test_a_silence_is_made_told_and_ended(asking: Asking):
    arguments = ("--rule", "btc-*", "--symbol", "btcusdt", "--for", "2h", "--comment", "release")
    made = await ask(asking, "silence", "add", *arguments)
    assert made.stdout.startswith("silence 4: rule btc-* on BTCUSDT, until 20")
    (silence,) = [it for it in asking.archive.silences if it.number == 4]
    assert silence.symbol == "BTCUSDT"
    assert abs(silence.until_ms - time.time() * 1000 - 2 * HOUR_MS) < 60_000

    told = await ask(asking, "silence", "list")
    assert [line.split()[0] for line in told.stdout.splitlines()] == ["#", "4"]
    assert "release" in told.stdout

    ended = await ask(asking, "silence", "expire", "4")
    assert ended.stdout == "silence 4 is over: rule btc-* on BTCUSDT\n"
    assert (await ask(asking, "silence", "list")).stderr == "no silences\n"


@pytest.mark.parametrize(
    ("severity", "words"),
    [("info", "every rule on X, only info"), ("warning", "every rule on X, up to warning")],
)
async def test_a_silence_says_up_to_which_severity(asking: Asking, severity: str, words: str):
    result = await ask(
        asking, "silence", "add", "--symbol", "x", "--for", "1h", "--severity", severity
    )
    assert result.stdout.startswith(f"silence 4: {words}, until ")


async def test_a_silence_of_every_severity_names_none(asking: Asking):
    result = await ask(
        asking, "silence", "add", "--rule", "up", "--for", "1h", "--severity", "critical"
    )
    assert result.stdout.startswith("silence 4: rule up, until ")


async def test_a_silence_that_was_ended_is_told_with_its_end_and_one_that_ran_out_with_that(
    asking: Asking,
):
    await ask(asking, "silence", "add", "--rule", "*", "--until", "2h")
    await ask(asking, "silence", "expire", "4")
    told = (await ask(asking, "silence", "list", "--all", "--utc")).stdout.splitlines()
    assert " 1970-01-01 00:16:49 UTC " in told[1]
    assert " ended 20" in told[2]


async def test_how_many_a_silence_swallowed_may_not_be_known(tmp_path: Path):
    async with journaled_daemon(tmp_path, PAST, reads=tmp_path / "nothing.db") as asking:
        told = await ask(asking, "silence", "list", "--all")
    assert told.stdout.splitlines()[1].split()[-2:] == ["?", "asleep"]


async def test_silences_that_are_over_are_told_where_that_is_asked_for(asking: Asking):
    result = await ask(asking, "silence", "list", "--all", "--json")
    (silence,) = json.loads(result.stdout)
    assert (silence["number"], silence["in_force"], silence["silenced"]) == (3, False, 1)


async def test_all_silences_can_be_ended(asking: Asking):
    await ask(asking, "silence", "add", "--rule", "*", "--for", "1h")
    ended = await ask(asking, "silence", "expire", "--all")
    assert ended.stdout == "silence 4 is over: every rule\n"
    nothing = await ask(asking, "silence", "expire", "--all")
    assert nothing.stdout == "there was none: nothing to do\n"


async def test_a_silence_of_an_unknown_rule_is_made_with_a_warning(asking: Asking):
    result = await ask(asking, "silence", "add", "--rule", "btc-100", "--for", "1h")
    assert result.exit_code == 0
    assert result.stderr == ("warning: no rule is called `btc-100` (did you mean `btc-100k`?)\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("silence", "add", "--for", "1h"), "that would silence everything"),
        (("silence", "add", "--rule", "", "--for", "1h"), "a name that is empty fits nothing"),
        (("silence", "add", "--rule", "*"), "say either --for or --until"),
        (
            ("silence", "add", "--rule", "*", "--for", "1h", "--until", "18:00"),
            "say either --for or --until",
        ),
        (("silence", "add", "--rule", "*", "--for", "1 hour"), "--for: `1 hour` is no duration"),
        (("silence", "add", "--rule", "*", "--until", "2020-01-01"), "its end is over already"),
        (("silence", "expire"), "say either its number or --all"),
        (("silence", "expire", "4", "--all"), "say either its number or --all"),
        (("silence", "expire", "9"), "there is no silence 9"),
        (("retry",), "say either its number or --all"),
        (("retry", "4", "--all"), "say either its number or --all"),
        (("retry", "9"), "there is no alert 9 in the journal"),
        (("retry", "--all", "--channel", "phon"), "no such channel (did you mean `phone`?)"),
    ],
)
async def test_what_makes_no_sense_is_the_users_mistake(
    asking: Asking, arguments: tuple[str, ...], error: str
):
    result = await ask(asking, *arguments)
    assert result.exit_code == 2
    assert error in result.stderr


async def test_a_retry_tells_what_it_did(asking: Asking):
    result = await ask(asking, "retry", "--all")
    assert result.stdout == "phone: Telegram: 1 alert tried again\n"
    assert result.stderr == (
        "warning: desk: Slack is not configured any more: 1 alert cannot be sent there\n"
    )


async def test_a_retry_of_nothing_says_so(asking: Asking):
    result = await ask(asking, "retry", "1")
    assert result.stdout == "nothing was given up, and nothing that waits may go sooner\n"


async def test_a_retry_is_told_to_programs(asking: Asking):
    result = await ask(asking, "retry", "4", "--channel", "phone", "--json")
    assert json.loads(result.stdout) == [
        {"destination": "phone: Telegram", "undelivered": 1, "waiting": 0, "is_gone": False}
    ]
