"""What a change of the rules comes to as tables, and one difference in words."""

from collections.abc import Iterator

from alertd.config.wording import few
from alertd.delivery.numbers import duration
from alertd.printable import printable
from alertd.replay.comparison import Comparison, RuleChange
from alertd.replay.difference import Change, Difference
from alertd.replay.printed.grid import Column, Grid
from alertd.replay.printed.grids import LONGEST_NAME
from alertd.replay.printed.words import NONE, period, plural
from alertd.replay.summary import Summary

_MARKS = {Change.ADDED: "+", Change.REMOVED: "-", Change.MOVED: "~"}
_MOST_NAMES = 20
_COUNTS = ("before", "after", "same", "added", "removed", "moved")
_RULES = (Column("rule", most=LONGEST_NAME), *(Column(head, is_number=True) for head in _COUNTS))
_MESSAGES = (
    Column("messages", most=LONGEST_NAME),
    Column("before", is_number=True),
    Column("after", is_number=True),
)


def changes_grid(comparison: Comparison) -> Grid:
    """Return a row for each rule, and one for all of them where there are several."""
    rows = [_rule(name, change) for name, change in comparison.rules.items()]
    if len(rows) > 1:
        rows.append(_rule("all rules", comparison.total))
    return Grid(_RULES, rows)


def _rule(name: str, it: RuleChange) -> list[str]:
    counts = (it.before, it.after, it.same, it.added, it.removed, it.moved)
    return [printable(name), *(NONE if count is None else f"{count:,}" for count in counts)]


def messages_grid(comparison: Comparison) -> Grid:
    """Return a row for each destination of either, with its messages."""
    before, after = (_messages(it) for it in (comparison.before, comparison.after))
    labels = dict.fromkeys((*before, *after))
    return Grid(
        _MESSAGES,
        [[printable(label), before.get(label, NONE), after.get(label, NONE)] for label in labels],
    )


def _messages(summary: Summary) -> dict[str, str]:
    return {sent.label: f"{sent.messages:,}" for sent in summary.sent}


def periods(comparison: Comparison) -> Iterator[str]:
    """Yield what was played: of other rules these may be other symbols."""
    before, after = period(comparison.before), period(comparison.after)
    if before == after:
        yield after
    else:
        yield f"Before: {before}"
        yield f"After: {after}"


def remarks(comparison: Comparison) -> Iterator[str]:
    """Yield which rules are only in one of the two."""
    gone = [printable(name) for name, it in comparison.rules.items() if it.after is None]
    new = [printable(name) for name, it in comparison.rules.items() if it.before is None]
    if gone:
        yield f"Only before: {few(gone, _MOST_NAMES)}"
    if new:
        yield f"Only after: {few(new, _MOST_NAMES)}"


def outcome(comparison: Comparison) -> str:
    """Say in a line what it comes to."""
    total = comparison.total
    if not comparison.differences:
        return f"No alert differs; {plural(total.same, 'alert')} in both."
    return (
        f"{plural(comparison.differences, 'alert')} differ{'s' if comparison.differences == 1 else ''}: "
        f"{total.added:,} added, {total.removed:,} removed, {total.moved:,} moved; "
        f"{total.same:,} the same."
    )


def change_mark(difference: Difference) -> str:
    """Return a sign for what becomes of the alert."""
    return _MARKS[difference.change]


def shift(difference: Difference) -> str:
    """Say how much later or earlier an alert comes; nothing where it is only in one."""
    if difference.change is not Change.MOVED:
        return ""
    way = "later" if difference.later_ms > 0 else "earlier"
    return f"{duration(abs(difference.later_ms) / 1000)} {way}"
