"""What the names of kline files tell."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alertd.market.past.file_names import FileName
from alertd.market.past.klines import KlinesError


def ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def days(name: str) -> tuple[int | None, int | None]:
    read = FileName.of(Path("folder") / name)
    return read.begin_ms, read.end_ms


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTCUSDT-1m-2025-05-04.zip", "BTCUSDT"),
        ("BTCUSDT-1m-2025-05.csv", "BTCUSDT"),
        ("BTCUSD_PERP-1m-2025-05-04.zip", "BTCUSD_PERP"),
        ("BTCUSDT_250627-1m-2025-05.zip", "BTCUSDT_250627"),
        ("btcusd_250627-1m-2025-05.parquet", "BTCUSD_250627"),
        ("币安人生USDT-1m-2026-01.zip", "币安人生USDT"),
        ("BTCUSDT-1m-whatever.csv", "BTCUSDT"),
        ("1000PEPEUSDT-15m-2025-05.zip", "1000PEPEUSDT"),
        ("BTCUSDT_20250504_20250603_typhonun.csv.gz", "BTCUSDT"),
        ("btcusdt_2025.csv", "BTCUSDT"),
        ("BTCUSDT_202512.csv", "BTCUSDT"),
        ("BTCUSD_PERP.parquet", "BTCUSD_PERP"),
        ("btcusd_perp.csv", "BTCUSD_PERP"),
        ("BTCUSD_PERP_20250504.csv", "BTCUSD_PERP"),
        ("BTCUSD_PERPLEXED.csv", "BTCUSD"),
        ("BTCUSDT_250627.csv", "BTCUSDT_250627"),
        ("ETHUSDT.csv", "ETHUSDT"),
    ],
)
def test_a_name_begins_with_the_symbol(name: str, symbol: str) -> None:
    assert FileName.of(Path(name)).symbol == symbol


@pytest.mark.parametrize(
    ("name", "interval_s"),
    [
        ("XUSDT-1s-2025-05.zip", 1),
        ("XUSDT-1m-2025-05.zip", 60),
        ("XUSDT-12h-2025-05.zip", 12 * 3600),
        ("XUSDT-1d-2025-05.zip", 86_400),
        ("XUSDT-1w-2025-05.zip", 7 * 86_400),
        ("XUSDT-1mo-2025-05.zip", 30 * 86_400),
    ],
)
def test_an_archived_name_has_the_interval(name: str, interval_s: int) -> None:
    assert FileName.of(Path(name)).interval_ms == interval_s * 1000


def test_other_names_have_none() -> None:
    assert FileName.of(Path("XUSDT_20250504.csv")).interval_ms is None


@pytest.mark.parametrize(
    ("name", "first", "after"),
    [
        ("XUSDT-1m-2025-05-04.zip", "2025-05-04", "2025-05-05"),
        ("XUSDT-1m-2025-05-31.zip", "2025-05-31", "2025-06-01"),
        ("XUSDT-1m-2025-05.zip", "2025-05-01", "2025-06-01"),
        ("XUSDT-1m-2025-06.zip", "2025-06-01", "2025-07-01"),
        ("XUSDT-1m-2024-02.csv.gz", "2024-02-01", "2024-03-01"),
        ("XUSDT-1m-2025-12.zip", "2025-12-01", "2026-01-01"),
    ],
)
def test_an_archived_name_has_its_days(name: str, first: str, after: str) -> None:
    assert days(name) == (ms(first), ms(after))
    assert FileName.of(Path(name)).is_archived


def test_other_peoples_days_are_taken_with_one_more_at_either_end() -> None:
    assert days("XUSDT_20250504_20250603_a.csv") == (ms("2025-05-03"), ms("2025-06-05"))


def test_a_single_day_of_other_people_is_where_it_begins() -> None:
    assert days("XUSDT_20250504.csv") == (ms("2025-05-03"), None)


@pytest.mark.parametrize(
    "name",
    [
        "XUSDT-1m-2025-13.zip",
        "XUSDT-1m-2025-02-30.zip",
        "XUSDT-1m-2025-05-04a.zip",
        "XUSDT-1m-a.csv",
        "XUSDT_20251399_20250603.csv",
        "XUSDT_2025.csv",
        "XUSDT.csv",
    ],
)
def test_what_is_no_date_tells_nothing(name: str) -> None:
    assert days(name) == (None, None)
    assert not FileName.of(Path(name)).is_archived


@pytest.mark.parametrize(
    "name",
    ["-1m-2025-05.zip", "_20250504.csv", ".csv", "B\x1b[2J-1m-2025.csv", "B\nX.csv", "\udcff.csv"],
)
def test_a_name_without_a_symbol_is_a_mistake(name: str) -> None:
    with pytest.raises(KlinesError, match="its name must begin with the symbol"):
        FileName.of(Path(name))


@pytest.mark.parametrize(
    ("start", "end", "may"),
    [
        (None, None, True),
        ("2025-05-04", "2025-05-05", True),
        ("2025-05-04T23:59", None, True),
        ("2025-05-05", None, False),
        (None, "2025-05-04T00:01", True),
        (None, "2025-05-04", False),
    ],
)
def test_a_day_lies_within_a_time_or_outside(
    start: str | None, end: str | None, *, may: bool
) -> None:
    name = FileName.of(Path("XUSDT-1m-2025-05-04.zip"))
    start_ms, end_ms = (None if day is None else ms(day) for day in (start, end))
    assert name.may_open_within(start_ms, end_ms) is may


def test_what_has_no_days_may_lie_anywhere() -> None:
    assert FileName.of(Path("XUSDT.csv")).may_open_within(ms("2025-05-04"), ms("2025-05-05"))
