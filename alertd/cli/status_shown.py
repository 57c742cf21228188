"""What `alertd status` shows of a daemon: what is wrong first, then its parts, as much as fits."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from alertd.cli.figures import lasted
from alertd.cli.moments import full, when
from alertd.cli.silences_shown import in_words
from alertd.cli.status_look import Look
from alertd.cli.status_rules import rules_table
from alertd.cli.status_sent import alert_lines, destinations_table
from alertd.config.wording import counted, few
from alertd.printable import printable
from alertd.web.answers import Silence
from alertd.web.status_answers import Feed, Status, Unseen

_FEWEST_RULES, _MOST_ALERTS, _FEWEST_ALERTS = 3, 5, 2
_FEW = 3
# A heading, and the empty line above it.
_HEADING = 2


def shown(
    seen: Look, before: Look | None, *, width: int, height: int | None = None, utc: bool
) -> RenderableType:
    """Return what fits into a terminal; without a `height` all rules.

    `before` is a look of a while ago, by which tickers are counted in a second.
    """
    status = seen.status
    fixed = [*_head(status, utc=utc), *_feed(status, before)]
    sent = list(_destinations(status))
    silences = list(_silences(status.silences, utc=utc))
    taken = len(fixed) + len(silences) + (len(status.destinations) + _HEADING if sent else 0)
    rules, alerts = _room(seen, height, taken)
    parts: list[RenderableType] = [
        *fixed,
        *rules_table(seen.rules.rules, most=rules, width=width),
        *sent,
        *silences,
        *alert_lines(seen.alerts, most=alerts, utc=utc),
    ]
    if height is not None:
        for line in parts:
            if isinstance(line, Text):
                line.no_wrap, line.overflow = True, "ellipsis"
    return Group(*parts)


def _room(seen: Look, height: int | None, taken: int) -> tuple[int, int]:
    """Return how many rules and how many alerts are shown."""
    rules, alerts = len(seen.rules.rules), min(len(seen.alerts or ()), _MOST_ALERTS)
    if height is None:
        return rules, alerts
    # Each has a heading; the rules have a line for those that are left out, too.
    left = height - taken - 2 * _HEADING - 1
    few_alerts = min(alerts, max(left - rules, _FEWEST_ALERTS))
    return max(min(rules, left - few_alerts), _FEWEST_RULES), few_alerts


def _destinations(status: Status) -> Iterator[RenderableType]:
    if status.destinations:
        yield Text()
        yield destinations_table(status)


def _head(status: Status, *, utc: bool) -> Iterator[Text]:
    lasts = lasted(status.now_ms - status.began_ms)
    well = Text("all is well", "bold green")
    wrong = Text(counted(len(status.trouble), "trouble"), "bold red")
    name = Text(f"alertd {status.version}", "bold")
    verdict = wrong if status.trouble else well
    since = full(status.began_ms, utc=utc)
    yield Text(" · ").join([name, verdict, Text(f"for {lasts}, since {since}", "dim")])
    for trouble in status.trouble:
        yield Text(f"  {printable(trouble)}", "red")
    yield Text(f"config   {printable(status.config)}{_reloaded(status, utc=utc)}", "dim")


def _reloaded(status: Status, *, utc: bool) -> str:
    if status.reload is None or not status.reload.ok:
        return ""
    return f", reloaded {when(status.reload.time_ms, utc=utc):%m-%d %H:%M:%S}"


def _feed(status: Status, before: Look | None) -> Iterator[Text]:
    feed = status.feed
    streaming = f"{feed.streaming} of {counted(feed.watched, 'symbol')} streaming"
    style = "green" if feed.streaming == feed.watched else "yellow"
    parts = [Text(streaming, style), *(Text(it) for it in _figures(feed, status, before))]
    yield Text.assemble("feed     ", Text(", ").join(parts))
    for unseen in feed.unseen[:_FEW]:
        yield Text(f"  {_unseen(unseen, status.now_ms)}", "red" if unseen.is_cut else "yellow")
    if len(feed.unseen) > _FEW:
        more = sum(len(it.symbols) for it in feed.unseen[_FEW:])
        yield Text(f"  and {counted(more, 'symbol')} more", "yellow")


def _figures(feed: Feed, status: Status, before: Look | None) -> Iterator[str]:
    rate = _rate(status, before.status) if before else None
    yield f"{feed.tickers:,} tickers" if rate is None else f"{rate:,.1f} tickers/s"
    if feed.gaps:
        yield f"{counted(feed.gaps, 'gap')}, the longest {lasted(feed.longest_gap_ms)}"


def _rate(now: Status, before: Status) -> float | None:
    """Return tickers in a second; None where they are of two processes, or of one moment."""
    if now.began_ms != before.began_ms or now.now_ms <= before.now_ms:
        return None
    return 1000 * (now.feed.tickers - before.feed.tickers) / (now.now_ms - before.now_ms)


def _unseen(unseen: Unseen, now_ms: int) -> str:
    since = "" if unseen.since_ms is None else f" for {lasted(now_ms - unseen.since_ms)}"
    which = few(unseen.symbols, _FEW)
    return f"{which}: not seen{since}: {printable(unseen.reason)}"


def _silences(silences: Sequence[Silence], *, utc: bool) -> Iterator[Text]:
    """Yield a line for each silence that is in force, some of them."""
    if not silences:
        return
    yield Text()
    yield Text(f"{counted(len(silences), 'silence')} in force", "dim")
    for it in silences[:_FEW]:
        comment = f": {printable(it.comment)}" if it.comment else ""
        yield Text(f"{it.number} {in_words(it)}, until {full(it.until_ms, utc=utc)}{comment}")
    if len(silences) > _FEW:
        yield Text(f"and {len(silences) - _FEW} more: alertd silence list", "dim")
