"""Lines on their way out: UTF-8 wherever they go, and never all of them at once."""

from collections.abc import Iterable
from typing import BinaryIO


def write_lines(lines: Iterable[str], file: BinaryIO) -> None:
    """Write each line as it comes."""
    file.writelines(line.encode() + b"\n" for line in lines)


def printable(text: str) -> str:
    """Return a text in one line, without what steers a terminal: a rule may call itself anything."""
    return text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
