"""A replay for people: what it comes to, and the list of its alerts, as plain text."""

import textwrap
from collections import deque
from collections.abc import Iterable, Iterator

from alertd.printable import printable
from alertd.replay.printed import words
from alertd.replay.printed.grids import (
    ASIDE,
    activities,
    aside,
    destinations_grid,
    notes,
    rules_grid,
)
from alertd.replay.printed.words import Clock
from alertd.replay.replayed import Replayed
from alertd.replay.summary import Summary

NEWEST = 50
WIDTH = 100


def table_lines(
    summary: Summary, alerts: Iterable[Replayed], *, width: int = WIDTH, newest: int | None = NEWEST
) -> Iterator[str]:
    """Yield the summary, and then the newest alerts, or with `newest` None all of them.

    A line has up to `width` characters, where what stands in it allows that.
    """
    yield from summary_lines(summary, width=width)
    if not summary.count:
        return
    yield ""
    yield words.how_many(newest, summary.count, "alert")
    clock = Clock.of(summary)
    for alert in deque(alerts, newest) if newest is not None else alerts:
        line, indent = alert_line(alert, clock, summary.longest_symbol)
        yield from wrapped(line, width, indent=indent)


def summary_lines(summary: Summary, *, width: int = WIDTH) -> Iterator[str]:
    """Yield what was played, a row for each rule and each destination, and what there is to note."""
    yield words.period(summary)
    if not summary.ticks:
        return
    clock = Clock.of(summary)
    yield ""
    yield from _rules(summary, clock, width)
    if summary.sent:
        yield ""
        yield from destinations_grid(summary, clock).text()
    remarks = list(notes(summary))
    if remarks:
        yield ""
        for remark in remarks:
            yield from wrapped(remark, width, indent=2)


def _rules(summary: Summary, clock: Clock, width: int) -> Iterator[str]:
    """Yield the rules, each in two lines where one has no room for all columns."""
    grid = rules_grid(summary, clock)
    lines = grid.text()
    if max(map(len, lines)) <= width:
        yield from lines
        return
    head, *rows = grid.without(ASIDE).text()
    yield head
    for row, (name, activity) in zip(rows, activities(summary), strict=True):
        yield row
        if activity.firing:
            told = f"    {aside(name, activity, summary, clock)}"
            yield from wrapped(told, width, indent=4)


def alert_line(alert: Replayed, clock: Clock, longest_symbol: int) -> tuple[str, int]:
    """Return an alert as a line, and where in it the text begins."""
    symbol = f"{printable(alert.symbol):<{longest_symbol}}"
    head = f"{clock.second(alert.time_ms)} {words.mark(alert)} {symbol}  "
    return f"{head}{words.what_happened(alert)} · {printable(alert.rule)}", len(head)


def wrapped(text: str, width: int, *, indent: int) -> list[str]:
    """Break a text into lines, those after the first one indented."""
    if len(text) <= width:
        return [text]
    return textwrap.wrap(
        text,
        max(width, indent + 20),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
