"""The lines of a text file, packed or not, with bounds on what it may hold in memory and unpack to."""

import functools
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from alertd.market.past.klines import KlinesError

# A line of the archive has 120 characters: a batch is 30 kB, and at most 1 MB.
_BATCH = 256
LONGEST_LINE = 4_096
# Klines unpack to 4 to 15 times their size. What grows by more than this is made to harm.
_MOST_GROWTH = 100
_ALWAYS_ALLOWED = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1  # Source: PKWARE's APPNOTE, 4.4.4, "general purpose bit flag"
# What reading raises where the content is broken: cut off, or not what the name says.
_BROKEN = (
    *(OSError, EOFError, ValueError, struct.error, zlib.error),
    *(zipfile.BadZipFile, NotImplementedError),
)


class _ForbiddenError(ValueError):
    """The user's mistake: a file that nobody keeps klines in. Its text says why."""


def batches_of_lines(path: Path) -> Generator[tuple[int, list[str]]]:
    """Yield the file's lines, some hundred at a time, each time with the number of the first.

    Its name tells how it is packed: `.gz`, `.zip` with one CSV in it, or not at all. Raises
    `KlinesError` at the line that cannot be read, after the lines before it.
    """
    first, lines, mistake = 1, list[str](), ""
    try:
        with _unpacked(path) as raw:
            most_bytes = _MOST_GROWTH * path.stat().st_size + _ALWAYS_ALLOWED
            for line in _lines(raw):
                lines.append(line)
                if len(lines) == _BATCH:
                    _check(lines, raw.tell(), most_bytes)
                    yield first, lines
                    first, lines = first + _BATCH, []
    except _BROKEN as error:
        mistake = _what_is_broken(error)
    if lines:
        yield first, lines
    if mistake:
        raise KlinesError(f"{path}:{first + len(lines)}: {mistake}")


def _lines(raw: gzip.GzipFile | IO[bytes]) -> Iterator[str]:
    # A spreadsheet begins its UTF-8 with a mark, which "utf-8-sig" takes away.
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        for line in iter(functools.partial(text.readline, LONGEST_LINE), ""):
            if len(line) == LONGEST_LINE:
                raise _ForbiddenError(
                    f"a line of {LONGEST_LINE} characters or more: each kline needs one of its own"
                )
            yield line


def _check(lines: list[str], unpacked_bytes: int, most_bytes: int) -> None:
    if unpacked_bytes > most_bytes:
        raise _ForbiddenError(
            f"unpacks to more than {_MOST_GROWTH} times its size, as no klines do: leave it out"
        )
    if not any(map(str.strip, lines)):
        raise _ForbiddenError(f"{_BATCH} empty lines in a row come before it: remove them")


@contextmanager
def _unpacked(path: Path) -> Iterator[gzip.GzipFile | IO[bytes]]:
    name = path.name.lower()
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive, archive.open(_only_table(archive)) as raw:
            yield raw
    elif name.endswith(".gz"):
        with gzip.open(path) as unpacked:
            yield unpacked
    else:
        with path.open("rb") as plain:
            yield plain


def _only_table(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one CSV; folders, check sums and what macOS lays beside it do not matter."""
    tables = [
        info
        for info in archive.infolist()
        if info.filename.lower().endswith(".csv") and not info.filename.startswith("__MACOSX/")
    ]
    if len(tables) != 1:
        raise _ForbiddenError(f"{len(tables)} .csv files in it, where one is expected")
    if tables[0].flag_bits & _ENCRYPTED:
        raise _ForbiddenError("encrypted: unpack it with its password first")
    if tables[0].compress_type not in _METHODS:
        raise _ForbiddenError("packed in an unusual way: unpack it, or pack it with deflate")
    return tables[0]


def _what_is_broken(error: Exception) -> str:
    match error:
        case _ForbiddenError():
            return str(error)
        case UnicodeError():
            return "no UTF-8 text: save it as CSV in UTF-8"
        case OSError(strerror=str(reason)):
            return f"cannot be read ({reason}): see that it is a file that you may read"
        case _:
            return f"cannot be read ({error}): fetch the file again"
