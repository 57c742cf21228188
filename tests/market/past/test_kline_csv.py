"""A file of klines, line by line: what is read of it, and what is said of its mistakes."""

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.market.past.kline_csv import KlineCsv
from alertd.market.past.klines import Kline, KlinesError, parse_kline
from alertd.market.past.plain_klines import plain_klines
from tests.market.past.kline_rows import (
    ARCHIVE_HEADER,
    HEADER,
    MINUTE_MS,
    START_MS,
    archive_row,
    plain_row,
    write_text,
)


def klines_in(path: Path) -> list[tuple[int, Kline]]:
    return list(KlineCsv.opened(path))


def mistake_in(path: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        klines_in(path)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(path))


def mistake_of(tmp_path: Path, lines: Sequence[str]) -> str:
    return mistake_in(write_text(tmp_path / "XUSDT.csv", lines))


def test_a_month_of_real_klines_is_read_as_line_by_line(klines_folder: Path) -> None:
    (path,) = klines_folder.glob("BTCUSDT*")
    with gzip.open(path, "rt", newline="") as text:
        rows = list(csv.reader(text))[1:]
    assert klines_in(path) == [(line, parse_kline(row)) for line, row in enumerate(rows, 2)]


# Cells that are no numbers, or no plain ones, or of no market.
ODD = st.sampled_from(
    [
        *(
            "1e-05",
            "1E+2",
            ".5",
            "5.",
            ".",
            "",
            "1_0",
            " 1",
            "1 ",
            "+1",
            "-1",
            "nan",
            "inf",
            "1.2.3",
        ),
        *("٣", "²", "0", "0.0", "00.10", "1e99", "1e18", "9" * 18, "9" * 20, "9" * 21, "1\x00"),
        *("1746403200", "1746403200000", "1746403200000000", "1746403200000000000"),
    ]
)
PRICES = st.decimals(min_value="0.000001", max_value=10**9, places=6)
AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=5)


@st.composite
def rows(draw: st.DrawFn, times: st.SearchStrategy[int]) -> list[str]:
    """Cells of a kline, with zeros at the end or without them, with a quote volume or without."""
    low, *between, high = sorted(draw(st.tuples(PRICES, PRICES, PRICES, PRICES)))
    open_, close = draw(st.permutations(between))
    numbers = [open_, high, low, close, draw(AMOUNTS), draw(AMOUNTS)]
    texts = [draw(st.sampled_from([f"{n:f}", f"{n.normalize():f}"])) for n in numbers]
    return [str(draw(times)), *texts]


MILLISECONDS = st.integers(START_MS, START_MS + 10**11)
MICROSECONDS = st.integers(START_MS * 1_000, START_MS * 1_000 + 10**14)
TABLES = st.tuples(
    st.sampled_from([MILLISECONDS, MICROSECONDS]).flatmap(
        lambda times: st.lists(rows(times), min_size=1, max_size=5)
    ),
    st.sampled_from([6, 7]),
)
Table = tuple[list[list[str]], int]


def at_once(table: Sequence[Sequence[str]]) -> list[Kline]:
    return plain_klines(list(zip(*table, strict=True)))


@given(TABLES)
def test_plain_klines_are_read_at_once_as_one_by_one(table: Table) -> None:
    cells = [row[: table[1]] for row in table[0]]
    # Texts, so that 0.10 and 0.1 differ.
    assert repr(at_once(cells)) == repr([parse_kline(row) for row in cells])


@given(TABLES, st.integers(0, 4), st.integers(0, 6), ODD)
def test_what_is_read_at_once_would_be_read_one_by_one(
    table: Table, row: int, column: int, odd: str
) -> None:
    cells = [row[: table[1]] for row in table[0]]
    cells[row % len(cells)][column % table[1]] = odd
    try:
        klines = at_once(cells)
    except ValueError:
        return
    assert repr(klines) == repr([parse_kline(row) for row in cells])


@pytest.mark.parametrize("minute", [0, 300, 699], ids=["first", "middle", "last"])
def test_a_line_that_is_not_plain_stands_in_its_place(tmp_path: Path, minute: int) -> None:
    lines = [HEADER, *map(plain_row, range(700))]
    lines[minute + 1] = plain_row(minute, "1e1,12,9,11,3")
    klines = klines_in(write_text(tmp_path / "XUSDT.csv", lines))
    assert [line for line, _ in klines] == list(range(2, 702))
    assert [kline.open_time_ms for _, kline in klines] == [
        START_MS + each * MINUTE_MS for each in range(700)
    ]
    assert klines[minute][1].open == Decimal(10)


@pytest.mark.parametrize("empty", [1, 300, 701])
def test_an_empty_line_counts_as_a_line(tmp_path: Path, empty: int) -> None:
    lines = [HEADER, *map(plain_row, range(700))]
    lines.insert(empty, "")
    klines = klines_in(write_text(tmp_path / "XUSDT.csv", lines))
    assert [line for line, _ in klines] == [n for n in range(2, 703) if n != empty + 1]


