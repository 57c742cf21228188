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

from tests.replay.second_opinion.conditions import Compared, condition_of
from tests.replay.second_opinion.lives import Keys, said
from tests.replay.second_opinion.market import Market, read_market


@attrs.frozen
class Told:
    """An alert: when (ms since 1970, UTC), by which rule, of what, and what was compared."""

    time: int
    rule: str
    symbol: str
    state: str
    compared: Compared
    metrics: Mapping[str, float] = attrs.field(repr=False)


def read_rules(file: Path) -> dict[str, dict[str, Any]]:
    """Return the rules by their names, in the order of the file."""
    document = yaml.safe_load(file.read_text())
    rules: dict[str, dict[str, Any]] = document["rules"]
    return rules


def second_opinion(rules: Mapping[str, Mapping[str, Any]], files: Iterable[Path]) -> list[Told]:
    """Return every alert by the order of time, symbol, rule."""
    told = [alert for file in files for alert in _of_symbol(rules, read_market(file))]
    return sorted(told, key=attrgetter("time", "symbol"))  # sorting keeps the rules' order


def _of_symbol(rules: Mapping[str, Mapping[str, Any]], market: Market) -> Iterator[Told]:
    for name, rule in rules.items():
        if not _is_for(rule, market.symbol):
            continue
        condition = condition_of(market, rule["when"], rule.get("rearm"))
        for place, state in said(market, condition, Keys.of(rule, market)):
            yield Told(
                int(market.times[place]),
                name,
                market.symbol,
                state,
                condition.compared(place),
                market.metrics.iloc[place].to_dict(),
            )


def _is_for(rule: Mapping[str, Any], symbol: str) -> bool:
    return _matches(rule["symbols"], symbol) and not _matches(rule.get("exclude", []), symbol)


def _matches(patterns: str | list[str], symbol: str) -> bool:
    every = [patterns] if isinstance(patterns, str) else patterns
    return any(pattern == "all" or fnmatchcase(symbol, pattern) for pattern in every)
