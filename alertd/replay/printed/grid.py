"""Tables as columns of plain text, and as Markdown."""

import re
from collections.abc import Collection, Iterator, Sequence

import attrs

from alertd.printable import printable

_GAP = "  "
# What would be markup, or the end of a cell (github.github.com/gfm).
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")


@attrs.frozen
class Column:
    """A column: its head, whether numbers stand in it, and at most how wide it gets as text."""

    head: str
    is_number: bool = False
    most: int = 1_000


@attrs.frozen
class Grid:
    """A table, whose rows have a cell for each column."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    def without(self, heads: Collection[str]) -> "Grid":
        """Return it without the columns of these heads."""
        kept = [place for place, column in enumerate(self.columns) if column.head not in heads]
        rows = [[row[place] for place in kept] for row in self.rows]
        return Grid([self.columns[place] for place in kept], rows)

    def text(self) -> list[str]:
        """Return the heads and then each row, every column as wide as it has to be."""
        texts = [[it.head for it in self.columns], *self.rows]
        widths = [
            min(max(len(row[place]) for row in texts), column.most)
            for place, column in enumerate(self.columns)
        ]
        return [self._line(row, widths) for row in texts]

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = (
            f"{_cut(text, width):{'>' if column.is_number else '<'}{width}}"
            for column, text, width in zip(self.columns, row, widths, strict=True)
        )
        return _GAP.join(cells).rstrip()

    def markdown(self) -> Iterator[str]:
        """Yield it as GitHub reads it, with nothing in a cell that is taken for markup."""
        yield markdown_row([column.head for column in self.columns])
        yield f"|{'|'.join('---:' if it.is_number else '---' for it in self.columns)}|"
        yield from map(markdown_row, self.rows)


def markdown_row(cells: Sequence[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line."""
    return _MARKUP.sub(r"\\\1", printable(text))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
