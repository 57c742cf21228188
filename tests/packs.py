"""Rule packs played over recorded markets: how often each of their rules would have spoken."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from alertd.config.files import TESTS
from alertd.config.watchlist import is_for
from alertd.engine.rule import Rule
from alertd.market.past.klines import DAY_MS
from alertd.market.past.reel import Reel
from alertd.replay.player import Span
from alertd.replay.playing import play
from alertd.rule_tests.rules_tested import read_rules

PACKS = Path(__file__).parents[1] / "rules"


def packs() -> Mapping[str, tuple[Rule, ...]]:
    """Return the packs that ship with alertd, by their names."""
    files = sorted(file for file in PACKS.glob("*.yaml") if not file.name.endswith(TESTS))
    return {file.stem: tuple(read_rules(file, None).values()) for file in files}


@attrs.frozen
class Spoken:
    """How often rules spoke on each UTC day, counted from 1970, and what was played.

    The news that something is over is counted as well.
    """

    spans: Sequence[Span]
    counts: Counter[tuple[str, int]]

    def alerts(self, rule: Rule) -> int:
        """Return how often the rule spoke."""
        return sum(count for (name, _), count in self.counts.items() if name == rule.name)

    def alerts_on_its_worst_day(self, rule: Rule) -> int:
        """Return how often it spoke on the day on which it did most."""
        counts = (count for (name, _), count in self.counts.items() if name == rule.name)
        return max(counts, default=0)

    def alerts_a_day(self, rule: Rule) -> float:
        """Return how often it spoke on a day on average, over all of its symbols."""
        days = [days_of(span) for span in self.spans if is_for(rule, span.symbol)]
        return self.alerts(rule) * len(days) / sum(days)


def days_of(span: Span) -> int:
    """Return on how many days a symbol was played."""
    return math.ceil((span.last_ms + 1) / DAY_MS) - span.first_ms // DAY_MS


def spoken(rules: Sequence[Rule], reels: Sequence[Reel], *, processes: int = 1) -> Spoken:
    """Play reels to rules, whose globs stand for the symbols in them."""
    with TemporaryDirectory() as folder:
        replay = play(rules, reels, folder=Path(folder), processes=processes)
        days = ((alert.rule, alert.time_ms // DAY_MS) for alert in replay.alerts())
        return Spoken(replay.spans, Counter(days))
