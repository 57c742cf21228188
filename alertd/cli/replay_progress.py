"""How far a replay is, on a terminal: a bar, ticks a second, and the time that is left."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from alertd.market.past.klines import utc_text
from alertd.replay.progress import Progress

Report = Callable[[Progress], None]


@contextmanager
def progress_shown(what: str) -> Generator[Report]:
    """Give what shows it on standard error; where that is no terminal, nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # Half of the time that a replay takes to start, where nobody looks.
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[ticks]}"),
        TimeRemainingColumn(compact=True),
    )
    started_s = time.monotonic()
    with Bar(*columns, console=Console(stderr=True), transient=True, expand=True) as bar:
        task = bar.add_task(what, total=None, ticks="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=f"{what} {progress.name} {utc_text(progress.time_ms)[:10]}".lstrip(),
                completed=progress.played or 0,
                total=None if progress.played is None else progress.size,
                ticks=in_words(progress.ticks, time.monotonic() - started_s),
            )

        yield show


def in_words(ticks: int, seconds: float) -> str:
    """Return how many ticks there were, and how many a second."""
    if not seconds:
        return f"{ticks:,} ticks"
    return f"{ticks:,} ticks, {ticks / seconds:,.0f}/s"
