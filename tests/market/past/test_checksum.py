"""Checksums beside kline files: who reads a file knows that it is whole."""

import hashlib
import re
from pathlib import Path

import pytest

from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import KlinesError
from tests.market.past.kline_rows import archive_row, write_text

NAME = "XUSDT-1m-2025-05-05.zip"


def archived(folder: Path, name: str = NAME) -> Path:
    return write_text(folder / name, [archive_row(minute) for minute in range(3)])


def checksum(file: Path, text: str | None = None) -> Path:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    beside = file.with_name(f"{file.name}.CHECKSUM")
    beside.write_text(f"{digest}  {file.name}\n" if text is None else text, encoding="utf-8")
    return beside


def mistake_in(*paths: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        find_klines([str(path) for path in paths])
    return str(caught.value)


def test_a_file_that_is_what_its_checksum_says_is_read(tmp_path: Path) -> None:
    checksum(archived(tmp_path))
    (series,) = find_klines([str(tmp_path)])
    assert len(list(series.klines)) == 3


def test_a_checksum_may_be_written_as_sha256sum_does_for_binary_files(tmp_path: Path) -> None:
    file = archived(tmp_path)
    checksum(file, f"{hashlib.sha256(file.read_bytes()).hexdigest().upper()} *{NAME}\r\n")
    assert find_klines([str(file)])


def test_another_content_is_told_before_it_is_looked_at(tmp_path: Path) -> None:
    file = archived(tmp_path)
    expected = checksum(file).read_text()[:8]
    file.write_bytes(b"no archive")
    found = hashlib.sha256(b"no archive").hexdigest()[:8]
    assert mistake_in(file) == (
        f"{file}: SHA-256 {found}..., and its checksum says {expected}...: fetch the file again"
    )


@pytest.mark.parametrize(
    "text", ["", "hello", "<html>", "f" * 63 + f"  {NAME}", "f" * 64, "f" * 64 + "  x" + "y" * 2000]
)
def test_what_is_no_checksum_is_told(tmp_path: Path, text: str) -> None:
    beside = checksum(archived(tmp_path), text)
    assert mistake_in(tmp_path).startswith(f"{beside}: ")
    assert mistake_in(tmp_path).endswith("fetch it again, or remove it")


def test_bytes_that_are_no_text_are_no_checksum(tmp_path: Path) -> None:
    beside = checksum(archived(tmp_path))
    beside.write_bytes(b"\xff" * 70)
    assert "no checksum: a line with a SHA-256" in mistake_in(tmp_path)


def test_the_checksum_of_another_file_is_none(tmp_path: Path) -> None:
    beside = checksum(archived(tmp_path), "f" * 64 + "  YUSDT-1m-2025-05-05.zip\n")
    assert re.match(
        rf"{re.escape(str(beside))}: the checksum of YUSDT-1m-2025-05-05.zip, and not of {NAME}",
        mistake_in(tmp_path),
    )


def test_checksums_that_a_glob_has_with_it_are_no_klines(tmp_path: Path) -> None:
    file = archived(tmp_path)
    beside = checksum(file)
    assert len(find_klines([str(file), str(beside)])) == 1
    assert len(find_klines([str(tmp_path / "XUSDT*")])) == 1


def test_a_checksum_of_the_packed_file_says_nothing_of_the_unpacked_one(tmp_path: Path) -> None:
    file = archived(tmp_path)
    checksum(file)
    file.unlink()
    archived(tmp_path, "XUSDT-1m-2025-05-05.csv")
    assert len(find_klines([str(tmp_path)])) == 1


def test_a_checksum_alone_is_a_mistake(tmp_path: Path) -> None:
    beside = checksum(archived(tmp_path))
    assert mistake_in(beside) == f"{beside}: a checksum alone is nothing to read"


def test_a_checksum_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    beside = archived(tmp_path).with_name(f"{NAME}.CHECKSUM")
    beside.mkdir()
    assert mistake_in(tmp_path / NAME) == (
        f"{beside}: Is a directory: fetch it again, or remove it"
    )
