"""What went out, for `alertd status`: how the destinations do, and the last alerts."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from alertd.cli.fates import fates
from alertd.cli.figures import lasted
from alertd.cli.moments import when
from alertd.config.wording import counted
from alertd.printable import printable
from alertd.web.answers import PastAlert
from alertd.web.status_answers import Destination, Status

_STATES = {"well": "green", "failing": "bold yellow", "refusing": "bold red"}
_MARKS = {"info": ("●", ""), "warning": ("▲", "yellow"), "critical": ("■", "bold red")}


def destinations_table(status: Status) -> Table:
    """Return the destinations as a table."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(counted(len(status.destinations), "destination"), no_wrap=True)
    table.add_column("waiting", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True, overflow="ellipsis")
    for it in status.destinations:
        table.add_row(printable(it.destination), str(it.waiting), _state(it, status.now_ms))
    return table


def _state(destination: Destination, now_ms: int) -> Text:
    state = Text(destination.state, _STATES.get(destination.state, ""))
    if destination.state != "well":
        state.append(f" for {lasted(destination.failing_for_ms)}: {printable(destination.reason)}")
    if destination.delivered_ms is not None:
        ago = lasted(max(0, now_ms - destination.delivered_ms))
        state.append(f", last delivered {ago} ago", "default")
    return state


def alert_lines(alerts: Sequence[PastAlert] | None, *, most: int, utc: bool) -> Iterator[Text]:
    """Yield the last alerts, the newest first, no more than `most`."""
    yield Text()
    if alerts is None:
        yield Text("the last alerts cannot be read just now", "yellow")
        return
    if not alerts:
        yield Text("no alert yet", "dim")
        return
    yield Text("last alerts", "dim")
    for alert in reversed(alerts[-most:]):
        yield _line(alert, utc=utc)


def _line(alert: PastAlert, *, utc: bool) -> Text:
    became = Text("; ").join(fates(alert))
    time = f"{when(alert.noted_ms, utc=utc):%m-%d %H:%M:%S}"
    title = printable(alert.title)
    return Text.assemble(f"{time} ", _MARKS[alert.severity], f" {title} · ", became)
