"""Columns of plain text, and of Markdown."""

import re
from collections.abc import Iterator, Sequence

import attrs

_GAP = "  "
# What would be markup, or the end of a cell (github.github.com/gfm).
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


@attrs.frozen
class Column:
    """A column of a table: its head, whether numbers stand in it, and at most how wide it gets."""

    head: str
    is_number: bool = False
    most: int = 1_000


def cut(text: str, width: int) -> str:
    """Return a text that is not longer than that."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def aligned(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the heads and then each row, every column as wide as it has to be."""
    texts = [[it.head for it in columns], *rows]
    widths = [
        min(max(len(row[place]) for row in texts), column.most)
        for place, column in enumerate(columns)
    ]
    for row in texts:
        cells = (
            f"{cut(text, width):{'>' if column.is_number else '<'}{width}}"
            for column, text, width in zip(columns, row, widths, strict=True)
        )
        yield _GAP.join(cells).rstrip()


def as_markdown(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table of GitHub's Markdown, with nothing in its cells that is taken for markup."""
    yield markdown_row([it.head for it in columns])
    yield markdown_row_of_rules(columns)
    yield from map(markdown_row, rows)


def markdown_row(cells: Sequence[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def markdown_row_of_rules(columns: Sequence[Column]) -> str:
    """Return the row below the heads, which says on which side a column stands."""
    return f"|{'|'.join('---:' if it.is_number else '---' for it in columns)}|"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", text)
