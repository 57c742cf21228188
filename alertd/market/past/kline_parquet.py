"""One Parquet file of klines, streamed: its columns by the archive's names.

pyarrow, which reads it, is imported when the first one is opened: it takes 112 ms and 51 MiB, and
most people have none.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from alertd.market.past.kline_table import NEEDED
from alertd.market.past.klines import Kline, KlinesError, parse_kline
from alertd.market.past.plain_klines import plain_klines

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

PARQUET = ".parquet"
_ROWS_AT_ONCE = 4096
_BUFFER = 1 << 20
# What a row group may unpack to. Writers put about a million rows into one: 100 MB, with 12 columns.
_LARGEST_ROW_GROUP = 1 << 30
# A text that is a price is shorter; a file may repeat a long one at next to no cost.
_LONGEST_TEXT = 80


@attrs.frozen
class KlineParquet:
    """A Parquet file of klines whose columns are known.

    Numbers may be of any kind, or texts: a float is the shortest decimal that it stands for, so that
    95502.7 is 95502.7. Times are timestamps (those without a zone in UTC), or milliseconds or
    microseconds. Iterating reads it anew and yields (row, kline), the first row being 1; it raises
    `KlinesError`, with the place, for what is wrong. Whether the times rise is not looked at.
    """

    path: Path
    quote_volume_estimated: bool
    _columns: tuple[str, ...]

    @classmethod
    def opened(cls, path: Path) -> "KlineParquet":
        """Return the file, its columns known by their names."""
        with _reading(path) as file:
            _check_sizes(path, file)
            schema = file.schema_arrow
            columns = _columns(path, schema.names)
        known = "quote_volume" in columns
        wanted = [columns[name] for name in ((*NEEDED, "quote_volume") if known else NEEDED)]
        for name in wanted:
            _check_kind(path, name, schema.field(name).type)
        return cls(path, not known, tuple(wanted))

    def place(self, row: int) -> str:
        """Return where a row is, for people."""
        return f"{self.path}: row {row}"

    def __iter__(self) -> Iterator[tuple[int, Kline]]:
        first = 1
        with _reading(self.path, self._columns) as file:
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(self._columns)):
                columns = [self._texts(batch.column(name), name) for name in self._columns]
                yield from self._klines(first, columns)
                first += batch.num_rows

    def _klines(self, first: int, columns: Sequence[list[str]]) -> Iterable[tuple[int, Kline]]:
        try:
            return enumerate(plain_klines(columns), first)
        except ValueError:
            return self._one_by_one(first, columns)

    def _one_by_one(self, first: int, columns: Sequence[list[str]]) -> Iterator[tuple[int, Kline]]:
        for row, cells in enumerate(zip(*columns, strict=True), first):
            try:
                yield row, parse_kline(cells)
            except ValueError as error:
                raise KlinesError(f"{self.place(row)}: {error}") from None

    def _texts(self, column: "pa.Array", name: str) -> list[str]:
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
        elif pa.types.is_dictionary(column.type):
            longest = pc.max(pc.utf8_length(column.dictionary.cast(pa.large_string()))).as_py()
            if (longest or 0) > _LONGEST_TEXT:
                raise KlinesError(f"{self.path}: column {name}: texts that are no numbers")
            column = column.dictionary_decode()
        # What is null becomes a text that is no number.
        return [str(value) for value in column.to_pylist()]


@contextmanager
def _reading(path: Path, texts: tuple[str, ...] = ()) -> "Iterator[pq.ParquetFile]":
    """Give an open file. Texts in the columns `texts` are kept once each, however often they are repeated."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise KlinesError(
            f"{path}: Parquet is read by pyarrow, which is not there: pip install 'alertd[parquet]'"
        ) from None
    try:
        with pq.ParquetFile(
            path, read_dictionary=list(texts), buffer_size=_BUFFER, pre_buffer=False
        ) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeError) as error:
        what = str(error).splitlines()[0].rstrip(".")
        raise KlinesError(f"{path}: cannot be read ({what}): fetch the file again") from None


def _columns(path: Path, names: list[str]) -> dict[str, str]:
    """Return the archive's name of a column -> its own."""
    columns: dict[str, str] = {}
    for name in names:
        wanted = name.removesuffix("_ms")
        if wanted in columns and wanted in (*NEEDED, "quote_volume"):
            raise KlinesError(f"{path}: 2 columns are named {wanted}: remove one of them")
        columns[wanted] = name
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise KlinesError(
            f"{path}: no column {', '.join(missing)}: {', '.join(NEEDED)} are expected"
        )
    return columns


def _check_kind(path: Path, name: str, kind: "pa.DataType") -> None:
    from pyarrow import types

    numbers = (types.is_integer, types.is_floating, types.is_decimal, types.is_timestamp)
    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_dictionary)
    if not any(fits(kind) for fits in (*numbers, *texts)):
        raise KlinesError(f"{path}: column {name}: {kind} is no kind of number")


def _check_sizes(path: Path, file: "pq.ParquetFile") -> None:
    # A look at a single column's entry can end the process, where that is damaged (pyarrow 26).
    sizes = (file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups))
    if max(sizes, default=0) > _LARGEST_ROW_GROUP:
        raise KlinesError(
            f"{path}: a row group of over {_LARGEST_ROW_GROUP >> 20} MiB: write it with smaller ones"
        )
