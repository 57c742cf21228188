"""A recording as a reel: the tickers of its files, of many symbols, in the order in which they came."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import attrs
import msgspec

from alertd.market.past.klines import KlinesError, utc_text
from alertd.market.past.recorded.choice import Choice, Wanted
from alertd.market.past.recorded.lines import Block, PackedLines
from alertd.market.past.recorded.times import begins_ms, recorded_times_ms
from alertd.market.past.reel import Reel, bounded
from alertd.market.ticker import BadFrameError, Ticker, decode_ticker

# A process that is restarted may be sent again what the one before it has recorded.
_AGAIN_MS = 60_000

# Not strict: numbers may be texts, as the exchange sends them.
_decoder = msgspec.json.Decoder(Ticker, strict=False)


@attrs.frozen
class RecordingReel:
    """The tickers of some files, from `start_ms` (included) to `end_ms` (excluded).

    What a process that was restarted has recorded for a second time is left out.
    """

    name: str
    files: tuple[PackedLines, ...]
    choice: Choice = attrs.field(factory=Choice)
    start_ms: int | None = None
    end_ms: int | None = None

    @property
    def size(self) -> int:
        """The size of its files together, of which a part has its share, in bytes."""
        return sum(file.size for file in self.files) // self.choice.parts

    @property
    def is_estimated(self) -> bool:
        """Whether the quote volume is not in the data: it is."""
        return False

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the files although they can be played."""
        text = "its last seconds may be missing: it is still being written, or was cut off"
        return tuple(f"{file.path}: {text}" for file in self.files if file.is_torn)

    @property
    def times_ms(self) -> tuple[int, int] | None:
        """The times of the first and the last ticker in its files, as far as these are whole."""
        times_ms = recorded_times_ms(self.files)
        return times_ms and bounded(times_ms, self.start_ms, self.end_ms)

    def parts(self, count: int) -> tuple["RecordingReel", ...]:
        """Return reels that together are this one, each with all tickers of some of its symbols."""
        if self.choice.parts > 1 or count == 1:
            return (self,)
        return tuple(
            attrs.evolve(self, choice=attrs.evolve(self.choice, part=part, parts=count))
            for part in range(count)
        )

    def tickers(self) -> Iterator[Ticker]:
        """Read it anew. Raises `KlinesError` for what is wrong further down in a file."""
        newest: dict[str, int] = {}
        for file in self.files:
            before, ended_ms = newest.copy(), max(newest.values(), default=0)
            for tickers in self._blocks(file):
                newest.update({ticker.symbol: ticker.time_ms for ticker in tickers})
                fresh = list(_not_again(tickers, before, file)) if before else tickers
                yield from self._in_time(fresh)
                if fresh and fresh[0].time_ms > ended_ms + _AGAIN_MS:
                    # What is there again would have come by now.
                    before = {}

    def _blocks(self, file: PackedLines) -> Iterator[list[Ticker]]:
        wanted = Wanted(self.choice)
        for block in file.blocks():
            lines = block.data
            if not self.choice.is_all:
                lines = b"\n".join(line for line in lines.split(b"\n") if wanted.may_be(line))
            tickers = _decoded(lines)
            if tickers is None:
                tickers, mistake = _line_by_line(block)
                if not block.is_torn:
                    raise KlinesError(f"{file.path}:{mistake}")
            if self.choice.is_all:
                yield tickers
            else:
                yield [ticker for ticker in tickers if self.choice.has(ticker.symbol)]

    def _in_time(self, tickers: list[Ticker]) -> list[Ticker]:
        start_ms, end_ms = self.start_ms, self.end_ms
        if start_ms is not None:
            tickers = [ticker for ticker in tickers if ticker.time_ms >= start_ms]
        if end_ms is not None:
            tickers = [ticker for ticker in tickers if ticker.time_ms < end_ms]
        return tickers


def _decoded(lines: bytes) -> list[Ticker] | None:
    """Return the tickers of some lines; None where one of them is not sound."""
    try:
        tickers = _decoder.decode_lines(lines)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return tickers if all(ticker.high >= ticker.low for ticker in tickers) else None


def _line_by_line(block: Block) -> tuple[list[Ticker], str]:
    """Return the tickers before the first mistake in a block, its line and what it is."""
    tickers: list[Ticker] = []
    for number, line in enumerate(block.data.split(b"\n"), block.line):
        try:
            tickers += [decode_ticker(line)] if line.strip() else []
        except BadFrameError as error:
            return tickers, f"{number}: no mini ticker: {error}"
    return tickers, ""


def _not_again(
    tickers: list[Ticker], before: dict[str, int], file: PackedLines
) -> Iterator[Ticker]:
    """Leave out what an earlier file has. Raises `KlinesError` where that is more than a moment."""
    for ticker in tickers:
        newest_ms = before.get(ticker.symbol, 0)
        if ticker.time_ms > newest_ms:
            yield ticker
        elif ticker.time_ms < newest_ms - _AGAIN_MS:
            raise KlinesError(
                f"{file.path}: {ticker.symbol} is at {utc_text(ticker.time_ms)} in it, and a file before"
                f" it reaches {utc_text(newest_ms)}: leave out one of two recordings"
            )


def recording_reel(
    paths: Sequence[Path],
    *,
    symbols: Collection[str] = (),
    start_ms: int | None = None,
    end_ms: int | None = None,
) -> RecordingReel:
    """Return the reel of a recording's files, one at least, in the order in which they begin.

    Raises `KlinesError` for files that are no recordings, or damaged as far as that is seen at once.
    """
    by_name = (PackedLines.of(path) for path in sorted(paths, key=lambda it: (it.name, it)))
    files = tuple(sorted(by_name, key=begins_ms))
    name = str(files[0].path.parent) if len(files) > 1 else files[0].path.name
    choice = Choice(frozenset(symbols))
    return RecordingReel(name, files, choice, start_ms, end_ms)


def parted(reels: Iterable[Reel], count: int) -> tuple[Reel, ...]:
    """Return the reels with each recording in so many parts, for as many processes."""
    return tuple(part for reel in reels for part in _parts(reel, count))


def warnings_of(reels: Iterable[Reel]) -> tuple[str, ...]:
    """Return what a person should know of the reels' files although they can be played."""
    recordings = (reel for reel in reels if isinstance(reel, RecordingReel))
    return tuple(dict.fromkeys(text for reel in recordings for text in reel.warnings))


def _parts(reel: Reel, count: int) -> Sequence[Reel]:
    return reel.parts(count) if isinstance(reel, RecordingReel) else (reel,)
