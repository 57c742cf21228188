"""Silences for a terminal: a table, or where that is narrow, two or three lines each."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.moments import full
from alertd.engine.rule import Severity
from alertd.printable import printable
from alertd.web.answers import Silence

# Below, a table would be all breaks.
_NARROW = 72


def in_words(silence: Silence) -> str:
    """Say what is silenced."""
    parts = [
        "every rule" if silence.rule == "*" else f"rule {printable(silence.rule)}",
        "" if silence.symbol == "*" else f" on {printable(silence.symbol)}",
        _severity(silence),
    ]
    return "".join(parts)


def _severity(silence: Silence) -> str:
    match silence.severity:
        case None | Severity.CRITICAL.value:
            return ""
        case Severity.INFO.value:
            return ", only info"
    return f", up to {silence.severity}"


def shown(silences: Sequence[Silence], *, width: int, utc: bool) -> RenderableType:
    """Return silences for a terminal of a width, in the order in which they are given."""
    if width < _NARROW:
        return Group(*(line for each in silences for line in _stacked(each, utc=utc)))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("until", no_wrap=True)
    table.add_column("silenced", justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for it in silences:
        why = Text(printable(it.comment))
        table.add_row(str(it.number), Text(in_words(it)), _until(it, utc=utc), _count(it), why)
    return table


def _stacked(silence: Silence, *, utc: bool) -> Iterator[Text]:
    yield Text(f"{silence.number} {in_words(silence)}")
    until = _until(silence, utc=utc)
    yield Text(f"  {until if silence.ended_ms is not None else f'until {until}'}")
    why = f", {printable(silence.comment)}" if silence.comment else ""
    yield Text(f"  silenced {_count(silence)}{why}")


def _count(silence: Silence) -> str:
    return "?" if silence.silenced is None else str(silence.silenced)


def _until(silence: Silence, *, utc: bool) -> str:
    if silence.ended_ms is not None:
        return f"ended {full(silence.ended_ms, utc=utc)}"
    return full(silence.until_ms, utc=utc)