@pytest.mark.parametrize("above", [1, 254, 255])
def test_a_header_may_stand_further_down(tmp_path: Path, above: int) -> None:
    lines = [*[""] * above, HEADER, plain_row(0)]
    path = write_text(tmp_path / "XUSDT.csv", lines)
    assert [line for line, _ in klines_in(path)] == [above + 2]


def test_a_column_that_is_there_twice_is_a_mistake(tmp_path: Path) -> None:
    lines = [f"{HEADER},close", plain_row(0, "10,12,9,11,3,11")]
    assert mistake_of(tmp_path, lines) == ":1: two columns are named close: rename one of them"


def test_quoted_cells_are_read(tmp_path: Path) -> None:
    row = ",".join(f'"{cell}"' for cell in plain_row(0).split(","))
    ((line, kline),) = klines_in(write_text(tmp_path / "XUSDT.csv", [HEADER, row]))
    assert (line, kline.close) == (2, Decimal(11))


def test_a_quotation_mark_without_its_other_half_is_a_mistake_of_its_line(tmp_path: Path) -> None:
    lines = [HEADER, plain_row(0), f'"{plain_row(1)}', plain_row(2), f'{plain_row(3)}"']
    assert mistake_of(tmp_path, lines).startswith(":3: 1 cells, not 6")


def test_milliseconds_and_microseconds_may_follow_each_other(tmp_path: Path) -> None:
    lines = [archive_row(0), archive_row(1, unit=1_000)]
    klines = klines_in(write_text(tmp_path / "XUSDT.csv", lines))
    assert [kline.open_time_ms - START_MS for _, kline in klines] == [0, MINUTE_MS]


@pytest.mark.parametrize(
    ("time", "what"),
    [
        ("1746403200", "the time 1746403200 is not between 2017 and 2100: milliseconds"),
        ("1262304000000", "the time 1262304000000 is not between 2017 and 2100"),
        ("4102444800000", "the time 4102444800000 is not between 2017 and 2100"),
        ("1746403200000000000", "'1746403200000000000' is no time"),
        ("-1746403200000", "'-1746403200000' is no time"),
        ("1746403200000.0", "'1746403200000.0' is no time"),
    ],
)
def test_a_time_of_another_kind_is_named(tmp_path: Path, time: str, what: str) -> None:
    assert mistake_of(tmp_path, [HEADER, f"{time},10,12,9,11,3"]).startswith(f":2: {what}")


@pytest.mark.parametrize(
    "cells",
    [
        "1e19,1e19,1e19,1e19,3",
        "1e-19,1e-19,1e-19,1e-19,3",
        "1,1,1,1,99999999999999999999e9",
        "99999999999999999,99999999999999999,99999999999999999,99999999999999999,99999999999",
    ],
    ids=["high price", "low price", "volume", "estimated volume"],
)
def test_what_no_market_has_is_named(tmp_path: Path, cells: str) -> None:
    assert "beyond any market's" in mistake_of(tmp_path, [HEADER, plain_row(0, cells)])


def test_a_kline_of_another_interval_is_named(tmp_path: Path) -> None:
    longer = archive_row(5).replace(
        str(START_MS + 6 * MINUTE_MS - 1), str(START_MS + 10 * MINUTE_MS - 1)
    )
    assert mistake_of(tmp_path, [ARCHIVE_HEADER, archive_row(4), longer]) == (
        ":3: this kline is of 300 s, and the file's first one of 60 s:"
        " leave those of one interval in a file"
    )


def test_a_kline_that_was_cut_short_is_read(tmp_path: Path) -> None:
    shorter = archive_row(5).replace(
        str(START_MS + 6 * MINUTE_MS - 1), str(START_MS + 5 * MINUTE_MS)
    )
    lines = [archive_row(4), shorter, archive_row(6)]
    assert len(klines_in(write_text(tmp_path / "XUSDT.csv", lines))) == 3


def test_bytes_of_zero_are_named(tmp_path: Path) -> None:
    assert mistake_of(tmp_path, [HEADER, plain_row(0, "10,12,9,11\x00,3")]).startswith(
        ":2: '11\\x00' is no price"
    )


def one_line_or_none(path: Path) -> bool:
    """Tell whether reading gives klines, or a mistake as a person wants it."""
    try:
        klines_in(path)
    except KlinesError as error:
        return bool(re.fullmatch(rf"{re.escape(str(path))}(:\d+)?: .+: .+", str(error)))
    return True


def whole_files() -> dict[str, bytes]:
    text = "\n".join([ARCHIVE_HEADER, *map(archive_row, range(300))]).encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("x.csv", text)
    return {".csv": text, ".csv.gz": gzip.compress(text), ".zip": archive.getvalue()}


WHOLE = whole_files()
ENDINGS = st.sampled_from(sorted(WHOLE))


@given(ENDINGS, st.binary(max_size=200))
def test_any_bytes_are_klines_or_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, ending: str, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"ANYUSDT{ending}"
    path.write_bytes(content)
    assert one_line_or_none(path)


@given(ENDINGS, st.data())
def test_any_damage_is_klines_or_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[ending])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.none() | st.integers(0, len(content)))
    path = tmp_path_factory.getbasetemp() / f"DAMAGEDUSDT{ending}"
    path.write_bytes(content[:end])
    assert one_line_or_none(path)
