"""Kline files of which only some are needed, and those that are of the same days."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import KlineSeries, KlinesError
from alertd.market.past.reels import find_reels
from tests.market.past.kline_rows import DAY_MINUTES, HEADER, plain_row, write_text

MAY_5 = int(datetime(2025, 5, 5, tzinfo=UTC).timestamp() * 1000)
DAY_MS = 86_400_000


def day_file(folder: Path, day: int, *, symbol: str = "XUSDT", interval: str = "1m") -> Path:
    """One of a day in May, with its first kline."""
    name = f"{symbol}-{interval}-2025-05-{day:02}.csv"
    return write_text(folder / name, [HEADER, plain_row((day - 5) * DAY_MINUTES)])


def opens(series: tuple[KlineSeries, ...]) -> list[int]:
    """The days in May of all klines."""
    return [(k.open_time_ms - MAY_5) // DAY_MS + 5 for each in series for k in each.klines]


def mistake_in(folder: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        find_klines([str(folder)])
    return str(caught.value)


def test_files_outside_the_time_and_the_day_before_it_are_not_even_opened(tmp_path: Path) -> None:
    for day in (5, 6, 7):
        day_file(tmp_path, day)
    for day in (3, 4, 8):
        day_file(tmp_path, day).write_text("broken", encoding="utf-8")
    start_ms, end_ms = MAY_5 + DAY_MS, MAY_5 + 3 * DAY_MS
    assert opens(find_klines([str(tmp_path)], start_ms=start_ms, end_ms=end_ms)) == [5, 6, 7]


def test_a_reel_leaves_them_closed_as_well(tmp_path: Path) -> None:
    day_file(tmp_path, 5)
    day_file(tmp_path, 7).write_text("broken", encoding="utf-8")
    (reel,) = find_reels([str(tmp_path)], end_ms=MAY_5 + DAY_MS)
    assert list(reel.tickers()) == []


def test_files_that_do_not_name_their_days_are_opened_whatever_the_time(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0)])
    assert opens(find_klines([str(tmp_path)], start_ms=MAY_5 + 30 * DAY_MS)) == [5]


def test_a_symbol_without_files_of_the_time_is_left_out(tmp_path: Path) -> None:
    day_file(tmp_path, 5)
    day_file(tmp_path, 9, symbol="YUSDT")
    (series,) = find_klines([str(tmp_path)], start_ms=MAY_5 + 4 * DAY_MS)
    assert series.symbol == "YUSDT"


def test_nothing_of_the_time_is_a_mistake(tmp_path: Path) -> None:
    day_file(tmp_path, 5)
    day_file(tmp_path, 6)
    message = (
        "no klines of that time: by their names, the files are about"
        " 2025-05-05 00:00:00 to 2025-05-07 00:00:00"
    )
    with pytest.raises(KlinesError, match=message):
        find_klines([str(tmp_path)], start_ms=MAY_5 + 9 * DAY_MS)


@pytest.mark.parametrize("first", [1, 9])
def test_a_monthly_file_beside_daily_ones_is_a_mistake(tmp_path: Path, first: int) -> None:
    month = write_text(tmp_path / "XUSDT-1m-2025-05.csv", [HEADER, plain_row(0)])
    day = day_file(tmp_path, first)
    day_file(tmp_path, 10)
    assert mistake_in(tmp_path) == (
        f"{day}: {month} has that day too: leave out the daily files of that month,"
        " or the monthly one"
    )


def test_one_that_is_needed_for_no_day_asked_for_is_none(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-2025-05.csv", [HEADER, plain_row(0)])
    day_file(tmp_path, 9)
    assert opens(find_klines([str(tmp_path)], end_ms=MAY_5 + DAY_MS)) == [5]


def test_two_files_of_a_day_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "spot").mkdir()
    (tmp_path / "um").mkdir()
    spot, futures = day_file(tmp_path / "spot", 5), day_file(tmp_path / "um", 5)
    assert mistake_in(tmp_path) == (
        f"{futures}: {spot} is of the same days: leave out one of the two"
    )


def test_two_intervals_of_a_day_are_told_as_such(tmp_path: Path) -> None:
    day_file(tmp_path, 5)
    day_file(tmp_path, 5, interval="5m")
    assert "leave out those of one interval" in mistake_in(tmp_path)


def test_another_symbol_may_have_the_same_days(tmp_path: Path) -> None:
    day_file(tmp_path, 5)
    day_file(tmp_path, 5, symbol="XUSD_PERP")
    day_file(tmp_path, 5, symbol="XUSD_250627")
    assert [each.symbol for each in find_klines([str(tmp_path)])] == [
        "XUSDT",
        "XUSD_250627",
        "XUSD_PERP",
    ]
