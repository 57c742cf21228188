"""The alerts that there would have been, calculated a second time.

It shares no code with alertd: rules are read from YAML by PyYAML, klines by pandas, conditions are
looked at for all tickers of a symbol at once, and lives go from one moment that matters to the next.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs
import yaml

from tests.replay.second_opinion.conditions import Condition, Threshold, condition_of
from tests.replay.second_opinion.keys import Keys
from tests.replay.second_opinion.lives import LevelLife, Said, event_life
from tests.replay.second_opinion.market import Market

Rules = Mapping[str, Mapping[str, Any]]


@attrs.frozen
class Told:
    """An alert: when (ms since 1970, UTC), by which rule, of what, and what was compared."""

    time: int
    rule: str
    symbol: str
    state: str
    value: float
    threshold: Threshold
    metrics: Mapping[str, float]


def read_rules(file: Path) -> Rules:
    """Return the rules by their names, in the order of the file."""
    rules: Rules = yaml.safe_load(file.read_text())["rules"]
    return rules


def second_opinion(rules: Rules, markets: Iterable[Market]) -> list[Told]:
    """Return every alert by the order of time, symbol, rule."""
    told = [alert for market in markets for alert in _of_symbol(rules, market)]
    return sorted(told, key=attrgetter("time", "symbol"))  # of one ticker: as the rules stand


def _of_symbol(rules: Rules, market: Market) -> Iterator[Told]:
    for name, rule in rules.items():
        if _is_for(rule, market.symbol):
            condition = condition_of(market, rule["when"], rule.get("rearm"))
            keys = Keys.of(rule, market)
            life = event_life if condition.is_event else level_life
            for said in life(market, condition, keys):
                yield _told(market, name, condition, said)


def level_life(market: Market, condition: Condition, keys: Keys) -> Iterator[Said]:
    return LevelLife(market, condition, keys).said()


def _told(market: Market, name: str, condition: Condition, said: Said) -> Told:
    value, threshold = _compared(condition, said)
    metrics = {name: float(values[said.place]) for name, values in market.metrics.items()}
    time = int(market.times[said.place])
    return Told(time, name, market.symbol, said.state, value, threshold, metrics)


def _compared(condition: Condition, said: Said) -> tuple[float, Threshold]:
    """Return what was compared, and with what.

    That is the first event that happened, else the first comparison that holds; once it is over,
    the first that does not.
    """
    parts = condition.comparisons()
    if len(parts) > 1:
        is_over = said.state == "resolved"
        parts = [part for part in parts if part.holds_after(said.after)[said.place] != is_over]
    one = next((part for part in parts if part.is_event), parts[0]).comparison
    assert one is not None
    threshold = tuple(float(each[said.place]) for each in one.threshold)
    return float(one.value[said.place]), threshold if len(threshold) == 2 else threshold[0]


def _is_for(rule: Mapping[str, Any], symbol: str) -> bool:
    return _matches(rule["symbols"], symbol) and not _matches(rule.get("exclude", []), symbol)


def _matches(patterns: str | list[str], symbol: str) -> bool:
    every = [patterns] if isinstance(patterns, str) else patterns
    return any(pattern == "all" or fnmatchcase(symbol, pattern) for pattern in every)
