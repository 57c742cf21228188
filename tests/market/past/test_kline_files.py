import gzip
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import Kline, KlineSeries, KlinesError
from tests.market.past.kline_rows import (
    ARCHIVE_HEADER,
    HEADER,
    MINUTE_MS,
    START_MS,
    archive_row,
    plain_row,
    write_text,
)


def read(*paths: Path) -> KlineSeries:
    (series,) = find_klines([str(path) for path in paths])
    return series


def read_all(*paths: Path) -> list[Kline]:
    return list(read(*paths).klines)


def mistake_in(*paths: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        read_all(*paths)
    return str(caught.value)


def minutes(klines: list[Kline]) -> list[int]:
    return [(kline.open_time_ms - START_MS) // MINUTE_MS for kline in klines]


def test_decimals_stay_as_they_are_written(tmp_path: Path) -> None:
    row = plain_row(0, "0.10000000,0.3,0.1,0.2,1234567.123")
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, row])
    (kline,) = read_all(path)
    assert [str(value) for value in (kline.open, kline.high, kline.volume)] == [
        "0.10000000",
        "0.3",
        "1234567.123",
    ]


def test_a_quote_volume_that_is_not_known_is_estimated_and_flagged(tmp_path: Path) -> None:
    series = read(write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0, "10,12,9,11,0.7")]))
    (kline,) = series.klines
    assert series.quote_volume_estimated
    assert kline.quote_volume == Decimal("7.46666667")  # 0.7 x 32 / 3


@pytest.mark.parametrize("name", ["XUSDT-1m-a.csv", "XUSDT-1m-a.csv.gz", "XUSDT-1m-a.zip"])
@pytest.mark.parametrize("header", [[], [ARCHIVE_HEADER]])
@pytest.mark.parametrize("unit", [1, 1000], ids=["ms", "us"])
def test_the_archive_is_read_as_it_comes(
    tmp_path: Path, name: str, header: list[str], unit: int
) -> None:
    rows = [archive_row(minute, unit=unit) for minute in range(3)]
    series = read(write_text(tmp_path / name, [*header, *rows]))
    assert not series.quote_volume_estimated
    assert list(series.klines) == [
        Kline(
            START_MS + minute * MINUTE_MS,
            *map(Decimal, ("10", "12", "9", "11", "3", "31.5")),
        )
        for minute in range(3)
    ]


def test_the_real_data_is_read(klines_folder: Path) -> None:
    series = {series.symbol: series for series in find_klines([str(klines_folder)])}
    assert len(series) == 16
    assert {each.interval_ms for each in series.values()} == {MINUTE_MS}
    first = next(iter(series["BTCUSDT"].klines))
    assert (first.open_time_ms, first.close) == (1_746_372_780_000, Decimal("95502.7"))


def test_a_series_can_be_read_again(tmp_path: Path) -> None:
    series = read(write_text(tmp_path / "XUSDT_a.csv", [HEADER, plain_row(0), plain_row(1)]))
    assert list(series.klines) == list(series.klines)


def test_files_of_a_symbol_are_joined_by_time_and_not_by_name(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(2), plain_row(3)])
    write_text(tmp_path / "XUSDT-1m-b.csv", [HEADER, plain_row(0), plain_row(1)])
    assert minutes(read_all(tmp_path)) == [0, 1, 2, 3]


def test_folders_are_searched_deeply_and_other_files_in_them_are_left(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write_text(tmp_path / "deep" / "XUSDT-1m-a.csv", [HEADER, plain_row(0)])
    write_text(tmp_path / "README.md", ["hello"])
    assert minutes(read_all(tmp_path)) == [0]


def test_globs_are_taken(tmp_path: Path) -> None:
    for name in ("XUSDT-1m-a.csv", "YUSDT-1m-a.csv"):
        write_text(tmp_path / name, [HEADER, plain_row(0)])
    assert read(tmp_path / "X*.csv").symbol == "XUSDT"


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0)])
    assert minutes(read_all(path, tmp_path)) == [0]


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("btcusdt_2025.csv", "BTCUSDT"),
        ("BTCUSDT-1m-2025-05.csv", "BTCUSDT"),
        ("ETHUSDT.csv", "ETHUSDT"),
        ("币安人生USDT-1m-2026-01.csv", "币安人生USDT"),
    ],
)
def test_the_symbol_is_the_beginning_of_the_name(tmp_path: Path, name: str, symbol: str) -> None:
    assert read(write_text(tmp_path / name, [HEADER, plain_row(0), plain_row(1)])).symbol == symbol


