"""Writing a recording: whole files, one after the other, whatever the disk does."""

import os
import subprocess
from pathlib import Path

import pytest

from alertd.market.past.recorded.events import Recorded
from alertd.market.past.recorded.form import begun_s
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.past.recorded.zstandard import zstd
from tests.journal.disks import failing_disk
from tests.market.past.recorded.recordings import HOUR_S, read, record, reel, tick

DAY_S = 86_400


def test_what_was_written_is_read_back_to_the_last_digit(tmp_path: Path):
    tickers = [tick(0, close=0.1 + 0.2), tick(1, "币安人生USDT", close=1e-07), tick(2, close=1e17)]
    assert read(record(tmp_path, tickers)) == tickers


def test_a_line_is_the_exchanges_own_json(tmp_path: Path):
    lines = zstd.decompress(record(tmp_path, [tick(0)]).read_bytes())
    assert lines == (
        b'{"e":"24hrMiniTicker","s":"BTCUSDT","E":1795363200000,"c":100.25,"o":99.1,"h":120.0,'
        b'"l":80.0,"v":1234.567,"q":0.30000000000000004}\n'
    )


def test_a_file_is_named_by_when_it_was_begun(tmp_path: Path):
    path = record(tmp_path, [tick(0)], at_s=HOUR_S + 331)
    assert path.name == "2026-11-22T16-05-31Z.jsonl.zst"
    assert begun_s(path) == HOUR_S + 331


def test_a_folder_that_is_not_there_is_made(tmp_path: Path):
    assert read(record(tmp_path / "a" / "b", [tick(0)])) == [tick(0)]


def test_each_hour_has_a_file_of_its_own(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    assert writer.write([tick(0)], HOUR_S + 3599) is None
    finished = writer.write([tick(1)], HOUR_S + 3600)
    assert finished == Recorded(
        tmp_path / "2026-11-22T16-59-59Z.jsonl.zst", 1, finished_size(tmp_path)
    )
    writer.end()
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "2026-11-22T16-59-59Z.jsonl.zst",
        "2026-11-22T17-00-00Z.jsonl.zst",
    ]
    assert read(tmp_path) == [tick(0), tick(1)]


def finished_size(folder: Path) -> int:
    return (folder / "2026-11-22T16-59-59Z.jsonl.zst").stat().st_size


def test_a_file_that_is_there_is_never_written_again(tmp_path: Path):
    first = record(tmp_path, [tick(0)])
    before = first.read_bytes()
    second = record(tmp_path, [tick(1)])
    assert second != first
    assert first.read_bytes() == before
    assert read(tmp_path) == [tick(0), tick(1)]


def test_what_was_written_is_there_while_the_file_has_no_end(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    for number in range(3):
        writer.write([tick(number)], HOUR_S + 5 * number)
    assert read(tmp_path) == [tick(0), tick(1), tick(2)]
    writer.end()


def test_a_frame_ends_after_a_minute_so_that_its_checksum_is_there(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    writer.write([tick(0)], HOUR_S)
    assert reel(tmp_path).warnings
    writer.write([tick(1)], HOUR_S + 60)
    assert not reel(tmp_path).warnings
    assert read(tmp_path) == [tick(0), tick(1)]
    writer.end()


def test_a_clock_that_is_set_back_makes_no_frame_that_has_no_end(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    writer.write([tick(0)], HOUR_S + 1800)
    writer.write([tick(1)], HOUR_S + 60)
    assert not reel(tmp_path).warnings
    writer.write([tick(2)], HOUR_S + 65)
    assert reel(tmp_path).warnings
    writer.end()
    assert read(tmp_path) == [tick(0), tick(1), tick(2)]


def test_zstdcat_reads_it(tmp_path: Path):
    path = record(tmp_path, [tick(0), tick(1)])
    shown = subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout
    assert shown == zstd.decompress(path.read_bytes())


def test_a_full_disk_leaves_what_was_written_and_the_rest_goes_into_another_file(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    writer.write([tick(0)], HOUR_S)
    with failing_disk(beyond=writer.size + 10), pytest.raises(OSError, match="File too large"):
        writer.write([tick(number) for number in range(1, 50)], HOUR_S + 5)
    assert read(tmp_path) == [tick(0)]
    writer.write([tick(number) for number in range(1, 50)], HOUR_S + 10)
    writer.end()
    assert read(tmp_path) == [tick(number) for number in range(50)]
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    assert writer.size == sum(file.stat().st_size for file in files)


def test_a_disk_that_takes_nothing_is_not_filled_with_empty_files(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    for number in range(3):
        with failing_disk(), pytest.raises(OSError, match="File too large"):
            writer.write([tick(0)], HOUR_S + number)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_deleted_is_not_written_into_the_void(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    writer.write([tick(0)], HOUR_S)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(OSError, match="the file was deleted"):
        writer.write([tick(1)], HOUR_S + 5)
    writer.write([tick(1)], HOUR_S + 10)
    assert read(tmp_path) == [tick(1)]
    writer.end()


def test_files_that_are_older_than_is_wanted_are_let_go(tmp_path: Path):
    old = record(tmp_path, [tick(0)], at_s=HOUR_S - DAY_S - 3601)
    kept = record(tmp_path, [tick(1)], at_s=HOUR_S - DAY_S - 3600)
    stranger = tmp_path / "my-own.jsonl.zst"
    os.link(old, stranger)
    writer = RecordingWriter(tmp_path, keep_s=DAY_S)
    writer.write([tick(2)], HOUR_S)
    writer.end()
    assert not old.exists()
    assert kept.exists()
    assert stranger.exists()


def test_a_clock_that_is_years_ahead_deletes_nothing(tmp_path: Path):
    kept = record(tmp_path, [tick(0)])
    writer = RecordingWriter(tmp_path, keep_s=DAY_S)
    writer.write([tick(1)], HOUR_S + 1000 * DAY_S)
    writer.end()
    assert kept.exists()


def test_without_a_wish_all_files_stay(tmp_path: Path):
    old = record(tmp_path, [tick(0)], at_s=HOUR_S - 1000 * DAY_S)
    record(tmp_path, [tick(1)])
    assert old.exists()


def test_nothing_was_recorded_where_nothing_was_written(tmp_path: Path):
    assert RecordingWriter(tmp_path).end() is None
