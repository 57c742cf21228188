"""`alertd replay`: files of klines and rules in, alerts out, and what is said beside them."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alertd.cli.replay import command
from tests.market.past.kline_rows import DAY_MINUTES, HEADER, START_MS, plain_row, write_text
from tests.market.past.recorded.recordings import record, tick

RULE = "rules: {up: {symbols: [BTCUSDT, 'E*'], when: {close: {crosses_above: 100}}}}"
PROJECT = Path(__file__).parents[2]
DAY_MS = DAY_MINUTES * 60_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is called: a file of rules, and klines whose price crosses 100 now and then."""
    monkeypatch.chdir(tmp_path)
    Path("rules.yaml").write_text(RULE)
    klines("BTCUSDT", crosses_every=60)
    return tmp_path


def klines(symbol: str, *, crosses_every: int, days: int = 3) -> None:
    closes = (
        101 if minute % crosses_every == crosses_every - 1 else 99
        for minute in range(days * DAY_MINUTES)
    )
    rows = (plain_row(minute, f"99,101,99,{close},3") for minute, close in enumerate(closes))
    write_text(Path("data") / f"{symbol}-1m.csv", [HEADER, *rows])


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments])


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_alerts_are_printed_in_the_order_of_time(folder: Path):
    alerts = lines(replay("--rules", "rules.yaml", "--format", "jsonl", "data"))
    hours = [START_MS + DAY_MS + (hour + 1) * 3_600_000 - 1 for hour in range(48)]
    assert [alert["time"] for alert in alerts] == hours
    assert set(map(tuple, alerts)) == {
        ("time", "rule", "symbol", "state", "value", "threshold", "metrics")
    }


def test_rules_see_nothing_before_from_and_nothing_from_to_on(folder: Path):
    bounds = ("--from", "2025-05-07", "--to", "2025-05-07 03:00")
    alerts = lines(replay("--rules", "rules.yaml", "--format", "jsonl", *bounds, "data"))
    first = START_MS + 2 * DAY_MS
    assert [alert["time"] for alert in alerts] == [
        first + hour * 3_600_000 - 1 for hour in (1, 2, 3)
    ]


def test_people_get_a_table(folder: Path):
    result = replay("--rules", "rules.yaml", "data")
    assert "48 alerts, times in UTC:" in result.stdout
    assert "1 rule, 1 symbol, 2,881 ticks" in result.stderr


def test_a_symbol_that_no_rule_is_for_is_not_read(folder: Path):
    good = (plain_row(minute) for minute in range(200))
    write_text(Path("data") / "XRPUSDT-1m.csv", [HEADER, *good, "broken"])
    assert replay("--rules", "rules.yaml", "data").exit_code == 0


def test_only_the_symbols_that_are_asked_for_are_played(folder: Path):
    klines("ETHUSDT", crosses_every=60)
    only = ("--symbol", "ethusdt")
    alerts = lines(replay("--rules", "rules.yaml", "--format", "jsonl", *only, "data"))
    assert {alert["symbol"] for alert in alerts} == {"ETHUSDT"}


def test_data_without_a_symbol_of_any_rule_is_a_mistake(folder: Path):
    Path("rules.yaml").write_text(RULE.replace("BTCUSDT", "XRPUSDT"))
    result = replay("--rules", "rules.yaml", "data")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no rule is for what is in the data: BTCUSDT" in result.stderr


def test_a_rule_none_of_whose_symbols_is_in_the_data_is_named(folder: Path):
    Path("rules.yaml").write_text(
        RULE.replace("rules: {", "rules: {idle: {symbols: XRPUSDT, when: {close: {above: 1}}}, ")
    )
    result = replay("--rules", "rules.yaml", "data")
    assert "as no symbol of theirs is in the data: `idle`\n" in result.stderr


def test_an_estimated_quote_volume_is_named(folder: Path):
    result = replay("--rules", "rules.yaml", "data")
    assert "not in the data, it is an estimate: BTCUSDT\n" in result.stderr


