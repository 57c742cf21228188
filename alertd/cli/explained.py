"""What `alertd explain` shows of a rule: for one symbol everything, for several who is nearest."""

import shlex
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.fates import fates, silenced_until
from alertd.cli.figures import Figures, lasted, moment, stamp
from alertd.cli.nearest import PHASES, nearest, notices
from alertd.cli.parts import compared, condition_tree
from alertd.config.wording import shown
from alertd.web.explain_answers import Explained, Hurdle, LastAlert, Part, RuleFacts, Standing

# Verdicts that made an alert: the last alert says more of them.
_TOLD = ("fires", "repeats", "resolves")


def shown_rule(explained: Explained) -> RenderableType:
    """Return what a person is shown."""
    rule, symbols = explained.rule, explained.symbols
    match symbols:
        case ():
            return Text(f"{shown(rule.name)} watches no symbol: none that trades matches it")
        case (only,):
            return _one(rule, only)
    head = Text(f"{_name(rule)} on {len(symbols)} symbols, the nearest first", "bold")
    words = Text(f"{rule.when}{_held(rule)}")
    return Group(head, words, *notices(symbols), Text(), nearest(symbols))


def _name(rule: RuleFacts) -> str:
    return shown(rule.name).strip("`")


def _held(rule: RuleFacts) -> str:
    return f", for {lasted(rule.for_ms)}" if rule.for_ms else ""


def _one(rule: RuleFacts, standing: Standing) -> RenderableType:
    head = Text(f"{_name(rule)} on {standing.symbol}", "bold")
    if standing.time_ms is None or standing.condition is None:
        why = "" if standing.streaming else ", and none is coming in"
        return Group(head, Text(f"no ticker yet{why}: nothing is known"))
    figures = Figures(standing.close)
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for label, text in _facts(rule, standing, standing.condition, standing.time_ms):
        facts.add_row(label, text)
    tree = condition_tree(standing.condition, figures, standing.time_ms)
    return Group(head, tree, Text(), facts)


def _facts(
    rule: RuleFacts, standing: Standing, condition: Part, now_ms: int
) -> Iterator[tuple[str, Text | str]]:
    figures = Figures(standing.close)
    yield "ticker", f"{stamp(now_ms)}, close {figures.value(standing.close, 'price')}"
    if not standing.streaming:
        yield "feed", Text("not streaming now: all of this is as of that ticker", "bold red")
    yield "state", _state(rule, standing)
    if standing.hurdle is not None and condition.parts and not condition.true:
        yield "to go", _to_go(standing.hurdle, figures)
    yield from _obstacles(rule, standing, now_ms)
    if standing.due_ms is not None and standing.due_ms > now_ms:
        yield _next(standing), _in(standing.due_ms, now_ms)
    yield "last alert", _last_alert(standing.last_alert, now_ms, figures)
    if standing.past_alert is not None:
        yield f"alert {standing.past_alert.number}", Text("; ").join(fates(standing.past_alert))
    held_back = standing.held_back
    if held_back is not None and held_back.time_ms > _last_alert_ms(standing):
        yield "held back", f"{_ago(held_back.time_ms, now_ms)}: {held_back.words}"


def _state(rule: RuleFacts, standing: Standing) -> Text | str:
    if rule.event and standing.expired:
        return "over: it has expired"
    if rule.event and standing.disarmed:
        return "disarmed: it has fired once"
    if rule.event:
        return "waits: it fires on the ticker on which it happens"
    text = Text(standing.phase, PHASES[standing.phase])
    held = f"true for {lasted(standing.held_for_ms)}"
    match standing.phase:
        case "firing":
            how = f", {held}"
        case "pending" if standing.verdict == "not_held":
            how = f", {held} of {lasted(rule.for_ms)}"
        case "pending":
            how = f", {held}: {standing.words}"
        case _:
            told = standing.verdict in _TOLD
            how = f": {standing.words}" if standing.words and not told else ""
    return text.append(how, style="not bold default")


def _obstacles(rule: RuleFacts, standing: Standing, now_ms: int) -> Iterator[tuple[str, str]]:
    """Yield what keeps the rule from speaking, whatever its condition says."""
    if standing.expired and rule.expires_ms is not None:
        yield "expired", _ago(rule.expires_ms, now_ms)
    if standing.silence is not None:
        yield "silenced", silenced_until(standing.silence)
    if standing.disarmed:
        again = shlex.join(["alertd", "rearm", rule.name, standing.symbol])
        yield "disarmed", f"it fired once; `{again}` arms it again"
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


def _last_alert_ms(standing: Standing) -> int:
    return standing.last_alert.time_ms if standing.last_alert is not None else 0


def _last_alert(alert: LastAlert | None, now_ms: int, figures: Figures) -> str:
    if alert is None:
        return "none"
    again = f", repeat {alert.repeats}" if alert.repeats else ""
    # Of a `not` what made it is not true.
    true = [it for it in alert.readings if it.true]
    told = [compared(it, figures) for it in true or alert.readings]
    why = "; ".join(told if true else (f"not {it}" for it in told))
    return f"{_ago(alert.time_ms, now_ms)}{again}: {why}"


def _ago(time_ms: int, now_ms: int) -> str:
    return f"{moment(time_ms, now_ms)} ({lasted(now_ms - time_ms)} before)"


def _in(time_ms: int, now_ms: int) -> str:
    return f"{moment(time_ms, now_ms)} (in {lasted(time_ms - now_ms)})"
