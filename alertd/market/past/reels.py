"""Reels in files: whatever keeps tickers of the past, found in files, folders and globs."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import attrs

from alertd.market.past.found import find_files
from alertd.market.past.kline_files import KLINE_ENDINGS, klines_in
from alertd.market.past.klines import DAY_MS, KlineSeries
from alertd.market.past.recorded.form import ENDING
from alertd.market.past.recorded.reel import recording_reel
from alertd.market.past.reel import Reel, bounded
from alertd.market.past.rolling_day import KlinePath, mini_tickers
from alertd.market.past.tape import in_time
from alertd.market.ticker import Ticker


@attrs.frozen
class KlineReel:
    """One symbol's klines as tickers from `start_ms` (included) to `end_ms` (excluded).

    The klines before `start_ms` fill the 24 hours.
    """

    series: KlineSeries
    path: KlinePath = KlinePath.CLOSE
    start_ms: int | None = None
    end_ms: int | None = None

    @property
    def name(self) -> str:
        """The symbol."""
        return self.series.symbol

    @property
    def size(self) -> int:
        """The size of its files together, in bytes."""
        return self.series.size

    @property
    def is_estimated(self) -> bool:
        """Whether the quote volume is not in the data."""
        return self.series.quote_volume_estimated

    @property
    def times_ms(self) -> tuple[int, int] | None:
        """About the times of its first and its last ticker, by its first kline and its files' names."""
        begin_ms, end_ms = self.series.begin_ms, self.series.end_ms
        if begin_ms is None or end_ms is None:
            return None
        return bounded((begin_ms + DAY_MS, end_ms), self.start_ms, self.end_ms)

    def tickers(self) -> Iterator[Ticker]:
        """Read it anew. Raises `KlinesError` for what is wrong further down in a file."""
        tickers = in_time(mini_tickers(self.series, path=self.path), self.start_ms, self.end_ms)
        return (each.ticker() for each in tickers)


def find_reels(
    paths: Sequence[str],
    *,
    symbols: Collection[str] = (),
    path: KlinePath = KlinePath.CLOSE,
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> tuple[Reel, ...]:
    """Return the reels in the files, folders (searched deeply) and globs `paths`.

    Recordings, all together, are one reel; klines are one for each symbol. With `symbols` only
    theirs are read. `start_ms` (included) and `end_ms` (excluded) bound the times of the tickers;
    files that lie wholly outside, by their names, are not opened. Raises `KlinesError` for the
    first mistake.
    """
    recorded, klines = _apart(find_files(paths, (*KLINE_ENDINGS, ENDING)))
    reels: list[Reel] = []
    if recorded:
        reels += [recording_reel(recorded, symbols=symbols, start_ms=start_ms, end_ms=end_ms)]
    if klines:
        found = klines_in(klines, symbols=symbols, start_ms=start_ms, end_ms=end_ms)
        reels += [KlineReel(series, path, start_ms, end_ms) for series in found]
    return tuple(reels)


def _apart(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files of recordings, and those of klines."""
    recorded: list[Path] = []
    klines: list[Path] = []
    for file in files:
        (recorded if file.name.lower().endswith(ENDING) else klines).append(file)
    return recorded, klines
