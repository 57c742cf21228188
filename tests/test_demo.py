"""`alertd demo`, run as a stranger runs it: with nothing set up."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from alertd.demo.programme import recorded
from alertd.market.past.klines import KlinesError


def demo(*options: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it in an empty folder, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "alertd", "demo", *options],
        cwd=folder,
        env={"PYTHONPATH": str(Path.cwd()), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_crash_is_seen_told_and_accounted_for(tmp_path: Path):
    done = demo("--seconds", "1", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    *_, tickers, alerts, deliveries = done.stdout.splitlines()
    # A first ticker and four a minute for half an hour, of each of the dozen.
    assert tickers.startswith(f"{12 * 121:,} tickers, 12 symbols, ")
    count = int(alerts.removeprefix("Alerts: ").partition(";")[0])
    assert "deep-drawdown 12" in alerts
    assert deliveries.startswith(f"all {count} delivered")
    assert len(re.findall(r"^[●▲■] ", done.stdout, re.MULTILINE)) == count
    assert "generated" in done.stdout


def test_on_a_calm_market_nothing_comes_true(tmp_path: Path):
    done = demo("--scenario", "calm", "--seconds", "1", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "nothing came true, so nothing was sent"


def test_real_klines_are_played_on_their_liveliest_day(klines_folder: Path, tmp_path: Path):
    paths = [str(path) for path in klines_folder.glob("LAYERUSDT_*")]
    done = demo("--data", *paths, "--seconds", "2", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "on 2025-05-06" in done.stdout  # LAYER fell by 47 % that day
    assert "1,440 tickers, 1 symbols, " in done.stdout
    assert re.search(r"^all \d+ delivered", done.stdout, re.MULTILINE)


def test_klines_that_are_not_there_are_the_user_s_mistake(tmp_path: Path):
    done = demo("--data", "nowhere", folder=tmp_path)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_day_of_klines_is_too_little(tmp_path: Path):
    minute, rows = 60_000, ["open_time_ms,open,high,low,close,volume"]
    rows += [f"{1_746_403_200_000 + minute * n},1,1,1,1,1" for n in range(2000)]
    path = tmp_path / "AUSDT.csv"
    path.write_text("\n".join(rows))
    with pytest.raises(KlinesError, match="whole UTC day"):
        recorded([str(path)], seconds=1)


async def test_an_interrupt_ends_it_with_the_account_so_far(tmp_path: Path):
    process = await trio.lowlevel.open_process(
        [sys.executable, "-m", "alertd", "demo", "--seconds", "12"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = b""
    while b"\xe2\x96" not in said:  # the first alert's mark
        said += await process.stdout.receive_some()
    process.send_signal(signal.SIGINT)
    async for more in process.stdout:
        said += more
    assert await process.wait() == 130
    assert await process.stderr.receive_some() == b""
    assert b" tickers, 12 symbols, " in said


@pytest.mark.parametrize("seconds", ["0", "-3", "soon"])
def test_a_length_that_is_none_is_the_user_s_mistake(seconds: str, tmp_path: Path):
    done = demo("--seconds", seconds, folder=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
