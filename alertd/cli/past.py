"""What `alertd history` shows: a table for people, a line an alert for pipes, one alert whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.fates import fate, fates, printable, silenced_by, took
from alertd.cli.moments import full, when
from alertd.delivery import numbers
from alertd.web.answers import PastAlert, Range

_MARKS = {"info": ("", ""), "warning": ("!", "yellow"), "critical": ("‼", "bold red")}
# From here on there is room for the rule and for what became of it beside what happened.
_WIDE = 110
_SLOW_MS = 5_000


def table(alerts: Sequence[PastAlert], *, width: int, now: datetime, utc: bool) -> RenderableType:
    """Return alerts as a table for a terminal of a width."""
    times = [when(it.time_ms, utc=utc) for it in alerts]
    told = _time_format(times, now)
    shown = Table(box=None, pad_edge=False, padding=(0, 1), header_style="dim")
    shown.add_column("#", justify="right", no_wrap=True)
    shown.add_column(f"{times[-1]:%Z}" if times else "time", no_wrap=True)
    shown.add_column("", no_wrap=True, width=1)
    shown.add_column("symbol", no_wrap=True)
    if width >= _WIDE:
        shown.add_column("rule", max_width=24, overflow="fold")
    shown.add_column("what happened")
    if width >= _WIDE:
        shown.add_column("what became of it", ratio=1)
    for alert, time in zip(alerts, times, strict=True):
        shown.add_row(str(alert.number), f"{time:{told}}", *_row(alert, is_wide=width >= _WIDE))
    return shown


def _time_format(times: Sequence[datetime], now: datetime) -> str:
    """Return no more of the times than tells them apart from now."""
    if all(time.date() == now.date() for time in times):
        return "%H:%M:%S"
    is_this_year = all(time.year == now.year for time in times)
    return "%m-%d %H:%M:%S" if is_this_year else "%Y-%m-%d %H:%M"


def _row(alert: PastAlert, *, is_wide: bool) -> Iterator[RenderableType]:
    yield Text(*_MARKS[alert.severity])
    yield Text(printable(alert.symbol))
    # Its symbol stands beside it.
    title = Text(printable(alert.title.removeprefix(f"{alert.symbol} ")))
    rule = Text(printable(alert.rule), "dim")
    if is_wide:
        yield from (rule, title, Text("\n").join(fates(alert)))
    else:
        yield Text("\n").join([title, rule, *fates(alert)])


def line(alert: PastAlert, *, utc: bool) -> str:
    """Return an alert as one line, for a pipe."""
    what = printable(alert.title)
    became = "; ".join(it.plain for it in fates(alert))
    time, rule = full(alert.time_ms, utc=utc), printable(alert.rule)
    return f"{alert.number}  {time}  {alert.severity}  {alert.symbol}  {rule}  {what}  [{became}]"


def whole(alert: PastAlert, *, utc: bool) -> RenderableType:
    """Return all that is known of an alert."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for label, text in _facts(alert, utc=utc):
        facts.add_row(label, text)
    body = (Text(printable(it)) for it in alert.body.splitlines())
    return Group(Text(printable(alert.title), "bold"), *body, Text(), facts)


def _facts(alert: PastAlert, *, utc: bool) -> Iterator[tuple[str, Text | str]]:
    yield "alert", f"{alert.number}, {alert.severity}, {alert.state}"
    yield "rule", Text(f"{printable(alert.rule)} on {printable(alert.symbol)}")
    yield "time", full(alert.time_ms, utc=utc)
    late_ms = alert.noted_ms - alert.time_ms
    if late_ms > _SLOW_MS:
        yield "noted", f"{full(alert.noted_ms, utc=utc)}, {took(late_ms)} later"
    if alert.value is not None:
        yield "value", f"{numbers.plain(alert.value)}{_against(alert.threshold)}"
    yield "metrics", ", ".join(f"{name} {numbers.plain(it)}" for name, it in alert.metrics.items())
    if alert.silence is not None:
        yield "silence", Text(silenced_by(alert.silence))
    for delivery in alert.deliveries:
        end = "" if delivery.done_ms is None else f", {full(delivery.done_ms, utc=utc)}"
        yield "delivery", Text.assemble(f"{delivery.destination} ", fate(delivery), end)


def _against(threshold: float | Range | None) -> str:
    match threshold:
        case None:
            return ""
        case Range(low=low, high=high):
            return f", against {numbers.plain(low)} to {numbers.plain(high)}"
    return f", against {numbers.plain(threshold)}"
