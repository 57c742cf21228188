"""Which files of the archive have the klines of some days, and where they are."""

from datetime import date
from pathlib import Path

import pytest

from alertd.market.archive.files import ArchiveFile, Wanted
from alertd.market.past.file_names import FileName

LATER = date(2026, 11, 22)


def wanted(first: str, last: str, *symbols: str) -> Wanted:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Wanted("usdm", symbols or ("BTCUSDT",), "1m", *days)


def periods(first: str, last: str, *, today: date = LATER, here: tuple[str, ...] = ()) -> list[str]:
    return [file.period for file in wanted(first, last).files(today=today, here=here)]


def test_a_month_is_one_file() -> None:
    assert periods("2025-05-01", "2025-05-31") == ["2025-05"]


def test_a_part_of_a_month_is_daily_files() -> None:
    assert periods("2025-05-30", "2025-06-02") == [
        "2025-05-30",
        "2025-05-31",
        "2025-06-01",
        "2025-06-02",
    ]


def test_months_and_what_is_left_at_either_end_come_in_the_order_of_time() -> None:
    assert periods("2024-11-30", "2025-02-01") == ["2024-11-30", "2024-12", "2025-01", "2025-02-01"]


def test_each_symbol_has_its_own() -> None:
    files = wanted("2025-05-01", "2025-05-31", "BTCUSDT", "ETHUSDT").files(today=LATER)
    assert [file.name for file in files] == ["BTCUSDT-1m-2025-05.zip", "ETHUSDT-1m-2025-05.zip"]


def test_today_and_later_days_have_no_file_yet() -> None:
    assert periods("2025-05-03", "2025-05-31", today=date(2025, 5, 5)) == [
        "2025-05-03",
        "2025-05-04",
    ]


def test_days_that_are_all_to_come_have_no_files() -> None:
    assert periods("2025-05-05", "2025-05-31", today=date(2025, 5, 5)) == []


@pytest.mark.parametrize(("today", "count"), [(date(2025, 6, 10), 31), (date(2025, 6, 11), 1)])
def test_a_month_that_has_just_ended_is_fetched_by_the_day(today: date, count: int) -> None:
    assert len(periods("2025-05-01", "2025-05-31", today=today)) == count


def test_a_month_that_was_begun_in_daily_files_goes_on_in_them() -> None:
    here = ("BTCUSDT-1m-2025-05-07.zip",)
    assert len(periods("2025-05-01", "2025-05-31", here=here)) == 31


def test_another_symbols_daily_files_begin_nothing() -> None:
    assert periods("2025-05-01", "2025-05-31", here=("ETHUSDT-1m-2025-05-07.zip",)) == ["2025-05"]


def test_a_monthly_file_that_is_here_serves_for_some_of_its_days() -> None:
    here = ("BTCUSDT-1m-2025-05.zip",)
    assert periods("2025-05-30", "2025-06-01", here=here) == ["2025-05", "2025-06-01"]


@pytest.mark.parametrize(
    ("file", "path"),
    [
        (
            ArchiveFile("usdm", "BTCUSDT", "1m", "2025-05"),
            "futures/um/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2025-05.zip",
        ),
        (
            ArchiveFile("coinm", "BTCUSD_PERP", "1h", "2025-05-04"),
            "futures/cm/daily/klines/BTCUSD_PERP/1h/BTCUSD_PERP-1h-2025-05-04.zip",
        ),
        (
            ArchiveFile("spot", "龙虾USDT", "1m", "2026-08"),
            "spot/monthly/klines/%E9%BE%99%E8%99%BEUSDT/1m/%E9%BE%99%E8%99%BEUSDT-1m-2026-08.zip",
        ),
    ],
)
def test_a_file_is_where_the_archive_has_it(file: ArchiveFile, path: str) -> None:
    assert file.url("https://example.org/") == f"https://example.org/data/{path}"


def test_its_name_is_read_as_it_was_meant() -> None:
    (file,) = wanted("2025-05-01", "2025-05-31").files(today=LATER)
    (day,) = wanted("2025-05-04", "2025-05-04").files(today=LATER)
    month, fourth = FileName.of(Path(file.name)), FileName.of(Path(day.name))
    assert (month.symbol, month.interval_ms, month.is_archived) == ("BTCUSDT", 60_000, True)
    assert month.may_open_within(fourth.begin_ms, fourth.end_ms)
