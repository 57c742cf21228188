"""Files that are broken, or made to harm: each is refused in one line, within bounds of time and memory."""

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.past.packed_lines import batches_of_lines


def lines_of(path: Path) -> list[str]:
    return [line for _, lines in batches_of_lines(path) for line in lines]


def mistake_in(path: Path) -> str:
    with pytest.raises(KlinesError) as caught:
        lines_of(path)
    place, _, what = str(caught.value).partition(": ")
    assert place.startswith(f"{path}:")
    return f"{place.removeprefix(f'{path}:')}: {what}"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def patched(path: Path, place: int, byte: int) -> Path:
    content = bytearray(path.read_bytes())
    content[place] ^= byte
    path.write_bytes(content)
    return path


def test_the_first_of_each_batch_is_numbered(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", b"".join(b"%d\n" % number for number in range(1, 1_001)))
    for first, lines in batches_of_lines(path):
        assert lines == [f"{number}\n" for number in range(first, first + len(lines))]


def test_lines_before_a_tear_are_given(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    whole = gzip.compress(bytes(str(list(range(20_000))), "ascii").replace(b",", b"\n"))
    path.write_bytes(whole[: len(whole) // 2])
    given: list[str] = []
    with pytest.raises(KlinesError) as caught:
        given.extend(line for _, lines in batches_of_lines(path) for line in lines)
    assert given[:2] == ["[0\n", " 1\n"]
    assert str(caught.value).startswith(f"{path}:{len(given) + 1}: cannot be read (Compressed file")


@pytest.mark.parametrize("above", [0, 1_000])
@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.zip"])
def test_a_line_without_an_end_is_not_held_in_memory(tmp_path: Path, name: str, above: int) -> None:
    content = b"1,2,3\n" * above + b"1" * 20_000_000
    path = tmp_path / name
    zipped(path, {"x.csv": content}) if name == "x.zip" else written(path, content)
    tracemalloc.start()
    try:
        mistake = mistake_in(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert mistake.startswith(f"{above + 1}: a line of 4096 characters or more")
    assert peak < 2_000_000


@pytest.mark.parametrize("name", ["x.csv.gz", "x.zip"])
def test_what_unpacks_without_end_is_not_read_to_the_end(tmp_path: Path, name: str) -> None:
    content = b"1,2,3\n" * 1_000_000
    path = tmp_path / name
    zipped(path, {"x.csv": content}) if name == "x.zip" else written(path, content)
    line, _, what = mistake_in(path).partition(": ")
    assert what.startswith("unpacks to more than 100 times its size")
    assert int(line) < 600_000


def test_klines_that_hardly_change_are_no_bomb(tmp_path: Path) -> None:
    rows = [
        b"%d,1.0,1.0,1.0,1.0,0,%d,0,0,0,0,0\n" % (start, start + 59_999)
        for start in range(1_746_403_200_000, 1_748_995_200_000, 60_000)
    ]
    assert len(lines_of(zipped(tmp_path / "x.zip", {"x.csv": b"".join(rows)}))) == 43_200


def test_nothing_but_empty_lines_is_not_read_to_the_end(tmp_path: Path) -> None:
    assert "empty lines in a row" in mistake_in(written(tmp_path / "x.csv", b"\n" * 100_000))


def test_beside_the_table_a_zip_may_hold_other_things(tmp_path: Path) -> None:
    members = {"a/": b"", "a/x.csv": b"1\n", "__MACOSX/a/._x.csv": b"\x00", "a/x.CHECKSUM": b"?"}
    assert lines_of(zipped(tmp_path / "x.zip", members)) == ["1\n"]


@pytest.mark.parametrize(
    ("members", "count"), [({}, 0), ({"a.txt": b""}, 0), ({"a.csv": b"", "b.CSV": b""}, 2)]
)
def test_a_zip_has_one_table(tmp_path: Path, members: dict[str, bytes], count: int) -> None:
    path = zipped(tmp_path / "x.zip", members)
    assert mistake_in(path) == f"1: {count} .csv files in it, where one is expected"


def test_an_encrypted_zip_is_named_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"x.csv": b"1\n"})
    flags_in_directory = path.read_bytes().index(b"PK\x01\x02") + 8
    assert mistake_in(patched(path, flags_in_directory, 1)).startswith("1: encrypted: unpack it")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_named_so(tmp_path: Path, compression: int) -> None:
    path = zipped(tmp_path / "x.zip", {"x.csv": b"1\n"}, compression)
    assert mistake_in(path).startswith("1: packed in an unusual way")


def test_a_zip_that_is_cut_off_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"x.csv": b"1\n" * 9_999})
    path.write_bytes(path.read_bytes()[:-10])
    assert mistake_in(path) == "1: cannot be read (File is not a zip file): fetch the file again"


def test_a_zip_whose_content_has_changed_is_noticed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"x.csv": b"123456\n"}, zipfile.ZIP_STORED)
    patched(path, path.read_bytes().index(b"123456"), 1)
    assert "cannot be read (Bad CRC-32" in mistake_in(path)


def test_a_gzip_that_is_none_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(b"1,2,3\n")
    assert mistake_in(path).startswith("1: cannot be read (Not a gzipped file")


def test_bytes_after_the_end_of_a_gzip_are_named_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"1\n2\n") + b"more")
    assert mistake_in(path).startswith("3: cannot be read (Not a gzipped file")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_named_so(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "x.csv", "größe\n".encode(encoding))
    assert mistake_in(path) == "1: no UTF-8 text: save it as CSV in UTF-8"


def test_a_file_that_is_not_there_any_more_is_named_so(tmp_path: Path) -> None:
    assert mistake_in(tmp_path / "x.csv").startswith(
        "1: cannot be read (No such file or directory)"
    )
