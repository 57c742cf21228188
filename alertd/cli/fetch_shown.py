"""What `alertd fetch` shows: a bar on a terminal, a line a file elsewhere, and at the end what came."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import attrs
import rich.progress
from rich.console import Console

from alertd.market.archive.fetching import Ended, Event, Outcome, Received, Waiting
from alertd.market.archive.files import ArchiveFile


@attrs.define
class Shown:
    """What has become of the files so far, shown as it comes."""

    _bar: rich.progress.Progress
    _task: rich.progress.TaskID
    _received: int = 0
    _ended: Counter[Outcome] = attrs.field(factory=Counter)
    _missing: dict[str, list[ArchiveFile]] = attrs.field(factory=dict)
    _found: set[str] = attrs.field(factory=set)

    @property
    def is_failure(self) -> bool:
        """Whether a file failed, or a symbol has none at all."""
        return bool(self._ended[Outcome.FAILED] or self._missing.keys() - self._found)

    def take(self, event: Event) -> None:
        """Show what happened."""
        match event:
            case Received(size):
                self._received += size
                self._bar.update(self._task, received=_megabytes(self._received))
            case Waiting(file, reason, wait_s):
                self._say(f"{file.name}: {reason}: again in {wait_s:.0f} s")
            case Ended(file, outcome, reason):
                self._end(file, outcome, reason)

    def summary(self, folder: Path) -> str:
        """Return what came, and what did not, in lines."""
        counts = [f"{self._ended[each]} {each.value}" for each in Outcome if self._ended[each]]
        came = (
            f"{', '.join(counts) or 'Nothing came'}; {_megabytes(self._received)} came, to {folder}"
        )
        return "\n".join([*(_told(*each) for each in self._missing.items()), came])

    def _end(self, file: ArchiveFile, outcome: Outcome, reason: str) -> None:
        self._ended[outcome] += 1
        self._bar.advance(self._task)
        if outcome is Outcome.MISSING:
            self._missing.setdefault(file.symbol, []).append(file)
        elif outcome is Outcome.FAILED:
            self._say(f"{file.name}: {reason}: given up")
        else:
            self._found.add(file.symbol)
            if outcome is Outcome.FETCHED and not self._bar.console.is_terminal:
                self._say(f"{file.name}: {outcome.value}")

    def _say(self, text: str) -> None:
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def shown_on(stream: TextIO, count: int) -> Generator[Shown]:
    """Give what shows how so many files come, on a terminal or elsewhere."""
    console = Console(file=stream)
    bar = rich.progress.Progress(
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TextColumn("files, {task.fields[received]}, left:"),
        rich.progress.TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        yield Shown(bar, bar.add_task("", total=count, received=_megabytes(0)))


def _told(symbol: str, missing: list[ArchiveFile]) -> str:
    periods = sorted(file.period for file in missing)
    which = (
        periods[0]
        if len(periods) == 1
        else f"{len(periods)} files from {periods[0]} to {periods[-1]}"
    )
    return (
        f"{symbol}: not in the archive: {which}. Is that its name, was it traded then,"
        " and is the day over for some hours?"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
