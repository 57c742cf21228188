"""What `alertd explain` shows of a rule: for one symbol everything, for several who is nearest."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.figures import Figures, lasted, moment, stamp
from alertd.cli.parts import compared, condition_tree
from alertd.config.wording import shown
from alertd.web.answers import Explained, Hurdle, LastAlert, RuleFacts, Standing

_PHASES = {"quiet": "dim", "pending": "yellow", "firing": "bold red"}


def shown_rule(explained: Explained) -> RenderableType:
    """Return what a person is shown."""
    rule, symbols = explained.rule, explained.symbols
    match symbols:
        case ():
            return Text(f"{shown(rule.name)} watches no symbol: none that trades matches it")
        case (only,):
            return _one(rule, only)
    head = Text(f"{_name(rule)} on {len(symbols)} symbols, the nearest first", "bold")
    return Group(head, Text(f"{rule.when}{_held(rule)}"), Text(), _table(symbols))


def _name(rule: RuleFacts) -> str:
    return shown(rule.name).strip("`")


def _held(rule: RuleFacts) -> str:
    return f", for {lasted(rule.for_ms)}" if rule.for_ms else ""


def _one(rule: RuleFacts, standing: Standing) -> RenderableType:
    head = Text(f"{_name(rule)} on {standing.symbol}", "bold")
    if standing.time_ms is None or standing.condition is None:
        return Group(head, Text("no ticker yet: nothing is known"))
    figures = Figures(standing.close)
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for label, text in _facts(rule, standing, standing.time_ms, figures):
        facts.add_row(label, text)
    tree = condition_tree(standing.condition, figures, standing.time_ms)
    return Group(head, tree, Text(), facts)


def _facts(
    rule: RuleFacts, standing: Standing, now_ms: int, figures: Figures
) -> Iterator[tuple[str, Text | str]]:
    yield "ticker", f"{stamp(now_ms)}, close {figures.value(standing.close, 'price')}"
    yield "state", _state(rule, standing)
    if standing.hurdle is not None and standing.hurdle.percent:
        yield "to go", _to_go(standing.hurdle, figures)
    yield from _obstacles(rule, standing, now_ms)
    if standing.due_ms is not None and standing.due_ms > now_ms:
        yield _next(standing), _in(standing.due_ms, now_ms)
    yield "last alert", _last_alert(standing.last_alert, now_ms, figures)
    if standing.held_back is not None:
        held_back = standing.held_back
        yield "held back", f"{_ago(held_back.time_ms, now_ms)}: {held_back.words}"


def _state(rule: RuleFacts, standing: Standing) -> Text:
    held = lasted(standing.held_for_ms)
    how = {"pending": f", held {held} of {lasted(rule.for_ms)}", "firing": f" for {held}"}
    text = Text(standing.phase, _PHASES[standing.phase]).append(
        how.get(standing.phase, ""), style="not bold"
    )
    return text.append(f": {standing.words}", style="not bold default") if standing.words else text


def _obstacles(rule: RuleFacts, standing: Standing, now_ms: int) -> Iterator[tuple[str, str]]:
    """Yield what keeps the rule from speaking, whatever its condition says."""
    if standing.expired and rule.expires_ms is not None:
        yield "expired", _ago(rule.expires_ms, now_ms)
    if standing.disarmed:
        yield "disarmed", f"it fired once; `alertd rearm {rule.name}` arms it again"
    if standing.cooldown_left_ms:
        whole = lasted(rule.cooldown_ms)
        yield "cooldown", f"{lasted(standing.cooldown_left_ms)} left of {whole}"
    if standing.opens_ms is not None:
        yield "hours", f"outside; they begin {_in(standing.opens_ms, now_ms)}"
    if standing.dropped:
        yield "dropped", f"{standing.dropped} since the last alert: each happened and was not told"


def _next(standing: Standing) -> str:
    if standing.phase == "pending":
        return "may fire"
    return "may be over" if standing.verdict == "kept_firing" else "repeats"


def _to_go(hurdle: Hurdle, figures: Figures) -> str:
    what = compared(hurdle.reading, figures)
    if hurdle.distance is None:
        return what
    percent = None if hurdle.reading.unit == "%" else hurdle.percent
    distance = figures.distance(hurdle.reading, hurdle.distance, percent)
    return f"{distance}: {what}"


def _last_alert(alert: LastAlert | None, now_ms: int, figures: Figures) -> str:
    if alert is None:
        return "none"
    again = f", repeat {alert.repeats}" if alert.repeats else ""
    why = "; ".join(compared(it, figures) for it in alert.readings if it.true)
    return f"{_ago(alert.time_ms, now_ms)}, {alert.state}{again}{f': {why}' if why else ''}"


def _ago(time_ms: int, now_ms: int) -> str:
    return f"{moment(time_ms, now_ms)} ({lasted(now_ms - time_ms)} before)"


def _in(time_ms: int, now_ms: int) -> str:
    return f"{moment(time_ms, now_ms)} (in {lasted(time_ms - now_ms)})"


def _table(standings: tuple[Standing, ...]) -> Table:
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
    state = Text(standing.phase, _PHASES[standing.phase])
    hurdle = standing.hurdle
    figures = Figures(standing.close)
    if standing.time_ms is None:
        return standing.symbol, state, "", "no ticker yet", ""
    if hurdle is None:
        return standing.symbol, state, "", "not known", _when(standing)
    if not hurdle.percent:
        return standing.symbol, state, "", f"nothing: {_value(hurdle, figures)}", _when(standing)
    unit = "points" if hurdle.reading.unit == "%" else "%"
    to_go = f"{hurdle.percent:.2f} {unit}"
    return standing.symbol, state, to_go, _value(hurdle, figures), _when(standing)


def _value(hurdle: Hurdle, figures: Figures) -> str:
    reading = hurdle.reading
    return f"{reading.metric} {figures.value(reading.value, reading.unit)}"


def _when(standing: Standing) -> str:
    alert, now_ms = standing.last_alert, standing.time_ms
    return moment(alert.time_ms, now_ms) if alert and now_ms is not None else ""
