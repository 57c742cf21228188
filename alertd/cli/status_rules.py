"""How the rules stand, for `alertd status`: a line each, those that fire first, then the nearest."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from alertd.cli.figures import Figures, short
from alertd.cli.nearest import PHASES, value_of
from alertd.config.wording import counted, few
from alertd.delivery.facts import moment
from alertd.printable import printable
from alertd.web.status_answers import Nearest, RuleStanding

_FEW = 3
# Below, the last alerts' times have no place.
_WIDE = 100


def rules_table(
    rules: Sequence[RuleStanding], *, most: int, width: int
) -> Iterator[RenderableType]:
    """Yield the rules as a table, no more than `most`, and how many more there are."""
    yield Text()
    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column(counted(len(rules), "rule"), no_wrap=True, max_width=width // 4)
    table.add_column("state", no_wrap=True)
    table.add_column("to go", justify="right", no_wrap=True)
    table.add_column("where", ratio=1, no_wrap=True, overflow="ellipsis")
    if width >= _WIDE:
        table.add_column("last alert (UTC)", no_wrap=True)
    for rule in rules[:most]:
        row = (Text(printable(rule.rule)), *_row(rule))
        table.add_row(*row, *([_last(rule)] if width >= _WIDE else []))
    yield table
    if len(rules) > most:
        yield Text(f"and {len(rules) - most} more: alertd status --once", "dim")


def _row(rule: RuleStanding) -> tuple[Text, str, str]:
    """Return its state, how far it has to go, and where."""
    if not rule.enabled:
        return Text("disabled", "dim"), "", ""
    if rule.firing:
        return Text(f"firing {rule.firing}", PHASES["firing"]), "", few(rule.firing_symbols, _FEW)
    if rule.pending:
        where = few(rule.pending_symbols, _FEW)
        return Text(f"pending {rule.pending}", PHASES["pending"]), "", where
    quiet = Text("waits" if rule.event else "quiet", PHASES["quiet"])
    if rule.nearest is None:
        return quiet, "", _unknown(rule)
    return quiet, _to_go(rule.nearest), _where(rule.nearest, rule.symbols)


def _unknown(rule: RuleStanding) -> str:
    if not rule.symbols:
        return "watches no symbol"
    return "no ticker yet" if rule.unknown == rule.symbols else "not known"


def _to_go(nearest: Nearest) -> str:
    unit = " points" if nearest.hurdle.reading.unit == "%" else "%"
    return f"{short(nearest.hurdle.percent)}{unit}"


def _where(nearest: Nearest, symbols: int) -> str:
    others = f" of {symbols}" if symbols > 1 else ""
    return f"{nearest.symbol}{others}: {value_of(nearest.hurdle, Figures(nearest.close))}"


def _last(rule: RuleStanding) -> str:
    return "" if rule.last_alert_ms is None else f"{moment(rule.last_alert_ms):%Y-%m-%d %H:%M:%S}"
