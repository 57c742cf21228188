"""Reels: what is found, and that it plays by itself, wherever it is sent."""

import pickle
from pathlib import Path

import pytest

from alertd.market.past.kline_files import find_klines
from alertd.market.past.reels import find_reels
from alertd.market.past.rolling_day import KlinePath, mini_tickers
from tests.market.past.kline_rows import HEADER, MINUTE_MS, START_MS, plain_row, write_text

DAY = 24 * 60


def days(folder: Path, symbol: str = "XUSDT", *, minutes: int = DAY + 10) -> Path:
    return write_text(folder / f"{symbol}-1m-a.csv", [HEADER, *map(plain_row, range(minutes))])


@pytest.mark.parametrize("path", list(KlinePath))
def test_a_reel_has_the_tickers_of_its_klines(tmp_path: Path, path: KlinePath) -> None:
    file = days(tmp_path)
    (reel,) = find_reels([str(file)], path=path)
    (series,) = find_klines([str(file)])
    assert list(reel.tickers()) == [each.ticker() for each in mini_tickers(series, path=path)]


def test_a_reel_can_be_sent_to_another_process(tmp_path: Path) -> None:
    (reel,) = find_reels([str(days(tmp_path))])
    sent = pickle.loads(pickle.dumps(reel))  # noqa: S301 - our own
    assert list(sent.tickers()) == list(reel.tickers())


def test_a_reel_says_what_it_is(tmp_path: Path) -> None:
    file = days(tmp_path, minutes=2)
    (reel,) = find_reels([str(file)])
    assert (reel.name, reel.size, reel.is_estimated) == ("XUSDT", file.stat().st_size, True)


def test_a_reel_begins_and_ends_where_it_is_told_to(tmp_path: Path) -> None:
    file = days(tmp_path)
    start_ms = START_MS + (DAY + 2) * MINUTE_MS - 1
    (reel,) = find_reels([str(file)], start_ms=start_ms, end_ms=start_ms + 2 * MINUTE_MS)
    assert [each.time_ms for each in reel.tickers()] == [start_ms, start_ms + MINUTE_MS]


def test_there_is_a_reel_for_each_symbol_that_is_asked_for(tmp_path: Path) -> None:
    for symbol in ("XUSDT", "YUSDT", "ZUSDT"):
        days(tmp_path, symbol, minutes=2)
    reels = find_reels([str(tmp_path)], symbols=["ZUSDT", "XUSDT"])
    assert [reel.name for reel in reels] == ["XUSDT", "ZUSDT"]


def test_a_reel_of_named_days_says_from_when_to_when_its_tickers_are(tmp_path: Path) -> None:
    for day in (0, 1):
        rows = map(plain_row, range(day * DAY, day * DAY + 2))
        write_text(tmp_path / f"XUSDT-1m-2025-05-0{5 + day}.csv", [HEADER, *rows])
    (reel,) = find_reels([str(tmp_path)])
    assert reel.times_ms == (START_MS + DAY * MINUTE_MS, START_MS + 2 * DAY * MINUTE_MS)


def test_of_a_reel_that_is_played_in_part_the_times_are_those_of_the_part(tmp_path: Path) -> None:
    rows = map(plain_row, range(DAY))
    write_text(tmp_path / "XUSDT-1m-2025-05.csv", [HEADER, *rows])
    start_ms, end_ms = START_MS + 2 * DAY * MINUTE_MS, START_MS + 3 * DAY * MINUTE_MS
    (reel,) = find_reels([str(tmp_path)], start_ms=start_ms, end_ms=end_ms)
    assert reel.times_ms == (start_ms, end_ms)


def test_without_days_in_its_name_the_last_line_of_a_reel_tells(tmp_path: Path) -> None:
    (reel,) = find_reels([str(days(tmp_path, minutes=2 * DAY))])
    end_ms = START_MS + (2 * DAY - 1) * MINUTE_MS
    assert reel.times_ms == (START_MS + DAY * MINUTE_MS, end_ms)


def test_of_a_packed_reel_without_days_in_its_name_nobody_knows_the_times(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-a.csv.gz", [HEADER, *map(plain_row, range(2))])
    (reel,) = find_reels([str(tmp_path)])
    assert reel.times_ms is None


@pytest.mark.parametrize("last", ["", "broken", "1,2", '"', "9" * 5000])
def test_a_last_line_that_tells_nothing_is_for_those_who_read_the_whole_file(
    tmp_path: Path, last: str
) -> None:
    file = days(tmp_path, minutes=2)
    with file.open("a") as opened:
        opened.write(f"{last}\n")
    (reel,) = find_reels([str(file)])
    assert reel.times_ms is None
