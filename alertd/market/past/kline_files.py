"""Kline files: found in files, folders and globs, and joined to one series a symbol."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from alertd.market.past.checksum import verify
from alertd.market.past.file_names import FileName
from alertd.market.past.found import find_files
from alertd.market.past.kline_csv import ENDINGS, KlineCsv
from alertd.market.past.kline_parquet import PARQUET, KlineParquet
from alertd.market.past.klines import DAY_MS, Kline, KlineSeries, KlinesError, utc_text

KLINE_ENDINGS = (*ENDINGS, PARQUET)
# Among so many first rows of a file, two stand next to each other, whatever gaps there are.
_FIRST_ROWS = 100
# As many names as one cares to read.
_FEW = 5

_Table = KlineCsv | KlineParquet


def find_klines(
    paths: Sequence[str],
    *,
    symbols: Collection[str] = (),
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> tuple[KlineSeries, ...]:
    """Return the series in the files, folders (searched deeply) and globs `paths`, by symbol.

    Raises `KlinesError` for the first mistake, as `klines_in` does.
    """
    files = find_files(paths, KLINE_ENDINGS)
    return klines_in(files, symbols=symbols, start_ms=start_ms, end_ms=end_ms)


def klines_in(
    files: Iterable[Path],
    *,
    symbols: Collection[str] = (),
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> tuple[KlineSeries, ...]:
    """Return the series in these files, by symbol.

    A file's symbol is in its name (`file_names`); with `symbols`, only theirs are read. Files whose
    names say that they are of no use for tickers from `start_ms` (included) to `end_ms` (excluded)
    are not opened. The others are verified, where a checksum is beside them. Several files of a
    symbol make one series. Raises `KlinesError` for the first mistake; what stands further down in a
    file is found only while its klines are iterated over.
    """
    named = [(FileName.of(path), path) for path in files]
    by_symbol: dict[str, list[tuple[FileName, Path]]] = {}
    for name, path in named:
        by_symbol.setdefault(name.symbol, []).append((name, path))
    unknown = sorted(set(symbols) - set(by_symbol))
    if unknown:
        raise KlinesError(f"no klines of {', '.join(unknown)}: {_nearest(unknown, by_symbol)}")
    # The first ticker tells of the 24 hours before it.
    from_ms = None if start_ms is None else start_ms - DAY_MS
    wanted = {
        symbol: [file for file in files if file[0].may_open_within(from_ms, end_ms)]
        for symbol, files in sorted(by_symbol.items())
        if not symbols or symbol in symbols
    }
    if by_symbol and not any(wanted.values()):
        raise KlinesError(_nothing_then(named))
    return tuple(_series(symbol, files) for symbol, files in wanted.items() if files)


def _nearest(unknown: Iterable[str], known: Collection[str]) -> str:
    """Return what may have been meant, or what there is."""
    near = sorted(
        each for each in known if any(it.startswith(each) or each.startswith(it) for it in unknown)
    )
    names = near or sorted(known)
    more = f", and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{'did you mean' if near else 'there is'} {', '.join(names[:_FEW])}{more}{'?' if near else ''}"


def _nothing_then(files: Iterable[tuple[FileName, Path]]) -> str:
    times = [time for name, _ in files for time in (name.begin_ms, name.end_ms) if time is not None]
    return (
        "no klines of that time: by their names, the files are about"
        f" {utc_text(min(times))} to {utc_text(max(times))}"
    )


@attrs.frozen
class _FirstRows:
    """A file, and what its name and its first rows tell of it."""

    name: FileName
    table: _Table
    first_open_ms: int
    interval_ms: int

    @classmethod
    def of(cls, name: FileName, path: Path) -> "_FirstRows":
        verify(path)
        is_parquet = path.name.lower().endswith(PARQUET)
        table: _Table = KlineParquet.opened(path) if is_parquet else KlineCsv.opened(path)
        rows = itertools.islice(table, 1 if name.interval_ms else _FIRST_ROWS)
        times = [kline.open_time_ms for _, kline in rows]
        if not times:
            raise KlinesError(f"{path}: no klines in it")
        return cls(name, table, times[0], name.interval_ms or _smallest_step_ms(path, times))

    def end_ms(self) -> int | None:
        """Return about when its last kline opens, or what comes after it, where one knows."""
        if self.name.end_ms is None and isinstance(self.table, KlineCsv):
            return self.table.last_open_ms()
        return self.name.end_ms


def _smallest_step_ms(path: Path, times: list[int]) -> int:
    steps = [later - earlier for earlier, later in itertools.pairwise(times) if later > earlier]
    if not steps:
        raise KlinesError(
            f"{path}: its interval is not to be seen: put it into the name, as in BTCUSDT-1m-2025.csv"
        )
    return min(steps)


def _series(symbol: str, named: Sequence[tuple[FileName, Path]]) -> KlineSeries:
    _check_days(named)
    files = [_FirstRows.of(name, path) for name, path in named]
    files.sort(key=lambda file: file.first_open_ms)
    first = files[0]
    for file in files:
        _check_interval(file, first)
    return KlineSeries(
        symbol=symbol,
        interval_ms=first.interval_ms,
        klines=_JoinedKlines(tuple(file.table for file in files), first.interval_ms),
        quote_volume_estimated=any(file.table.quote_volume_estimated for file in files),
        size=sum(path.stat().st_size for _, path in named),
        begin_ms=first.first_open_ms,
        end_ms=files[-1].end_ms(),
    )


def _check_interval(file: _FirstRows, first: _FirstRows) -> None:
    interval_ms = file.interval_ms
    if DAY_MS % (interval_ms or DAY_MS + 1):
        raise KlinesError(
            f"{file.table.path}: 24 hours are no whole number of its klines ({interval_ms} ms)"
        )
    if interval_ms != first.interval_ms:
        raise KlinesError(
            f"{file.table.path}: klines of {interval_ms // 1000} s, and {first.table.path} has"
            f" {first.interval_ms // 1000} s: leave out those of one interval"
        )


def _check_days(named: Sequence[tuple[FileName, Path]]) -> None:
    """Raise `KlinesError` for files of the archive that have a day in common."""
    archived = [(name, path) for name, path in named if name.is_archived]
    archived.sort(key=lambda file: (file[0].interval_ms, file[0].begin_ms, -(file[0].end_ms or 0)))
    for (name, path), (later, later_path) in itertools.pairwise(archived):
        if name.interval_ms != later.interval_ms or not later.may_open_within(None, name.end_ms):
            continue
        if (name.begin_ms, name.end_ms) == (later.begin_ms, later.end_ms):
            raise KlinesError(f"{later_path}: {path} is of the same days: leave out one of the two")
        raise KlinesError(
            f"{later_path}: {path} has that day too: leave out the daily files of that month,"
            " or the monthly one"
        )


@attrs.frozen
class _JoinedKlines:
    """The klines of several files, one after the other, their times checked."""

    files: tuple[_Table, ...]
    interval_ms: int

    def __iter__(self) -> Iterator[Kline]:
        free_from_ms = 0
        last = self.files[0]
        for file in self.files:
            for line, kline in file:
                if kline.open_time_ms < free_from_ms:
                    raise KlinesError(f"{_place(file, line)}: {self._clash(file, last, kline)}")
                free_from_ms = kline.open_time_ms + self.interval_ms
                last = file
                yield kline

    def _clash(self, file: _Table, last: _Table, kline: Kline) -> str:
        opens = f"opens at {utc_text(kline.open_time_ms)}"
        if file is not last:
            return f"{opens}, and {last.path} reaches beyond: leave out one of the two files"
        return (
            f"{opens}, less than {self.interval_ms // 1000} s after the line before:"
            " sort the lines, remove doubles and other symbols, or name the interval as in"
            " BTCUSDT-1m-2025.csv"
        )


def _place(file: _Table, line: int) -> str:
    return file.place(line) if isinstance(file, KlineParquet) else f"{file.path}:{line}"
