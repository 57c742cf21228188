"""Alerts on the disk: in order, however many, in little memory."""

import random
import resource
from pathlib import Path

import pytest

from alertd.replay import runs
from alertd.replay.replayed import Replayed
from alertd.replay.runs import NoRoomError, Runs, merged

PLACES = {"first": 0, "second": 1}


def alert(time_ms: int, rule: str = "first", symbol: str = "A", state: str = "firing") -> Replayed:
    return Replayed(
        time_ms=time_ms,
        rule=rule,
        symbol=symbol,
        state=state,
        severity="info",
        value=1.0,
        threshold=None,
        metrics={},
        title="",
        body="",
    )


def test_what_comes_in_any_order_is_read_in_that_of_time_then_symbol_then_rule(tmp_path: Path):
    sorted_ones = [
        alert(1, "second", "A"),
        alert(1, "first", "B"),
        alert(1, "second", "B"),
        alert(2, "first", "A"),
    ]
    written = Runs(tmp_path, "it", PLACES)
    for each in reversed(sorted_ones):
        written.add(each)
    written.flush()
    assert list(merged(written.files, PLACES)) == sorted_ones


def test_what_does_not_fit_into_one_run_is_put_in_order_over_all_of_them(tmp_path: Path):
    times = list(range(2 * runs.RUN + 1))
    random.Random(0).shuffle(times)  # noqa: S311 - no secret hangs on it
    written = Runs(tmp_path, "it", PLACES)
    for time_ms in times:
        written.add(alert(time_ms))
    written.flush()
    assert len(written.files) == 3
    assert [each.time_ms for each in merged(written.files, PLACES)] == sorted(times)


def test_what_is_of_one_moment_symbol_and_rule_stays_as_it_came(tmp_path: Path):
    came = [alert(1, state=state) for state in ("resolved", "firing", "resolved")]
    written = Runs(tmp_path, "it", PLACES)
    for each in came:
        written.add(each)
    written.flush()
    assert list(merged(written.files, PLACES)) == came


def test_there_may_be_more_runs_than_open_files(tmp_path: Path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = []
    for number in range(100):
        written = Runs(tmp_path, str(number), PLACES)
        written.add(alert(number))
        written.flush()
        files += written.files
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, hard))
    try:
        assert len(list(merged(files, PLACES))) == 100
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_without_alerts_there_is_no_file(tmp_path: Path):
    written = Runs(tmp_path, "it", PLACES)
    written.flush()
    assert not list(tmp_path.iterdir())


def test_what_the_disk_does_not_take_is_said_with_where(tmp_path: Path):
    written = Runs(tmp_path / "missing", "it", PLACES)
    written.add(alert(1))
    with pytest.raises(NoRoomError, match="missing: No such file or directory; TMPDIR"):
        written.flush()
