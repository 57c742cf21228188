"""Klines in Parquet: what is read, and what is told where it cannot be."""

import datetime as dt
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alertd.market.past import kline_parquet
from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import Kline, KlinesError
from tests.market.past.kline_rows import MINUTE_MS, START_MS

# Column -> values of three klines.
COLUMNS: dict[str, list[Any]] = {
    "open_time": [START_MS + minute * MINUTE_MS for minute in range(3)],
    "open": [0.1, 0.2, 1e-05],
    "high": [0.3, 0.3, 1.2e-05],
    "low": [0.1, 0.1, 9e-06],
    "close": [0.2, 0.3, 1.1e-05],
    "volume": [3.0, 1234567.123, 0.0],
    "quote_volume": [31.5, 2.0, 0.0],
}


def write(path: Path, **others: Any) -> Path:
    """A file of these columns; one that is None is left out."""
    columns = {name: values for name, values in (COLUMNS | others).items() if values is not None}
    pq.write_table(pa.table(columns), path)
    return path


def read(path: Path) -> list[Kline]:
    (series,) = find_klines([str(path)])
    return list(series.klines)


def mistake_in(path: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        read(path)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "XUSDT-1m-a.parquet"


def test_a_float_is_the_shortest_decimal_that_it_stands_for(file: Path) -> None:
    first, second, third = read(write(file))
    assert first == Kline(START_MS, *map(Decimal, ("0.1", "0.3", "0.1", "0.2", "3.0", "31.5")))
    assert (second.volume, third.low) == (Decimal("1234567.123"), Decimal("0.000009"))


@pytest.mark.parametrize(
    "kind",
    [str, lambda value: Decimal(repr(value)), lambda value: value],
    ids=["texts", "decimals", "floats"],
)
def test_prices_may_be_of_any_kind(file: Path, kind: Callable[[float], object]) -> None:
    names = ("open", "high", "low", "close", "volume", "quote_volume")
    expected = read(write(file))
    assert read(write(file, **{name: list(map(kind, COLUMNS[name])) for name in names})) == expected


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("store_schema", [True, False])
def test_texts_may_be_of_any_kind(file: Path, kind: pa.DataType, *, store_schema: bool) -> None:
    table = pa.table(COLUMNS | {"close": pa.array(["0.2", "0.30", "1.1e-05"], kind)})
    pq.write_table(table, file, store_schema=store_schema)
    assert [str(kline.close) for kline in read(file)] == ["0.2", "0.30", "0.000011"]


def test_prices_may_be_whole_numbers(file: Path) -> None:
    whole = {name: [10, 10, 10] for name in ("open", "high", "low", "close")}
    assert [kline.close for kline in read(write(file, **whole))] == [Decimal(10)] * 3


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_times_may_be_timestamps(file: Path, unit: str, zone: str | None) -> None:
    moments = [dt.datetime.fromtimestamp(ms / 1000, dt.UTC) for ms in COLUMNS["open_time"]]
    if zone is None:
        moments = [moment.replace(tzinfo=None) for moment in moments]
    times = pa.array(moments, pa.timestamp(unit, zone))
    assert [each.open_time_ms for each in read(write(file, open_time=times))] == COLUMNS[
        "open_time"
    ]


def test_nanoseconds_are_cut_off(file: Path) -> None:
    times = pa.array([ms * 1_000_000 + 1 for ms in COLUMNS["open_time"]], pa.timestamp("ns"))
    assert [each.open_time_ms for each in read(write(file, open_time=times))] == COLUMNS[
        "open_time"
    ]


def test_times_may_be_microseconds(file: Path) -> None:
    times = [ms * 1000 for ms in COLUMNS["open_time"]]
    assert [each.open_time_ms for each in read(write(file, open_time=times))] == COLUMNS[
        "open_time"
    ]


def test_columns_may_be_named_with_their_unit(file: Path) -> None:
    times = COLUMNS["open_time"]
    assert len(read(write(file, open_time=None, open_time_ms=times))) == 3


def test_other_columns_do_not_matter(file: Path) -> None:
    assert len(read(write(file, ignore=["a", "b", "c"], listed=[[1], [2], []]))) == 3


def test_a_quote_volume_that_is_not_there_is_estimated(file: Path) -> None:
    (series,) = find_klines([str(write(file, quote_volume=None))])
    assert series.quote_volume_estimated
    assert next(iter(series.klines)).quote_volume == Decimal("0.6")  # 3 x 0.6 / 3


def test_row_groups_are_read_one_after_the_other(file: Path) -> None:
    pq.write_table(pa.table(COLUMNS), file, row_group_size=1)
    assert [kline.open_time_ms for kline in read(file)] == COLUMNS["open_time"]


def test_it_is_one_series_with_files_of_other_kinds(file: Path) -> None:
    write(file)
    later = START_MS + 3 * MINUTE_MS
    (file.parent / "XUSDT-1m-b.csv").write_text(
        f"open_time,open,high,low,close,volume\n{later},1,1,1,1,1"
    )
    assert len(read(file.parent)) == 4


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        ("close", [0.2, None, 1.1e-05], "'None' is no price or volume"),
        ("close", [0.2, float("nan"), 1.1e-05], "'nan' is no price or volume"),
        ("close", [0.2, -1.0, 1.1e-05], "'-1.0' is no price or volume"),
        ("close", ["0.2", "much", "1.1e-05"], "'much' is no price or volume"),
        ("close", [0.2, 7.0, 1.1e-05], "do not enclose open 0.2 and close 7.0"),
        ("open_time", [START_MS, None, START_MS], "'None' is no time"),
        ("open_time", [START_MS, START_MS, START_MS], "less than 60 s after the line before"),
        ("open_time", [START_MS, START_MS - MINUTE_MS, START_MS], "less than 60 s after the line"),
    ],
)
def test_a_bad_row_is_named_with_its_place(
    file: Path, column: str, values: list[Any], what: str
) -> None:
    message = mistake_in(write(file, **{column: values}))
    assert message.startswith(f"{file}: row 2: ")
    assert what in message


