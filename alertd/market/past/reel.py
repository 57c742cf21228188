"""A reel: tickers of the past that can be played by themselves, from wherever they are kept."""

from collections.abc import Iterator
from typing import Protocol

from alertd.market.ticker import Ticker


class Reel(Protocol):
    """Some symbols' tickers, each symbol's in rising order of time; they may be larger than the memory.

    It can be sent to another process. `name` is for people: a symbol, or a recording's folder.
    `size` is in bytes on the disk, and tells how long it takes beside others. `is_estimated`: the
    quote volume is not in the data.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - see the class

    @property
    def size(self) -> int: ...  # noqa: D102 - see the class

    @property
    def is_estimated(self) -> bool: ...  # noqa: D102 - see the class

    def tickers(self) -> Iterator[Ticker]:
        """Read it anew. Raises `KlinesError` for what is wrong further down in a file."""
        ...
