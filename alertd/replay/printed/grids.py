"""What a replay comes to as tables: its rules, and the messages that there would have been."""

from collections.abc import Iterator

from alertd.config.wording import few
from alertd.printable import printable
from alertd.replay.printed.grid import Column, Grid
from alertd.replay.printed.words import Clock, busiest, by_channel, per_day, plural, symbols
from alertd.replay.summary import Activity, Summary

# The columns that go into a second line where there is no room.
ASIDE = ("messages by channel", "busiest symbol", "longest silence")

LONGEST_NAME = 28

_MOST_NAMES = 20
_RULES = (
    Column("rule", most=LONGEST_NAME),
    Column("alerts", is_number=True),
    Column("resolved", is_number=True),
    Column("a day", is_number=True),
    Column("symbols", is_number=True),
    Column("messages", is_number=True),
    Column("noisiest hour"),
    *map(Column, ASIDE),
)
_DESTINATIONS = (
    Column("destination", most=LONGEST_NAME),
    Column("alerts", is_number=True),
    Column("messages", is_number=True),
    Column("digests", is_number=True),
    Column("alerts in digests", is_number=True),
    Column("noisiest hour"),
)


def activities(summary: Summary) -> Iterator[tuple[str, Activity]]:
    """Yield how often each rule fired, and all of them together where there are several."""
    yield from summary.rules.items()
    if len(summary.rules) > 1:
        yield "all rules", summary.total


def rules_grid(summary: Summary, clock: Clock) -> Grid:
    """Return a row for each of these; what is not known of any rule has no column."""
    rows = [_rule(name, activity, summary, clock) for name, activity in activities(summary)]
    return Grid(_RULES, rows).without(list(_empty(summary)))


def _empty(summary: Summary) -> Iterator[str]:
    if not summary.total.resolved:
        yield "resolved"
    if not summary.sent:
        yield "messages"
    if not _has_channels(summary):
        yield ASIDE[0]


def _has_channels(summary: Summary) -> bool:
    return len({sent.channel for sent in summary.sent}) > 1


def _rule(name: str, activity: Activity, summary: Summary, clock: Clock) -> list[str]:
    messages = summary.messages(None if activity is summary.total else name)
    return [
        printable(name),
        f"{activity.firing:,}",
        f"{activity.resolved:,}",
        per_day(activity),
        symbols(activity),
        f"{sum(messages.values()):,}",
        clock.hour(activity.noisiest),
        by_channel(messages),
        busiest(activity),
        clock.pause(activity.silence),
    ]


def aside(name: str, activity: Activity, summary: Summary, clock: Clock) -> str:
    """Return what of a rule that fired goes into a second line, where there is no room for columns."""
    messages = summary.messages(None if activity is summary.total else name)
    told = [busiest(activity), f"silent for {clock.pause(activity.silence)}"]
    if messages and _has_channels(summary):
        told.append(f"to {by_channel(messages)}")
    return "; ".join(told)


def destinations_grid(summary: Summary, clock: Clock) -> Grid:
    """Return a row for each destination."""
    return Grid(
        _DESTINATIONS,
        [
            [
                printable(it.label),
                f"{it.alerts:,}",
                f"{it.messages:,}",
                f"{it.digests:,}",
                f"{it.merged:,}",
                clock.hour(it.noisiest),
            ]
            for it in summary.sent
        ],
    )


def notes(summary: Summary) -> Iterator[str]:
    """Yield what has no column: rules that never fired or could not, and alerts that reach nobody."""
    silent = {name: it for name, it in summary.rules.items() if not it.firing}
    never = [printable(name) for name, it in silent.items() if it.watched]
    if never:
        yield f"Never fired: {few(never, _MOST_NAMES)}"
    missing = [printable(name) for name, it in silent.items() if not it.watched]
    if missing:
        yield f"None of their symbols is in the data: {few(missing, _MOST_NAMES)}"
    for sent in summary.sent:
        if sent.unwanted:
            yield f"{sent.label}: {plural(sent.unwanted, 'alert')} below its min_severity"
        if sent.given_up:
            yield f"{sent.label}: {plural(sent.given_up, 'alert')} given up, as too many waited"
        if sent.held:
            yield f"{sent.label}: {plural(sent.held, 'alert')} held by quiet hours without an end"
