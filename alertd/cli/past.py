"""What `alertd history` shows: a table for people, a line an alert for pipes, one alert whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.fates import SLOW_MS, fate, fates, silenced_by, took
from alertd.cli.moments import full, when
from alertd.delivery import numbers
from alertd.printable import printable
from alertd.web.answers import PastAlert, Range

_MARKS = {"info": ("", ""), "warning": ("!", "yellow"), "critical": ("‼", "bold red")}
# Below, a table would be all breaks; from the other on, all has a column of its own.
_NARROW, _WIDE = 64, 110


def listed(alerts: Sequence[PastAlert], *, width: int, now: datetime, utc: bool) -> RenderableType:
    """Return alerts for a terminal of a width, in the order in which they are given."""
    times = [when(it.time_ms, utc=utc) for it in alerts]
    time_format = _time_format(times, now)
    told = [f"{time:{time_format}}" for time in times]
    if width < _NARROW:
        return Group(*(it for each in zip(alerts, told, strict=True) for it in _stacked(*each)))
    table = _table(f"{times[0]:%Z}", is_wide=width >= _WIDE)
    row = _wide_row if width >= _WIDE else _row
    for alert, time in zip(alerts, told, strict=True):
        mark = Text(*_MARKS[alert.severity])
        table.add_row(str(alert.number), time, mark, _symbol(alert), *row(alert))
    return table


def _time_format(times: Sequence[datetime], now: datetime) -> str:
    """Return no more of the times than tells them apart from now."""
    if all(time.date() == now.date() for time in times):
        return "%H:%M:%S"
    is_this_year = all(time.year == now.year for time in times)
    return "%m-%d %H:%M:%S" if is_this_year else "%Y-%m-%d %H:%M"


def _table(zone: str, *, is_wide: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column(zone, no_wrap=True)
    table.add_column(no_wrap=True, width=1)
    table.add_column("symbol", no_wrap=True)
    if is_wide:
        table.add_column("rule", max_width=24, overflow="fold")
    table.add_column("what happened", overflow="fold")
    if is_wide:
        table.add_column("what became of it", ratio=1, overflow="fold")
    return table


def _row(alert: PastAlert) -> Iterator[RenderableType]:
    first, *rest = fates(alert)
    became = [Text.assemble((printable(alert.rule), "dim"), " · ", first), *rest]
    yield Text("\n").join([_title(alert), *became])


def _wide_row(alert: PastAlert) -> Iterator[RenderableType]:
    yield Text(printable(alert.rule), "dim")
    yield _title(alert)
    yield Text("\n").join(fates(alert))


def _stacked(alert: PastAlert, time: str) -> Iterator[Text]:
    yield Text.assemble(f"{alert.number} {time} ", _MARKS[alert.severity], " ", _symbol(alert))
    yield Text.assemble("  ", _title(alert))
    first, *rest = fates(alert)
    yield Text.assemble("  ", (printable(alert.rule), "dim"), " · ", first)
    yield from (Text.assemble("  ", fate) for fate in rest)


def _symbol(alert: PastAlert) -> Text:
    return Text(printable(alert.symbol))


def _title(alert: PastAlert) -> Text:
    # Its symbol stands beside it.
    return Text(printable(alert.title.removeprefix(f"{alert.symbol} ")))


def line(alert: PastAlert, *, utc: bool) -> str:
    """Return an alert as one line, for a pipe."""
    what = printable(alert.title)
    became = "; ".join(it.plain for it in fates(alert))
    time, rule = full(alert.time_ms, utc=utc), printable(alert.rule)
    # What alertd says of itself is about no symbol.
    symbol = printable(alert.symbol) or "-"
    return f"{alert.number}  {time}  {alert.severity}  {symbol}  {rule}  {what}  [{became}]"


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
    on = f" on {printable(alert.symbol)}" if alert.symbol else ""
    yield "rule", Text(printable(alert.rule) + on)
    yield "time", full(alert.time_ms, utc=utc)
    late_ms = alert.noted_ms - alert.time_ms
    if late_ms > SLOW_MS:
        yield "noted", f"{full(alert.noted_ms, utc=utc)}, {took(late_ms)} later"
    if alert.value is not None:
        yield "value", f"{numbers.plain(alert.value)}{_against(alert.threshold)}"
    if alert.metrics:
        metrics = (f"{name} {numbers.plain(it)}" for name, it in alert.metrics.items())
        yield "metrics", ", ".join(metrics)
    if alert.silence is not None:
        yield "silence", Text(silenced_by(alert.silence))
    for delivery in alert.deliveries:
        end = "" if delivery.done_ms is None else f", {full(delivery.done_ms, utc=utc)}"
        yield "delivery", Text.assemble(f"{delivery.destination} ", fate(delivery, exact=True), end)


def _against(threshold: float | Range | None) -> str:
    match threshold:
        case None:
            return ""
        case Range(low=low, high=high):
            return f", against {numbers.plain(low)} to {numbers.plain(high)}"
    return f", against {numbers.plain(threshold)}"
