"""Recordings among what a person names: found, and joined to one reel."""

from pathlib import Path

import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.past.reels import find_reels
from tests.market.past.recorded.recordings import HOUR_S, record, tick

CSV = "open_time_ms,open,high,low,close,volume\n1763827200000,1,1,1,1,1\n1763827260000,1,1,1,1,1\n"


def recorded(folder: Path) -> list[Path]:
    """Two files of a recording."""
    return [
        record(folder, [tick(0), tick(1, "ETHUSDT")]),
        record(folder, [tick(2000)], at_s=HOUR_S + 3600),
    ]


@pytest.mark.parametrize("pattern", ["{}", "{}/tapes", "{}/tapes/*.jsonl.zst", "{}/**/2026-*"])
def test_a_recording_is_one_reel_however_it_is_named(pattern: str, tmp_path: Path):
    recorded(tmp_path / "tapes")
    (reel,) = find_reels([pattern.format(tmp_path)])
    assert reel.name == str(tmp_path / "tapes")
    assert list(reel.tickers()) == [tick(0), tick(1, "ETHUSDT"), tick(2000)]


def test_a_file_that_is_named_twice_is_played_once(tmp_path: Path):
    first, _ = recorded(tmp_path)
    (reel,) = find_reels([str(first), str(tmp_path)])
    assert len(list(reel.tickers())) == 3


def test_a_recording_goes_by_the_symbols_and_times_that_are_wanted(tmp_path: Path):
    recorded(tmp_path)
    (reel,) = find_reels([str(tmp_path)], symbols=["BTCUSDT"], end_ms=tick(1).time_ms)
    assert list(reel.tickers()) == [tick(0)]


def test_recordings_and_klines_may_lie_in_one_folder(tmp_path: Path):
    recorded(tmp_path)
    (tmp_path / "SOLUSDT-1m.csv").write_text(CSV)
    (tmp_path / "README.md").touch()
    assert [reel.name for reel in find_reels([str(tmp_path)])] == [str(tmp_path), "SOLUSDT"]
    assert [reel.name for reel in find_reels([f"{tmp_path}/*.[cj]s*"])] == [
        str(tmp_path),
        "SOLUSDT",
    ]


def test_a_recording_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(KlinesError, match="no such file or folder"):
        find_reels([str(tmp_path / "gone.jsonl.zst")])