def test_only_the_symbols_asked_for_are_opened(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0)])
    write_text(tmp_path / "YUSDT-1m-a.csv", ["broken"])
    (series,) = find_klines([str(tmp_path)], symbols=["XUSDT"])
    assert series.symbol == "XUSDT"


def test_the_interval_is_the_smallest_step_of_the_first_rows(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT.csv", [HEADER, *map(plain_row, (0, 30, 35, 50))])
    assert read(path).interval_ms == 5 * MINUTE_MS


def test_the_interval_in_the_name_goes_before_the_steps(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, *map(plain_row, (0, 5, 10))])
    assert read(path).interval_ms == MINUTE_MS


def test_empty_lines_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    lines = ["\ufeff" + HEADER, plain_row(0), "", plain_row(1), ""]
    assert minutes(read_all(write_text(tmp_path / "XUSDT.csv", lines))) == [0, 1]


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ("10,12,9,eleven,3", "'eleven' is no price or volume"),
        ("10,12,9,nan,3", "'nan' is no price or volume"),
        ("10,inf,9,11,3", "'inf' is no price or volume"),
        ("10,12,9,11,-3", "'-3' is no price or volume"),
        ("10,12,9,11,", "'' is no price or volume"),
        ("10,12,9,11,1e99", "'1e99' is no price or volume"),
        ("10,9,12,11,3", "high 9 and low 12 do not enclose"),
        ("13,12,9,11,3", "do not enclose open 13"),
        ("10,12,9,8,3", "do not enclose open 10 and close 8"),
        ("10,12,0,11,3", "a price of 0"),
        ("10,12,9,11", "5 cells, not 6"),
    ],
)
def test_a_bad_line_is_named_with_its_place(tmp_path: Path, cells: str, what: str) -> None:
    lines = [HEADER, plain_row(0), plain_row(1), plain_row(2, cells)]
    path = write_text(tmp_path / "XUSDT-1m-a.csv", lines)
    message = mistake_in(path)
    assert message.startswith(f"{path}:4: ")
    assert what in message


def test_scientific_notation_is_a_number(tmp_path: Path) -> None:
    row = plain_row(0, "1e-05,1.2E-5,9e-06,1.1e-05,3e+2")
    (kline,) = read_all(write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, row]))
    assert (kline.high, kline.volume) == (Decimal("0.000012"), Decimal(300))


def test_a_time_that_is_none_is_named(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, "2025-05-05,10,12,9,11,3"])
    assert mistake_in(path).startswith(f"{path}:2: '2025-05-05' is no time")


@pytest.mark.parametrize("second", [0, -1], ids=["the same", "an earlier one"])
def test_times_that_do_not_rise_are_named(tmp_path: Path, second: int) -> None:
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0), plain_row(second)])
    assert re.match(
        rf"{re.escape(str(path))}:3: opens at .* less than 60 s after", mistake_in(path)
    )


def test_two_symbols_in_a_file_are_named(tmp_path: Path) -> None:
    lines = [f"{plain_row(minute)},{symbol}" for minute in range(3) for symbol in ("X", "Y")]
    path = write_text(tmp_path / "XUSDT-1m-a.csv", [f"{HEADER},symbol", *lines])
    assert mistake_in(path) == (
        f"{path}:3: opens at 2025-05-05 00:00:00, less than 60 s after the line before: sort the"
        " lines, remove doubles and other symbols, or name the interval as in BTCUSDT-1m-2025.csv"
    )


def test_a_step_below_the_interval_is_named(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT-5m-a.csv", [HEADER, plain_row(0), plain_row(1)])
    assert "less than 300 s after the line before" in mistake_in(path)


def test_files_that_overlap_are_both_named(tmp_path: Path) -> None:
    first = write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, *map(plain_row, range(3))])
    second = write_text(tmp_path / "XUSDT-1m-b.csv", [HEADER, *map(plain_row, range(2, 4))])
    assert mistake_in(first, second) == (
        f"{second}:2: opens at 2025-05-05 00:02:00, and {first} reaches beyond:"
        " leave out one of the two files"
    )


