"""`alertd fetch`: what is said of what came and what did not, and the exit status for it."""

import os
import pty
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
import trio
from click.testing import CliRunner, Result

from alertd.cli.fetch import command
from alertd.market.past.kline_files import find_klines
from tests.market.archive.archive_server import archive, stops_after, with_checksums
from tests.market.past.kline_rows import archive_row, write_text
from tests.market.rest_servers import Behaviour, Exchange, answers, cuts, rest_server
from tests.processes import PATIENCE_S

MAY = ("--from", "2025-05", "--to", "2025-05")


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@attrs.frozen
class Run:
    """A command that has ended, and the paths that it asked for."""

    result: Result
    asked: list[str]


def run(folder: Path, *arguments: str, behaviour: Behaviour | None = None) -> Run:
    with rest_server(behaviour or archive({})) as server:
        options = ["--into", str(folder), "--url", server.url]
        result = CliRunner().invoke(command, [*arguments, *options], catch_exceptions=False)
    return Run(result, server.asked)


def serving(*names: str) -> Behaviour:
    return archive(with_checksums(dict.fromkeys(names, b"klines" * 100_000)))


def test_files_are_named_as_they_come_and_counted_in_the_end(tmp_path: Path) -> None:
    server = serving("XUSDT-1m-2025-05.zip", "XUSDT-1m-2025-06-01.zip")
    ran = run(tmp_path, "xusdt", "--from", "2025-05", "--to", "2025-06-01", behaviour=server)
    assert ran.result.output.splitlines()[-1] == f"2 fetched; 1.2 MB came, to {tmp_path}"
    assert sorted(ran.result.output.splitlines()[:-1]) == [
        "XUSDT-1m-2025-05.zip: fetched",
        "XUSDT-1m-2025-06-01.zip: fetched",
    ]
    assert ran.result.exit_code == 0


def test_what_is_here_is_not_fetched_again(tmp_path: Path) -> None:
    server = serving("XUSDT-1m-2025-05.zip")
    run(tmp_path, "XUSDT", *MAY, behaviour=server)
    again = run(tmp_path, "XUSDT", *MAY, behaviour=server)
    assert again.result.output == f"1 here already; 0.0 MB came, to {tmp_path}\n"
    assert (again.result.exit_code, again.asked) == (0, [])


def test_a_symbol_that_is_named_twice_is_asked_for_once(tmp_path: Path) -> None:
    assert len(run(tmp_path, "XUSDT", "xusdt", *MAY).asked) == 1


def test_what_came_can_be_played(tmp_path: Path) -> None:
    rows = [archive_row(minute) for minute in range(3)]
    there = write_text(tmp_path / "XUSDT-1m-2025-05.zip", rows)
    server = archive(with_checksums({there.name: there.read_bytes()}))
    run(tmp_path / "here", "XUSDT", *MAY, behaviour=server)
    (series,) = find_klines([str(tmp_path / "here")])
    assert len(list(series.klines)) == 3


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ([], "futures/um/monthly/klines/XUSDT/1m/XUSDT-1m-2025-05.zip"),
        (["--interval", "1h"], "futures/um/monthly/klines/XUSDT/1h/XUSDT-1h-2025-05.zip"),
        (["--market", "spot"], "spot/monthly/klines/XUSDT/1m/XUSDT-1m-2025-05.zip"),
        (["--market", "coinm"], "futures/cm/monthly/klines/XUSDT/1m/XUSDT-1m-2025-05.zip"),
    ],
)
def test_market_and_interval_say_which_files(tmp_path: Path, options: list[str], path: str) -> None:
    assert run(tmp_path, "XUSDT", *MAY, *options).asked == [f"/data/{path}.CHECKSUM"]


def test_a_symbol_that_has_no_file_is_asked_about_and_the_others_come(tmp_path: Path) -> None:
    server = serving("XUSDT-1m-2025-05.zip")
    ran = run(tmp_path, "YUSDT", "XUSDT", *MAY, behaviour=server)
    assert ran.result.output.splitlines()[1:] == [
        (
            "YUSDT: not in the archive: 2025-05. Is that its name, was it traded then,"
            " and is the day over for some hours?"
        ),
        f"1 fetched, 1 not in the archive; 0.6 MB came, to {tmp_path}",
    ]
    assert ran.result.exit_code == 1


def test_months_before_a_symbol_was_traded_are_no_failure(tmp_path: Path) -> None:
    server = serving("XUSDT-1m-2025-05.zip")
    ran = run(tmp_path, "XUSDT", "--from", "2025-03", "--to", "2025-05", behaviour=server)
    assert "XUSDT: not in the archive: 2 files from 2025-03 to 2025-04. Is" in ran.result.output
    assert ran.result.exit_code == 0


