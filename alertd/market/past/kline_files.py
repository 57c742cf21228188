"""Kline files: found in files, folders and globs, and joined to one series a symbol."""

import glob
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import attrs

from alertd.market.past.kline_csv import ENDINGS, KlineCsv
from alertd.market.past.klines import DAY_MS, Kline, KlineSeries, KlinesError, utc_text

_SYMBOL = re.compile(r"[^-_.]+")
_NAMED_INTERVAL = re.compile(r"-(\d{1,3})([smhd])-")
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY_MS}
# Among so many first rows of a file, two stand next to each other, whatever gaps there are.
_FIRST_ROWS = 100


def find_klines(paths: Sequence[str], *, symbols: Collection[str] = ()) -> tuple[KlineSeries, ...]:
    """Return the series in the files, folders (searched deeply) and globs `paths`, by symbol.

    A file's symbol is its name up to the first `-` or `_`; with `symbols`, only theirs are read.
    Several files of a symbol make one series. Raises `KlinesError` for the first mistake; what
    stands further down in a file is found only while its klines are iterated over.
    """
    by_symbol: dict[str, list[Path]] = {}
    for path in sorted({path for pattern in paths for path in _files(pattern)}):
        by_symbol.setdefault(_symbol(path), []).append(path)
    unknown = sorted(set(symbols) - set(by_symbol))
    if unknown:
        raise KlinesError(f"no klines of {', '.join(unknown)}: there is {', '.join(by_symbol)}")
    return tuple(
        _series(symbol, [_FirstRows.of(path) for path in files])
        for symbol, files in sorted(by_symbol.items())
        if not symbols or symbol in symbols
    )


def _files(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.name.lower().endswith(ENDINGS)]
        if not found:
            raise KlinesError(f"{path}: no {', '.join(ENDINGS)} file in this folder")
        return found
    if path.exists():
        return [path]
    matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - pathlib's globs cannot be absolute
    if not matches:
        raise KlinesError(f"{pattern}: no such file or folder")
    return [file for match in matches for file in _files(match)]


def _symbol(path: Path) -> str:
    if not path.name.lower().endswith(ENDINGS):
        raise KlinesError(f"{path}: klines are read from {', '.join(ENDINGS)} files")
    match = _SYMBOL.match(path.name)
    if match is None:
        raise KlinesError(f"{path}: its name must begin with the symbol, as in BTCUSDT-1m-2025.csv")
    return match[0].upper()


@attrs.frozen
class _FirstRows:
    """A file, and what its first rows tell of it."""

    csv: KlineCsv
    first_open_ms: int
    interval_ms: int

    @classmethod
    def of(cls, path: Path) -> "_FirstRows":
        csv = KlineCsv.opened(path)
        times = [kline.open_time_ms for _, kline in itertools.islice(csv, _FIRST_ROWS)]
        if not times:
            raise KlinesError(f"{path}: no klines after the header line")
        return cls(csv, times[0], _interval_ms(path, times))


def _interval_ms(path: Path, times: list[int]) -> int:
    named = _NAMED_INTERVAL.search(path.name)
    steps = [later - earlier for earlier, later in itertools.pairwise(times) if later > earlier]
    if named is None and not steps:
        raise KlinesError(
            f"{path}: its interval is not to be seen: put it into the name, as in BTCUSDT-1m-2025.csv"
        )
    interval_ms = int(named[1]) * _UNIT_MS[named[2]] if named else min(steps)
    if interval_ms == 0 or DAY_MS % interval_ms:
        raise KlinesError(f"{path}: 24 hours are no whole number of its klines ({interval_ms} ms)")
    return interval_ms


def _series(symbol: str, files: list[_FirstRows]) -> KlineSeries:
    files.sort(key=lambda file: file.first_open_ms)
    first = files[0]
    for file in files:
        if file.interval_ms != first.interval_ms:
            raise KlinesError(
                f"{file.csv.path}: klines of {file.interval_ms // 1000} s, and {first.csv.path} has"
                f" {first.interval_ms // 1000} s: leave out those of one interval"
            )
    return KlineSeries(
        symbol=symbol,
        interval_ms=first.interval_ms,
        klines=_JoinedKlines(tuple(file.csv for file in files), first.interval_ms),
        quote_volume_estimated=any(file.csv.quote_volume_estimated for file in files),
        size=sum(file.csv.path.stat().st_size for file in files),
    )


@attrs.frozen
class _JoinedKlines:
    """The klines of several files, one after the other, their times checked."""

    files: tuple[KlineCsv, ...]
    interval_ms: int

    def __iter__(self) -> Iterator[Kline]:
        free_from_ms = 0
        last = self.files[0]
        for file in self.files:
            for line, kline in file:
                if kline.open_time_ms < free_from_ms:
                    raise KlinesError(f"{file.path}:{line}: {self._clash(file, last, kline)}")
                free_from_ms = kline.open_time_ms + self.interval_ms
                last = file
                yield kline

    def _clash(self, file: KlineCsv, last: KlineCsv, kline: Kline) -> str:
        opens = f"opens at {utc_text(kline.open_time_ms)}"
        if file is not last:
            return f"{opens}, and {last.path} reaches beyond: leave out one of the two files"
        return (
            f"{opens}, less than {self.interval_ms // 1000} s after the line before:"
            " sort the lines, remove doubles and other symbols, or name the interval as in"
            " BTCUSDT-1m-2025.csv"
        )
