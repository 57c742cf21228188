"""`--plot out.html`: a replay as one page that needs nothing else and asks nobody for anything."""

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from alertd.config.watchlist import rules_by_symbol
from alertd.engine.rule import Rule
from alertd.market.listing import TRADING, ListedSymbol, Listing
from alertd.market.past.reel import Reel
from alertd.replay.plot.chosen import Alerts, Chosen, choose
from alertd.replay.plot.packed import packed
from alertd.replay.plot.page_data import Overview, SymbolShown, SymbolTable, rules_shown, symbol_table
from alertd.replay.plot.sampling import Sampler, sample

# A packed slot takes about 14 bytes of the page: 16 symbols have every minute of a month, and the
# whole market, 573 of them, one of its hours in two slots.
_MOST_SLOTS = 800_000
_MOST_SYMBOLS = 600
# So many symbols are drawn even if they had no alert: why not is worth a look.
_FEW_SYMBOLS = 16
# A packed alert takes about 100 bytes.
_MOST_ALERTS = 20_000

_PAGE = files("alertd.replay.plot")
_UPLOT = files("alertd") / "vendored" / "uplot"
_STYLES = (_UPLOT / "uPlot.min.css", _PAGE / "page.css")
_SCRIPTS = (
    _UPLOT / "uPlot.iife.min.js",
    *(_PAGE / name for name in ("reading.js", "figures.js", "chart.js", "page.js")),
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
    chosen = choose(alerts, symbols=_MOST_SYMBOLS, most=_MOST_ALERTS)
    slots = _MOST_SLOTS // max(len(chosen.alerts), _FEW_SYMBOLS)
    samplers = sample(reels, chosen.alerts, at_least=_FEW_SYMBOLS, most=slots)
    blocks = [
        *(_block(f"symbol-{place}", it) for place, it in enumerate(_tables(samplers, chosen, rules))),
        _block("overview", _overview(samplers, chosen, rules, notes)),
    ]
    file.write_text(_page(blocks), encoding="utf-8")


def _tables(
    samplers: Mapping[str, Sampler], chosen: Chosen, rules: Sequence[Rule]
) -> Iterator[SymbolTable]:
    listed = {symbol: ListedSymbol(symbol, TRADING) for symbol in samplers}
    watching = rules_by_symbol(rules, Listing("", 0, listed))
    for symbol, sampler in samplers.items():
        alerts = chosen.alerts.get(symbol, ())
        its_rules = watching.get(symbol, ())
        yield symbol_table(sampler.sampled(), alerts, rules, watching=its_rules)


def _overview(
    samplers: Mapping[str, Sampler], chosen: Chosen, rules: Sequence[Rule], notes: Collection[str]
) -> Overview:
    symbols = [
        SymbolShown(symbol, chosen.of_symbol(symbol), len(chosen.alerts.get(symbol, ())))
        for symbol in samplers
    ]
    others = sorted({symbol for _, symbol in chosen.counts} - samplers.keys())
    return Overview(
        alerts=chosen.counts.total(),
        rules=rules_shown(rules, chosen),
        symbols=symbols,
        not_drawn=[(symbol, chosen.of_symbol(symbol)) for symbol in others],
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