def test_two_intervals_of_one_symbol_are_a_mistake(tmp_path: Path) -> None:
    write_text(tmp_path / "XUSDT-1m-a.csv", [HEADER, plain_row(0)])
    write_text(tmp_path / "XUSDT-5m-a.csv", [HEADER, plain_row(5)])
    assert "klines of 300 s" in mistake_in(tmp_path)


def test_an_interval_that_does_not_fill_a_day_is_a_mistake(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT.csv", [HEADER, plain_row(0), plain_row(7)])
    assert "24 hours are no whole number" in mistake_in(path)


def test_a_single_line_does_not_show_its_interval(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT.csv", [HEADER, plain_row(0)])
    assert "its interval is not to be seen" in mistake_in(path)


def test_an_empty_file_is_a_mistake(tmp_path: Path) -> None:
    assert "empty" in mistake_in(write_text(tmp_path / "XUSDT.csv", []))


def test_a_header_alone_is_a_mistake(tmp_path: Path) -> None:
    assert "no klines in it" in mistake_in(write_text(tmp_path / "XUSDT.csv", [HEADER]))


@pytest.mark.parametrize("line", ["time,price", "1,2,3", plain_row(0)])
def test_columns_that_are_not_known_are_a_mistake(tmp_path: Path, line: str) -> None:
    path = write_text(tmp_path / "XUSDT.csv", [line])
    assert mistake_in(path).startswith(f"{path}:1: neither the archive's 12 columns nor a header")


def test_a_gzip_that_is_cut_off_is_named_where_it_ends(tmp_path: Path) -> None:
    rows = [plain_row(minute, f"10,12,9,11,{minute * 7919 % 1000}") for minute in range(5000)]
    whole = gzip.compress("\n".join([HEADER, *rows]).encode())
    path = tmp_path / "XUSDT.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    message = mistake_in(path)
    assert re.match(rf"{re.escape(str(path))}:\d{{3,}}: cannot be read", message)


@pytest.mark.parametrize("name", ["XUSDT.csv.gz", "XUSDT.zip"])
def test_a_file_that_is_not_what_its_name_says_is_a_mistake(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("open_time", encoding="utf-8")
    assert "cannot be read" in mistake_in(path)


def test_text_in_another_encoding_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "XUSDT.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "no UTF-8 text" in mistake_in(path)


def test_a_zip_with_two_tables_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "XUSDT.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    assert mistake_in(path) == f"{path}:1: 2 .csv files in it, where one is expected"


def test_a_folder_without_klines_is_a_mistake(tmp_path: Path) -> None:
    assert "no .csv, .csv.gz, .zip, .parquet file in this folder" in mistake_in(tmp_path)


def test_a_path_that_leads_nowhere_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "nothing*.csv"
    assert mistake_in(path) == f"{path}: no such file or folder"


def test_a_file_of_another_kind_is_a_mistake(tmp_path: Path) -> None:
    path = write_text(tmp_path / "XUSDT.json", ["{}"])
    assert "klines are read from .csv, .csv.gz, .zip, .parquet files" in mistake_in(path)


def test_a_name_without_a_symbol_is_a_mistake(tmp_path: Path) -> None:
    path = write_text(tmp_path / "-1m-2025.csv", [HEADER, plain_row(0)])
    assert "its name must begin with the symbol" in mistake_in(path)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("DOGEUSDT", "there is AUSDT, BUSDT, CUSDT, DUSDT, EUSDT, and 1 more"),
        ("F", "did you mean FUSDT?"),
        ("FUSDTT", "did you mean FUSDT?"),
    ],
)
def test_a_symbol_without_klines_is_a_mistake(tmp_path: Path, asked: str, said: str) -> None:
    for letter in "ABCDEF":
        write_text(tmp_path / f"{letter}USDT-1m-a.csv", [HEADER, plain_row(0)])
    with pytest.raises(KlinesError) as error:
        find_klines([str(tmp_path)], symbols=[asked])
    assert str(error.value) == f"no klines of {asked}: {said}"
