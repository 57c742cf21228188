"""One file of klines: the exchange's archive or plain CSV, packed or not, streamed."""

import csv
import gzip
import io
import itertools
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import TextIO

import attrs

from alertd.market.past.klines import Kline, KlinesError, parse_kline

ENDINGS = (".csv", ".csv.gz", ".zip")
# Source: data.binance.vision; files from before about 2022-05 have no header line.
_ARCHIVE = [
    *("open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume"),
    *("count", "taker_buy_volume", "taker_buy_quote_volume", "ignore"),
]
_NEEDED = _ARCHIVE[:6]
# What reading a file raises when its content is broken: cut off, not what its name says, encrypted.
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, UnicodeError, csv.Error, RuntimeError)

_Row = list[str]


@attrs.frozen
class KlineCsv:
    """A file of klines whose columns are known.

    Iterating reads it anew and yields (line number, kline); it raises `KlinesError`, with the
    place, for what is wrong. Whether the times rise is not looked at.
    """

    path: Path
    quote_volume_estimated: bool
    _has_header: bool
    _width: int
    _cells: Callable[[_Row], tuple[str, ...]]

    @classmethod
    def opened(cls, path: Path) -> "KlineCsv":
        """Return the file, its columns known by its header line or by their number."""
        line, row = next(_rows(path), (1, []))
        if not row:
            raise KlinesError(f"{path}: empty: klines are expected")
        has_header = not row[0].isdigit()
        names = [name.strip().removesuffix("_ms") for name in row] if has_header else _ARCHIVE
        if len(row) != len(names) or not set(_NEEDED) <= set(names):
            raise KlinesError(
                f"{path}:{line}: neither the archive's {len(_ARCHIVE)} columns nor a header line"
                " with open_time_ms,open,high,low,close,volume: add that line"
            )
        known = "quote_volume" in names
        wanted = [*_NEEDED, "quote_volume"] if known else _NEEDED
        return cls(path, not known, has_header, len(names), itemgetter(*map(names.index, wanted)))

    def __iter__(self) -> Iterator[tuple[int, Kline]]:
        for line, row in itertools.islice(_rows(self.path), int(self._has_header), None):
            yield line, self._kline(line, row)

    def _kline(self, line: int, row: _Row) -> Kline:
        if len(row) != self._width:
            raise KlinesError(
                f"{self.path}:{line}: {len(row)} cells, not {self._width}: mend the line"
            )
        try:
            return parse_kline(self._cells(row))
        except ValueError as error:
            raise KlinesError(f"{self.path}:{line}: {error}") from None


def _rows(path: Path) -> Iterator[tuple[int, _Row]]:
    """Yield (line number, cells), without empty lines."""
    line = 0
    try:
        with _text_of(path) as text:
            reader = csv.reader(text)
            for row in reader:
                line = reader.line_num
                if row:
                    yield line, row
    except _BROKEN as error:
        raise KlinesError(
            f"{path}:{line + 1}: cannot be read ({error}): fetch the file again"
        ) from None


@contextmanager
def _text_of(path: Path) -> Iterator[TextIO]:
    # A spreadsheet begins its UTF-8 with a mark, which "utf-8-sig" takes away.
    name = path.name.lower()
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive, archive.open(_only_csv(path, archive)) as raw:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
    elif name.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield text
    else:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text


def _only_csv(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    if len(names) != 1:
        raise KlinesError(f"{path}: {len(names)} .csv files in it, where one is expected")
    return names[0]
