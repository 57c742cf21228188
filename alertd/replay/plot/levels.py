"""What of a rule can be drawn beside a price: the prices that it compares with."""

from collections.abc import Iterator, Sequence

from alertd.config.watchlist import is_for
from alertd.engine.condition import Band, Comparison, comparisons_in
from alertd.engine.rule import Rule
from alertd.replay.replayed import Replayed

# `change` and `range` are in the same unit, but they are distances.
_PRICES = frozenset({"close", "open", "high", "low", "vwap"})

# A price, or the two of a band.
Level = float | tuple[float, float]


def levels_of(rule: Rule) -> tuple[Level, ...]:
    """Return the prices and bands that the rule names itself, in the order in which it does."""
    levels = (_own(comparison) for comparison in _of_prices(rule))
    return tuple(dict.fromkeys(level for level in levels if level is not None))


def levels_beside(symbol: str, rules: Sequence[Rule]) -> list[tuple[int, Level]]:
    """Return the levels of the rules that watch a symbol, each with the place of its rule."""
    watching = ((place, rule) for place, rule in enumerate(rules) if is_for(rule, symbol))
    return [(place, level) for place, rule in watching for level in levels_of(rule)]


def level_of(alert: Replayed, rule: Rule) -> Level | None:
    """Return what a price was compared with in the rule's alert; None where it was something else."""
    names = {comparison.metric.name for comparison in _of_prices(rule)}
    compared = {price for name, price in alert.metrics.items() if name in names}
    return alert.threshold if alert.value in compared else None


def _of_prices(rule: Rule) -> Iterator[Comparison]:
    """Yield the comparisons of a price with a price, and not those of how far it has moved."""
    for comparison in comparisons_in(rule.when):
        if comparison.metric.name in _PRICES and not comparison.operator.is_move:
            yield comparison


def _own(comparison: Comparison) -> Level | None:
    match comparison.level:
        case float(price):
            return price
        case Band(float(low), float(high)):
            return low, high
        case _:
            return None
