"""Rule packs played over recorded markets: how often each of their rules would have spoken."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from alertd.config.files import TESTS
from alertd.config.watchlist import rules_by_symbol, symbols_of
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule
from alertd.market.listing import TRADING, ListedSymbol, Listing
from alertd.market.past.klines import DAY_MS
from alertd.market.past.tape import Tape
from alertd.rule_tests.rules_tested import read_rules

PACKS = Path(__file__).parents[1] / "rules"


def packs() -> Mapping[str, tuple[Rule, ...]]:
    """Return the packs that ship with alertd, by their names."""
    files = sorted(file for file in PACKS.glob("*.yaml") if not file.name.endswith(TESTS))
    return {file.stem: tuple(read_rules(file, None).values()) for file in files}


@attrs.frozen
class Replay:
    """A market that was played to some rules. Days are UTC days, counted from 1970.

    `tickers` counts those of each symbol and day, `spoke` the alerts of each rule and day, the news
    that something is over included.
    """

    listing: Listing
    tickers: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    spoke: Counter[tuple[str, int]] = attrs.field(factory=Counter)

    def alerts(self, rule: Rule) -> int:
        """Return how often the rule spoke."""
        return sum(count for (name, _), count in self.spoke.items() if name == rule.name)

    def alerts_on_its_worst_day(self, rule: Rule) -> int:
        """Return how often it spoke on the day on which it did most."""
        counts = (count for (name, _), count in self.spoke.items() if name == rule.name)
        return max(counts, default=0)

    def alerts_a_day(self, rule: Rule) -> float:
        """Return how often it spoke on a day on average, over all of its symbols."""
        symbols = symbols_of(rule, self.listing)
        days = sum(symbol in symbols for symbol, _ in self.tickers)
        return self.alerts(rule) * len(symbols) / days


def replay(rules: Iterable[Rule], tape: Tape) -> Replay:
    """Play a tape to rules, whose globs stand for the symbols on it."""
    listed = {symbol: ListedSymbol(symbol, TRADING) for symbol in tape.symbols}
    replayed = Replay(Listing("usdm", 0, listed))
    engine = Engine(rules_by_symbol(rules, replayed.listing))
    for ticker in tape:
        day = ticker.time_ms // DAY_MS
        replayed.tickers[ticker.symbol, day] += 1
        for alert in engine.update(ticker.ticker()):
            replayed.spoke[alert.rule.name, day] += 1
    return replayed
