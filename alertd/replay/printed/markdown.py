"""A replay for a pull request or a note: the table's content as GitHub's Markdown."""

from collections import deque
from collections.abc import Iterable, Iterator

from alertd.replay.printed import words
from alertd.replay.printed.grid import Column, Grid, escaped, markdown_row
from alertd.replay.printed.grids import destinations_grid, notes, rules_grid
from alertd.replay.printed.table import NEWEST
from alertd.replay.printed.words import Clock
from alertd.replay.replayed import Replayed
from alertd.replay.summary import Summary

_LIST = tuple(map(Column, ("time", "severity", "symbol", "rule", "what happened")))


def markdown_lines(
    summary: Summary, alerts: Iterable[Replayed], *, newest: int | None = NEWEST
) -> Iterator[str]:
    """Yield the summary, and then the newest alerts, or with `newest` None all of them."""
    yield from markdown_summary(summary)
    if not summary.count:
        return
    yield from ("", "## Alerts", "", escaped(words.how_many(newest, summary.count, "alert")), "")
    yield from Grid(_LIST, []).markdown()
    clock = Clock.of(summary)
    for alert in deque(alerts, newest) if newest is not None else alerts:
        yield markdown_row(alert_cells(alert, clock))


def markdown_summary(summary: Summary) -> Iterator[str]:
    """Yield what was played, the rules, the messages, and what there is to note."""
    yield from ("# Replay", "", escaped(words.period(summary)))
    if not summary.ticks:
        return
    clock = Clock.of(summary)
    yield ""
    yield from rules_grid(summary, clock).markdown()
    if summary.sent:
        yield ""
        yield from destinations_grid(summary, clock).markdown()
    for note in notes(summary):
        yield ""
        yield escaped(note)


def alert_cells(alert: Replayed, clock: Clock) -> list[str]:
    """Return a row of the list."""
    what = words.what_happened(alert)
    return [clock.second(alert.time_ms), alert.severity, alert.symbol, alert.rule, what]
