"""One file of klines: the exchange's archive or plain CSV, packed or not, streamed."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import attrs

from alertd.market.past.kline_table import KNOWN, NEEDED, KlineTable, LineError, numbered_rows
from alertd.market.past.klines import Kline, KlinesError, parse_time_ms
from alertd.market.past.packed_lines import LONGEST_LINE, batches_of_lines

ENDINGS = (".csv", ".csv.gz", ".zip")
# Source: data.binance.vision; files from before about 2022-05 have no header line.
_ARCHIVE: tuple[str, ...] = (
    *("open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume"),
    *("count", "taker_buy_volume", "taker_buy_quote_volume", "ignore"),
)


@attrs.frozen
class KlineCsv:
    """A file of klines whose columns are known.

    Iterating reads it anew and yields (line number, kline); it raises `KlinesError`, with the
    place, for what is wrong. Whether the times rise is not looked at.
    """

    path: Path
    _names: Sequence[str]
    _header_line: int

    @classmethod
    def opened(cls, path: Path) -> "KlineCsv":
        """Return the file, its columns known by its header line or by their number."""
        with closing(batches_of_lines(path)) as batches:
            rows = (row for first, lines in batches for row in numbered_rows(first, lines))
            line, cells = next(rows, (1, []))
        if not cells:
            raise KlinesError(f"{path}: empty: klines are expected")
        has_header = not cells[0].isdigit()
        names = (
            tuple(cell.strip().removesuffix("_ms") for cell in cells) if has_header else _ARCHIVE
        )
        mistake = _mistake_in(names, width=len(cells))
        if mistake:
            raise KlinesError(f"{path}:{line}: {mistake}")
        return cls(path, names, line if has_header else 0)

    @property
    def quote_volume_estimated(self) -> bool:
        """Whether the quote volume is not in the file."""
        return "quote_volume" not in self._names

    def last_open_ms(self) -> int | None:
        """Return when its last kline opens, where that is to be seen at its end without unpacking it."""
        if self.path.suffix.lower() != ".csv":
            return None
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, self.path.stat().st_size - LONGEST_LINE))
                last = file.read(LONGEST_LINE).decode().splitlines()[-1]
            (_, cells), *_ = numbered_rows(0, [last])
            return parse_time_ms(cells[self._names.index("open_time")])
        except (OSError, ValueError, IndexError, csv.Error):
            return None

    def __iter__(self) -> Iterator[tuple[int, Kline]]:
        table = KlineTable(self._names)
        for first, lines in batches_of_lines(self.path):
            above = max(0, self._header_line + 1 - first)
            try:
                yield from table.klines(first + above, lines[above:])
            except LineError as error:
                raise KlinesError(f"{self.path}:{error}") from None


def _mistake_in(names: Sequence[str], *, width: int) -> str:
    if len(names) != width or not set(NEEDED) <= set(names):
        return (
            f"neither the archive's {len(_ARCHIVE)} columns nor a header line"
            " with open_time_ms,open,high,low,close,volume: add that line"
        )
    doubled = [name for name in KNOWN if names.count(name) > 1]
    return f"two columns are named {doubled[0]}: rename one of them" if doubled else ""
