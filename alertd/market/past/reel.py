"""A reel: tickers of the past that can be played by themselves, from wherever they are kept."""

from collections.abc import Iterator
from typing import Protocol

from alertd.market.ticker import Ticker


class Reel(Protocol):
    """Some symbols' tickers, each symbol's in rising order of time; they may be larger than the memory.

    It can be sent to another process. `name` is for people: a symbol, or a recording's folder.
    `size` is in bytes on the disk, and tells how long it takes beside others. `is_estimated`: the
    quote volume is not in the data. `times_ms` are about those of its first and its last ticker,
    where that can be told without reading it, and None elsewhere.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class

    @property
    def size(self) -> int: ...  # noqa: D102 - see the class

    @property
    def is_estimated(self) -> bool: ...  # noqa: D102 - see the class

    @property
    def times_ms(self) -> tuple[int, int] | None: ...  # noqa: D102 - see the class

    def tickers(self) -> Iterator[Ticker]:
        """Read it anew. Raises `KlinesError` for what is wrong further down in a file."""
        ...


def bounded(times_ms: tuple[int, int], start_ms: int | None, end_ms: int | None) -> tuple[int, int]:
    """Return the part of a time that lies from `start_ms` to `end_ms`, where these are given."""
    first, last = times_ms
    return (
        first if start_ms is None else max(first, start_ms),
        last if end_ms is None else min(last, end_ms),
    )
