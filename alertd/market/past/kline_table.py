"""The columns of a table of klines, and its lines read by them: all at once, or one by one."""

import csv
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter, sub

from alertd.market.past.klines import Kline, parse_kline, parse_time_ms
from alertd.market.past.plain_klines import plain_klines, plain_times_ms

NEEDED = ("open_time", "open", "high", "low", "close", "volume")
KNOWN = (*NEEDED, "quote_volume", "close_time")

_Row = list[str]
_open_time_ms = attrgetter("open_time_ms")


class LineError(Exception):
    """The user's mistake: a line that cannot be read. Its text says which, what and what to do."""


class KlineTable:
    """Reads the lines of one file, whose columns have these names; others than are known do not matter.

    Where the close times are known, no kline lasts longer than the first one that was read.
    """

    def __init__(self, names: Sequence[str]) -> None:
        wanted = [*NEEDED, "quote_volume"] if "quote_volume" in names else NEEDED
        self._width = len(names)
        # Of a row it takes cells, and of a list of columns it takes columns.
        self._wanted = itemgetter(*map(names.index, wanted))
        self._close_time = names.index("close_time") if "close_time" in names else None
        self._longest_ms: int | None = None

    def klines(self, first: int, lines: Sequence[str]) -> Iterable[tuple[int, Kline]]:
        """Return line numbers, of which `first` is the first, and klines; empty lines have none.

        Iterating raises `LineError`.
        """
        try:
            return zip(itertools.count(first), self._all_at_once(lines), strict=False)
        except (ValueError, csv.Error):
            return self._one_by_one(first, lines)

    def _all_at_once(self, lines: Sequence[str]) -> list[Kline]:
        """Raise `ValueError` or `csv.Error` for what needs a closer look."""
        rows = list(csv.reader(lines))
        # A line break between quotation marks makes one row of two lines.
        if len(rows) != len(lines) or set(map(len, rows)) != {self._width}:
            raise ValueError("not a row of cells in each line")
        columns = list(zip(*rows, strict=True))
        klines = plain_klines(self._wanted(columns))
        if self._close_time is not None:
            ends_ms = plain_times_ms(columns[self._close_time])
            self._check_lengths(list(map(sub, ends_ms, map(_open_time_ms, klines))))
        return klines

    def _one_by_one(self, first: int, lines: Sequence[str]) -> Iterator[tuple[int, Kline]]:
        for number, row in numbered_rows(first, lines):
            try:
                yield number, self._kline(row)
            except ValueError as error:
                raise LineError(f"{number}: {error}") from None

    def _kline(self, row: _Row) -> Kline:
        if len(row) != self._width:
            raise ValueError(f"{len(row)} cells, not {self._width}: mend the line")
        kline = parse_kline(self._wanted(row))
        if self._close_time is not None:
            self._check_lengths([parse_time_ms(row[self._close_time]) - kline.open_time_ms])
        return kline

    def _check_lengths(self, lengths_ms: Sequence[int]) -> None:
        """Raise `ValueError` if one is longer than the first of all."""
        self._longest_ms = self._longest_ms or lengths_ms[0]
        if (longest_ms := max(lengths_ms)) > self._longest_ms:
            raise ValueError(
                f"this kline is of {(longest_ms + 1) // 1000} s, and the file's first one of"
                f" {(self._longest_ms + 1) // 1000} s: leave those of one interval in a file"
            )


def numbered_rows(first: int, lines: Iterable[str]) -> Iterator[tuple[int, _Row]]:
    """Yield line numbers and cells, without empty lines."""
    for number, line in enumerate(lines, first):
        yield from ((number, row) for row in csv.reader([line]) if row)
