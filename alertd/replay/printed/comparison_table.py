"""What changes with the rules, for people: rule by rule, then alert by alert."""

from collections import deque
from collections.abc import Iterable, Iterator

from alertd.replay.comparison import Comparison
from alertd.replay.difference import Difference
from alertd.replay.printed import words
from alertd.replay.printed.changes import (
    change_mark,
    changes_grid,
    messages_grid,
    outcome,
    periods,
    remarks,
    shift,
)
from alertd.replay.printed.grid import Column, Grid, escaped, markdown_row
from alertd.replay.printed.markdown import alert_cells
from alertd.replay.printed.table import NEWEST, WIDTH, alert_line, wrapped
from alertd.replay.printed.words import Clock

_LIST = tuple(
    map(Column, ("change", "time", "severity", "symbol", "rule", "what happened", "moved"))
)


def comparison_table_lines(
    comparison: Comparison,
    found: Iterable[Difference],
    *,
    width: int = WIDTH,
    newest: int | None = NEWEST,
) -> Iterator[str]:
    """Yield the counts, and then the newest differences, or with `newest` None all of them."""
    yield from (*periods(comparison), "", *changes_grid(comparison).text())
    messages = messages_grid(comparison)
    if messages.rows:
        yield from ("", *messages.text())
    yield from ("", *remarks(comparison), outcome(comparison))
    if not comparison.differences:
        return
    yield from ("", words.how_many(newest, comparison.differences, "difference"))
    both = (comparison.before, comparison.after)
    clock, longest = Clock.of(*both), max(it.longest_symbol for it in both)
    for it in deque(found, newest) if newest is not None else found:
        moved = f", {shift(it)}" if shift(it) else ""
        line, indent = alert_line(it.alert, clock, longest)
        yield from wrapped(f"{change_mark(it)} {line}{moved}", width, indent=indent + 2)


def comparison_markdown_lines(
    comparison: Comparison, found: Iterable[Difference], *, newest: int | None = NEWEST
) -> Iterator[str]:
    """Yield the same as GitHub's Markdown."""
    yield "# Comparison"
    for played in periods(comparison):
        yield from ("", escaped(played))
    yield from ("", *changes_grid(comparison).markdown())
    messages = messages_grid(comparison)
    if messages.rows:
        yield from ("", *messages.markdown())
    for remark in (*remarks(comparison), outcome(comparison)):
        yield from ("", escaped(remark))
    if not comparison.differences:
        return
    count = words.how_many(newest, comparison.differences, "difference")
    yield from ("", "## Differences", "", escaped(count), "")
    yield from Grid(_LIST, []).markdown()
    clock = Clock.of(comparison.before, comparison.after)
    for it in deque(found, newest) if newest is not None else found:
        yield markdown_row([it.change.value, *alert_cells(it.alert, clock), shift(it)])
