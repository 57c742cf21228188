"""Several symbols of a rule on a terminal: who is nearest to firing, and what to know first."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from alertd.cli.fates import silenced_until
from alertd.cli.figures import Figures, moment, short
from alertd.cli.parts import MOVES
from alertd.web.answers import Silence
from alertd.web.explain_answers import Hurdle, Standing

PHASES = {"quiet": "dim", "pending": "yellow", "firing": "bold red"}
_FEW = 3


def notices(standings: tuple[Standing, ...]) -> Iterator[Text]:
    """Yield what makes the table less than it looks: symbols that are not seen, or not told of."""
    yield from _unseen(standings)
    yield from _silenced(standings)


def _silenced(standings: tuple[Standing, ...]) -> Iterator[Text]:
    """Say whose alerts would reach nobody, and until when the longest silence lasts."""
    silenced = [it for it in standings if it.silence is not None]
    longest = max((it.silence for it in silenced if it.silence), key=_end, default=None)
    if longest is not None:
        text = f"silenced: {len(silenced)} of {len(standings)} symbols"
        text += f" ({_few([it.symbol for it in silenced])}), {silenced_until(longest)}"
        yield Text(text, "bold red")


def _end(silence: Silence) -> int:
    return silence.until_ms


def _few(symbols: list[str]) -> str:
    return ", ".join(symbols[:_FEW]) + (", ..." if len(symbols) > _FEW else "")


def _unseen(standings: tuple[Standing, ...]) -> Iterator[Text]:
    """Say of which symbols nothing newer is seen: all that is shown of them is old."""
    symbols = [it.symbol for it in standings if it.time_ms is not None and not it.streaming]
    if symbols:
        text = f"not streaming now, as of the last ticker: {len(symbols)} of {len(standings)}"
        text += f" ({_few(symbols)})"
        yield Text(text, "bold red")


def nearest(standings: tuple[Standing, ...]) -> Table:
    """Return the symbols as a table, in the order in which they are given."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("symbol", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("to go", justify="right", no_wrap=True)
    table.add_column("what is furthest from true")
    table.add_column("last alert", no_wrap=True)
    for standing in standings:
        table.add_row(*_row(standing))
    return table


def _row(standing: Standing) -> tuple[Text | str, ...]:
    state = Text(standing.phase, PHASES[standing.phase])
    hurdle = standing.hurdle
    figures = Figures(standing.close)
    if standing.time_ms is None:
        return standing.symbol, state, "", "no ticker yet", ""
    if hurdle is None:
        return standing.symbol, state, "", "not known", _when(standing)
    if standing.condition is not None and standing.condition.true:
        return standing.symbol, state, "", "nothing: it is true", _when(standing)
    unit = " points" if hurdle.reading.unit == "%" else "%"
    to_go = f"{short(hurdle.percent)}{unit}"
    return standing.symbol, state, to_go, value_of(hurdle, figures), _when(standing)


def value_of(hurdle: Hurdle, figures: Figures) -> str:
    """Return what stands in the way with its value now."""
    reading = hurdle.reading
    how = f" {reading.operator}" if reading.operator in MOVES else ""
    return f"{reading.metric}{how} {figures.value(reading.value, reading.unit)}"


def _when(standing: Standing) -> str:
    alert, now_ms = standing.last_alert, standing.time_ms
    return moment(alert.time_ms, now_ms) if alert and now_ms is not None else ""