def test_a_file_that_fails_is_a_failure(tmp_path: Path) -> None:
    files = with_checksums({f"XUSDT-1m-2025-0{month}.zip": b"klines" for month in (4, 5)})
    banned = answers(status=429, headers={"Retry-After": "9999"})
    server = archive(files, {"XUSDT-1m-2025-04.zip": [banned]})
    ran = run(tmp_path, "XUSDT", "--from", "2025-04", "--to", "2025-05", behaviour=server)
    line = "XUSDT-1m-2025-04.zip: too many requests from this address (HTTP 429): given up"
    assert line in ran.result.output.splitlines()
    assert ran.result.exit_code == 1


def test_until_yesterday_is_what_is_meant_without_an_end(tmp_path: Path) -> None:
    two_days_ago = datetime.now(UTC).date() - timedelta(days=2)
    ran = run(tmp_path, "XUSDT", "--from", str(two_days_ago))
    assert len(ran.asked) == 2


def test_out_of_reach_is_one_line(tmp_path: Path) -> None:
    with rest_server(cuts) as server:
        gone = server.url
    options = ["XUSDT", "YUSDT", *MAY, "--into", str(tmp_path), "--url", gone]
    result = CliRunner().invoke(command, options)
    assert result.stderr.splitlines() == [
        (
            "127.0.0.1: connection refused: is the network there, --url right, and HTTPS_PROXY,"
            " if set? The same command goes on where this one ended."
        )
    ]
    assert result.exit_code == 1


def test_a_proxy_that_cannot_be_used_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:1")
    result = CliRunner().invoke(command, ["XUSDT", *MAY, "--into", str(tmp_path)])
    (line,) = result.stderr.splitlines()
    assert line.startswith("the proxy that is set cannot be used")
    assert "secret" not in line


def test_a_disk_that_takes_nothing_is_one_line(tmp_path: Path) -> None:
    part = tmp_path / "XUSDT-1m-2025-05.zip.part"
    part.mkdir()
    ran = run(tmp_path, "XUSDT", *MAY, behaviour=serving("XUSDT-1m-2025-05.zip"))
    assert ran.result.stderr.startswith(f"{part}: Is a directory: make room for it.")
    assert ran.result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["XUSDT", "--from", "May"], "'May' is no day (2025-05-04) and no month (2025-05)"),
        (["XUSDT", "--from", "2025-13"], "'2025-13' is no day"),
        (
            ["XUSDT", "--from", "2025-05-04", "--to", "2025-05-03"],
            "--to 2025-05-03: that is before --from 2025-05-04",
        ),
        (["XUSDT", "--from", "2999-01"], "the archive ends yesterday"),
        (["XUSDT", "--from", "2999-01", "--to", "2999-02"], "the archive ends yesterday"),
        (["XUSDT", "--from", "1970-01"], "the archive begins on 2017-07-01"),
        (["../XUSDT", *MAY], "'../XUSDT' is no symbol"),
        (["XUSDT", *MAY, "--url", "ftp://x"], "an archive's address begins with https://"),
        (["XUSDT", *MAY, "--interval", "7m"], "'7m' is not one of"),
        ([*MAY], "Missing argument"),
    ],
)
def test_mistakes_on_the_command_line_are_told(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert (result.exit_code, said in result.output) == (2, True), result.output


def test_a_folder_that_cannot_be_made_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run(tmp_path / "file" / "here", "XUSDT", *MAY)
    assert "Not a directory: choose another --into" in ran.result.output
    assert ran.result.exit_code == 2


async def test_ctrl_c_keeps_what_came(tmp_path: Path) -> None:
    content = b"klines" * 100_000
    name = "XUSDT-1m-2025-05.zip"

    def stalls(exchange: Exchange) -> None:
        stops_after(100_000, content)(exchange)
        exchange.handler.wfile.flush()
        exchange.ending.wait(PATIENCE_S)

    part = tmp_path / f"{name}.part"
    with rest_server(archive(with_checksums({name: content}), {name: [stalls]})) as server:
        options = [*MAY, "--into", str(tmp_path), "--url", server.url]
        process = await trio.lowlevel.open_process(
            [sys.executable, "-m", "alertd", "fetch", "XUSDT", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with trio.fail_after(PATIENCE_S):
            while not (part.exists() and part.stat().st_size):  # noqa: ASYNC110 - another process writes it
                await trio.sleep(0.01)
            process.send_signal(signal.SIGINT)
            await process.wait()
    assert process.returncode == 130
    assert content.startswith(part.read_bytes())


def test_a_terminal_has_a_bar(tmp_path: Path) -> None:
    with rest_server(serving("XUSDT-1m-2025-05.zip")) as server:
        options = [*MAY, "--into", str(tmp_path), "--url", server.url]
        parent, child = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "alertd", "fetch", "XUSDT", *options],
            stdout=child,
            check=True,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "80"},
        )
        os.close(child)
        shown = os.read(parent, 65536).decode()
        os.close(parent)
    assert re.search(r"1/1.*files, 0\.6 MB", shown)
    assert "XUSDT-1m-2025-05.zip" not in shown
    assert f"1 fetched; 0.6 MB came, to {tmp_path}" in shown
