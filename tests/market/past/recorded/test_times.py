"""From when to when a recording is, without reading it."""

from pathlib import Path

import attrs
import pytest

from alertd.market.past.recorded.form import lines_of
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.ticker import Ticker
from tests.market.past.recorded.recordings import HOUR_S, pack, record, reel, tick

MANY = [tick(number) for number in range(2000)]


def times_ms(*tickers: Ticker) -> tuple[int, int]:
    return tickers[0].time_ms, tickers[-1].time_ms


def test_a_recording_is_from_its_first_ticker_to_its_last(tmp_path: Path):
    record(tmp_path, MANY[:1000])
    record(tmp_path, MANY[1000:], at_s=HOUR_S + 3600)
    assert reel(tmp_path).times_ms == times_ms(*MANY)


def test_what_is_between_is_not_looked_at(tmp_path: Path):
    lines = lines_of(MANY[:1]), b"nonsense\n", lines_of(MANY[-1:])
    assert reel(pack(tmp_path / "a.jsonl.zst", *lines)).times_ms == times_ms(*MANY)


def test_a_part_is_of_the_whole_time(tmp_path: Path):
    parts = reel(record(tmp_path, MANY)).parts(2)
    assert {part.times_ms for part in parts} == {times_ms(*MANY)}


def test_only_the_time_that_is_wanted_counts(tmp_path: Path):
    start_ms, end_ms = MANY[10].time_ms, MANY[20].time_ms
    wanted = attrs.evolve(reel(record(tmp_path, MANY)), start_ms=start_ms, end_ms=end_ms)
    assert wanted.times_ms == (start_ms, end_ms)


def test_of_a_torn_end_what_is_whole_counts(tmp_path: Path):
    writer = RecordingWriter(tmp_path)
    for number in (0, 61, 62):
        writer.write([tick(number)], HOUR_S + number)
    assert reel(tmp_path).times_ms == times_ms(tick(0), tick(61))


@pytest.mark.parametrize("lines", [b"", b"nonsense\n"])
def test_where_it_is_not_to_be_seen_it_is_not_said(lines: bytes, tmp_path: Path):
    assert reel(pack(tmp_path / "a.jsonl.zst", lines)).times_ms is None


def test_a_frame_that_unpacks_to_very_much_is_not_read_to_its_end(tmp_path: Path):
    first, last = lines_of(MANY[:1]), lines_of(MANY[-1:])
    packed = pack(tmp_path / "a.jsonl.zst", first, b"\n" * (20 << 20) + last)
    assert reel(packed).times_ms is None
