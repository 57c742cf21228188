"""Lines on their way out: UTF-8 wherever they go, and never all of them at once."""

from collections.abc import Iterable
from typing import BinaryIO


class OutputError(Exception):
    """The machine's fault: what is printed finds no room. Its text says why."""


def write_lines(lines: Iterable[str], file: BinaryIO) -> None:
    """Write each line as it comes. Raises `OutputError`, and `BrokenPipeError` where nobody reads on."""
    for line in lines:
        try:
            file.write(line.encode() + b"\n")
        except OSError as error:
            raise _lost(error) from None
    try:
        file.flush()
    except OSError as error:
        raise _lost(error) from None


def _lost(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return error
    return OutputError(f"what is printed cannot be written: {error.strerror}")