def test_quiet_is_quiet_but_for_warnings(folder: Path):
    result = replay("--rules", "rules.yaml", "--quiet", "data")
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == ["warning"]


def test_a_comparison_says_what_differs(folder: Path):
    Path("other.yaml").write_text(RULE.replace("100", "200"))
    both = ("--rules", "rules.yaml", "--compare", "other.yaml")
    changes = lines(replay(*both, "--format", "jsonl", "data"))
    assert {change["change"] for change in changes} == {"removed"}
    assert len(changes) == 48


def test_without_rules_those_of_the_configuration_are_played(folder: Path):
    Path("config.yaml").write_text(
        "{channels: {phone: 'tgram://${A}/${B}'}, defaults: {notify: phone}, rules: rules.yaml}"
    )
    assert len(lines(replay("--format", "jsonl", "data"))) == 48


def test_without_a_configuration_and_rules_there_is_nothing_to_play(folder: Path):
    result = replay("data")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: no rules: name files of them with --rules, or a configuration with --config\n"
    )


def test_rules_among_the_data_are_a_glob_that_was_not_quoted(folder: Path):
    result = replay("--rules", "rules.yaml", "other.yaml", "data")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "other.yaml is no data: say --rules before each file of rules" in result.stderr


def test_a_mistake_in_the_data_is_one_line_and_no_alert(folder: Path):
    with Path("data/BTCUSDT-1m.csv").open("a") as file:
        file.write("broken\n")
    result = replay("--rules", "rules.yaml", "--format", "jsonl", "data")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("Error: data/BTCUSDT-1m.csv:4322: ")


def test_less_than_a_day_of_klines_is_nothing_to_play(folder: Path):
    klines("BTCUSDT", crosses_every=60, days=1)
    result = replay("--rules", "rules.yaml", "--to", "2025-05-05 12:00", "data")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: nothing to play: 24 hours of klines come before the first ticker, and they begin at"
        " 2025-05-05 00:00:00 UTC; see --symbol, --from and --to"
    )


def test_a_recording_of_other_symbols_is_nothing_to_play(folder: Path):
    record(folder / "tapes", [tick(0, "XRPUSDT")])
    result = replay("--rules", "rules.yaml", "tapes")
    assert result.exit_code == 2
    assert "nothing to play: the recording has no ticker that any rule is for" in result.stderr


def test_a_time_of_no_length_is_a_mistake(folder: Path):
    noon = "2025-05-07 12:00"
    result = replay("--rules", "rules.yaml", "--from", noon, "--to", noon, "data")
    assert result.exit_code == 2
    assert "--to is the later one" in result.stderr


@pytest.mark.parametrize(("name", "begins"), [("it.html", b"<!"), ("it.png", b"\x89PNG")])
def test_a_replay_is_drawn_beside_what_is_printed(folder: Path, name: str, begins: bytes):
    result = replay("--rules", "rules.yaml", "--format", "jsonl", "--plot", name, "data")
    assert len(lines(result)) == 48
    assert Path(name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plot", "it.gif"], "its name ends in .html or .png"),
        (["--plot", "missing/it.png"], "there is no folder `missing`"),
        (["--plot", "it.png", "--compare", "rules.yaml"], "leave out --compare"),
    ],
)
def test_what_cannot_be_drawn_is_said_before_anything_is_played(
    folder: Path, arguments: list[str], words: str
):
    result = replay("--rules", "rules.yaml", *arguments, "data")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_prices_that_cannot_be_drawn_are_said_in_a_line(folder: Path):
    Path("rules.yaml").write_text("rules: {up: {symbols: all, when: {close: {above: 1}}}}")
    record(folder / "tapes", [tick(number, close=1e15) for number in range(2)])
    result = replay("--rules", "rules.yaml", "--plot", "it.png", "tapes")
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert result.stderr.splitlines()[-1].startswith("Error: it.png cannot be drawn: prices")
    assert "1 alert" in result.stdout


