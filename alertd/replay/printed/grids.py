"""What a replay comes to as tables: its rules, and the messages that there would have been."""

from collections.abc import Iterator

from alertd.config.wording import few
from alertd.replay.printed.grid import Column, Grid
from alertd.replay.printed.lines import printable
from alertd.replay.printed.words import Clock, busiest, per_day, plural, symbols
from alertd.replay.summary import Activity, Summary

BUSIEST, SILENCE = "busiest symbol", "longest silence"
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
    Column(BUSIEST),
    Column(SILENCE),
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
    resolved = [] if summary.total.resolved else ["resolved"]
    messages = [] if summary.sent else ["messages"]
    return Grid(_RULES, rows).without([*resolved, *messages])


def _rule(name: str, activity: Activity, summary: Summary, clock: Clock) -> list[str]:
    is_all = activity is summary.total
    told = sum(it.messages for it in summary.sent) if is_all else summary.messages(name)
    return [
        printable(name),
        f"{activity.firing:,}",
        f"{activity.resolved:,}",
        per_day(activity),
        symbols(activity),
        f"{told:,}",
        clock.hour(activity.noisiest),
        busiest(activity),
        clock.pause(activity.silence),
    ]


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
