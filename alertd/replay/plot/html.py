"""`--plot out.html`: a replay as one page that needs nothing else and asks nobody for anything."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.replay.plot.chosen import Alerts, Chosen, choose
from alertd.replay.plot.packed import packed
from alertd.replay.plot.page_data import Overview, SymbolShown, rules_shown, symbol_table
from alertd.replay.plot.sampling import sample

# A packed slot takes 5 to 14 bytes of the page. 16 symbols have every minute of a month; of the whole
# market, 573 of them, each has two slots an hour.
_MOST_SLOTS = 800_000
_MOST_SYMBOLS = 600
# So many symbols are drawn even if they had no alert: why not is worth a look.
_FEW_SYMBOLS = 16
# A packed alert takes about 50 bytes, and a browser lays out a list of so many within a second.
_MOST_ALERTS = 50_000
_MOST_OF_A_SYMBOL = 5_000

_PAGE = files("alertd.replay.plot")
_UPLOT = files("alertd") / "vendored" / "uplot"
_STYLES = (_UPLOT / "uPlot.min.css", _PAGE / "page.css")
_OWN_SCRIPTS = ("reading", "figures", "colors", "painting", "fingers", "chart", "page")
_SCRIPTS = (
    _UPLOT / "uPlot.iife.min.js",
    *(_PAGE / f"{name}.js" for name in _OWN_SCRIPTS),
)


def plot_html(
    reels: Iterable[Reel],
    alerts: Alerts,
    rules: Sequence[Rule],
    file: Path,
    *,
    notes: Collection[str] = (),
) -> None:
    """Write a page of the alerts that `rules` gave over `reels`.

    `alerts` is called twice, for the same alerts in order of time; the reels are read once more.
    `notes` are lines for the reader. Raises `KlinesError` as the reels do, and `OSError`.
    """
    enabled = [rule for rule in rules if rule.enabled]
    chosen = choose(alerts, symbols=_MOST_SYMBOLS, each=_MOST_OF_A_SYMBOL, most=_MOST_ALERTS)
    slots = _MOST_SLOTS // max(len(chosen.alerts), _FEW_SYMBOLS)
    paths = sample(reels, chosen.alerts, at_least=_FEW_SYMBOLS, most=slots)
    blocks = [_block("overview", _overview(paths, chosen, enabled, notes))]
    for place, (symbol, path) in enumerate(paths.items()):
        table = symbol_table(symbol, path, chosen.alerts.get(symbol, ()), enabled)
        blocks.append(_block(f"symbol-{place}", table))
    file.write_text(_page(blocks), encoding="utf-8")


def _overview(
    symbols: Collection[str], chosen: Chosen, rules: Sequence[Rule], notes: Collection[str]
) -> Overview:
    others = sorted(chosen.by_symbol.keys() - set(symbols))
    return Overview(
        alerts=chosen.by_symbol.total(),
        rules=rules_shown(rules, chosen),
        symbols=[
            SymbolShown(symbol, chosen.by_symbol[symbol], len(chosen.alerts.get(symbol, ())))
            for symbol in symbols
        ],
        not_drawn=[(symbol, chosen.by_symbol[symbol]) for symbol in others],
        notes=list(notes),
    )


def _block(name: str, value: object) -> str:
    """Return what a script reads and no browser runs."""
    return f'<script type="text/plain" id="{name}">{packed(value)}</script>'


def _page(blocks: Sequence[str]) -> str:
    style = "".join(file.read_text(encoding="utf-8") for file in _STYLES)
    script = "".join(file.read_text(encoding="utf-8") for file in _SCRIPTS)
    template = Template((_PAGE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        policy=f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}';"
        " base-uri 'none'; form-action 'none'",
        style=style,
        data="\n".join(blocks),
        script=script,
    )


def _digest(text: str) -> str:
    """Return how a Content-Security-Policy names the only text that it lets through."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