def test_the_disk_is_left_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch):
    room = folder / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    replay("--rules", "rules.yaml", "data")
    assert not list(room.iterdir())


def test_a_name_does_not_steer_the_terminal(folder: Path):
    result = replay("--rules", "rules.yaml", "data/\x1b[2J\n.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: data/ [2J .csv: no such file or folder\n"


@pytest.mark.parametrize("form", ["table", "jsonl", "csv", "md"])
def test_what_is_printed_is_the_same_however_many_play(folder: Path, form: str):
    for symbol in ("ETHUSDT", "EOSUSDT"):
        klines(symbol, crosses_every=60)
    asked = ("--rules", "rules.yaml", "--all", "--format", form, "data")
    alone, together = (replay("--processes", count, *asked) for count in ("1", "2"))
    assert alone.exit_code == 0
    assert alone.stdout_bytes.count(b"ETHUSDT") >= 48
    assert together.stdout_bytes == alone.stdout_bytes


def test_a_disk_that_takes_no_output_is_one_line(folder: Path):
    process = started(
        folder, "--quiet", "--format", "jsonl", stderr=subprocess.PIPE, into="/dev/full"
    )
    _, said = process.communicate()
    assert process.returncode == 1
    assert said.decode().splitlines()[-1] == (
        "Error: what is printed cannot be written: No space left on device"
    )


def test_ctrl_c_before_anything_is_played_is_no_failure(folder: Path):
    os.mkfifo("config.yaml")
    config = folder / "config.yaml"
    process = started(folder, "--config", str(config), stderr=subprocess.PIPE)
    with config.open("wb"):  # as soon as it reads
        process.send_signal(signal.SIGINT)
        stdout, said = process.communicate()
    assert (process.returncode, stdout, said) == (130, b"", b"")


def started(
    folder: Path, *arguments: str, stderr: int, into: str | None = None
) -> "subprocess.Popen[bytes]":
    files = ("--rules", str(folder / "rules.yaml"), str(folder / "data"))
    return subprocess.Popen(
        [sys.executable, "-m", "alertd", "replay", *files, *arguments],
        cwd=PROJECT,
        env={**os.environ, "COLUMNS": "100", "TERM": "xterm", "TMPDIR": str(folder)},
        stdout=subprocess.PIPE if into is None else os.open(into, os.O_WRONLY | os.O_CLOEXEC),
        stderr=stderr,
        start_new_session=True,
    )


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_prints_what_is_known_so_far_and_up_to_where(folder: Path, processes: str):
    status, stdout, shown = broken_off(folder, "--processes", processes)
    assert status == 130
    assert "Traceback" not in shown
    assert re.search(r"broken off, what follows is not all: (BTC|ETH|EOS)USDT up to 2025-", shown)
    assert " alerts" in stdout
    assert not list(folder.glob("alertd-replay-*"))


def test_what_was_broken_off_is_not_compared(folder: Path):
    rules = str(folder / "rules.yaml")
    status, stdout, shown = broken_off(folder, "--compare", rules, "--processes", "1")
    assert (status, stdout) == (130, "")
    assert "only what was played as a whole is compared" in shown


def broken_off(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Press Ctrl-C while it plays; return the status, and what stands on its two outputs.

    To put 100,000 alerts into words would take it ten seconds.
    """
    for symbol in ("BTCUSDT", "ETHUSDT", "EOSUSDT"):
        klines(symbol, crosses_every=2, days=50)
    ours, theirs = pty.openpty()
    process = started(folder, *arguments, stderr=theirs)
    os.close(theirs)
    shown = b""
    while b" ticks, " not in shown:
        shown += os.read(ours, 4096)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes
    stdout, _ = process.communicate()
    return process.returncode, stdout.decode(), _rest(ours, shown).decode()


def _rest(terminal: int, shown: bytes) -> bytes:
    """Everything until nobody has the terminal any more, which Linux says with an error."""
    while True:
        try:
            shown += os.read(terminal, 4096)
        except OSError:
            os.close(terminal)
            return shown