def test_a_column_that_is_missing_is_named(file: Path) -> None:
    assert mistake_in(write(file, close=None, low=None)) == (
        f"{file}: no column low, close: open_time, open, high, low, close, volume are expected"
    )


def test_a_file_without_rows_is_a_mistake(file: Path) -> None:
    empty = {name: pa.array([], pa.float64()) for name in COLUMNS}
    assert mistake_in(write(file, **empty)) == f"{file}: no klines in it"


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"open_time,open", b"PAR1" + b"\xff" * 99 + b"PAR1"]
)
def test_a_file_that_is_not_what_its_name_says_is_a_mistake(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    message = mistake_in(file)
    assert message.startswith(f"{file}: cannot be read (")
    assert "\n" not in message


def test_a_file_that_is_cut_off_is_a_mistake(file: Path) -> None:
    whole = write(file).read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert f"{file}: cannot be read (" in mistake_in(file)


def test_names_that_are_no_text_are_a_mistake(file: Path) -> None:
    pq.write_table(pa.table(COLUMNS), file, store_schema=False)
    file.write_bytes(file.read_bytes().replace(b"open_time", b"open_\xa9ime"))
    assert mistake_in(file).startswith(f"{file}: cannot be read (")


def test_a_row_group_that_would_fill_the_memory_is_a_mistake(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kline_parquet, "_LARGEST_ROW_GROUP", 2 << 20)
    times = [START_MS + minute * MINUTE_MS for minute in range(100_000)]
    columns = {name: values * 33_334 for name, values in COLUMNS.items()}
    columns = {name: values[: len(times)] for name, values in columns.items()} | {
        "open_time": times
    }
    pq.write_table(pa.table(columns), file, use_dictionary=False)
    assert mistake_in(file) == f"{file}: a row group of over 2 MiB: write it with smaller ones"


def test_a_column_that_is_twice_there_is_a_mistake(file: Path) -> None:
    table = pa.table(COLUMNS)
    pq.write_table(table.append_column("close", table["open"]), file)
    assert mistake_in(file) == f"{file}: 2 columns are named close: remove one of them"


def test_a_long_text_that_is_repeated_is_not_unpacked(file: Path) -> None:
    times = [START_MS + minute * MINUTE_MS for minute in range(10_000)]
    prices = {name: [1] * 10_000 for name in COLUMNS if name not in ("open_time", "close")}
    columns = {"open_time": times, "close": ["1" * 81] * 10_000, **prices}
    pq.write_table(pa.table(columns), file, store_schema=False)
    assert mistake_in(file) == f"{file}: column close: texts that are no numbers"


@pytest.mark.parametrize(
    "values",
    [[[1.0], [2.0], [3.0]], [True, True, True], [dt.date(2025, 5, 5)] * 3, [None] * 3],
    ids=["lists", "truth values", "dates", "nothing"],
)
def test_what_is_no_number_is_named(file: Path, values: list[Any]) -> None:
    message = mistake_in(write(file, close=values))
    assert re.fullmatch(rf"{file}: column close: .* is no kind of number", message)


def test_without_pyarrow_it_is_said_how_to_get_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert mistake_in(file) == (
        f"{file}: Parquet is read by pyarrow, which is not there: pip install 'alertd[parquet]'"
    )
