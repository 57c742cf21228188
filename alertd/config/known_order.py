"""What is known of every ticker: which metric is never above which, or above which number.

The relations hold for the metrics as they are computed, in binary floats and settled to ten decimals:
subtracting, dividing and rounding never turn an order round. Two metrics that differ by less than
1e-10 count as equal to the engine; prices, at eight decimals, never do.
"""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from types import MappingProxyType

import attrs


@attrs.frozen(cache_hash=True)
class Seen:
    """A metric's value at a ticker: the newest one, or the one `before` it."""

    metric: str
    before: bool = False


Value = float | Seen


@attrs.frozen(cache_hash=True)
class Step:
    """`lower <= upper`, or `lower < upper` where it `rises`."""

    lower: Value
    upper: Value
    rises: bool = False


# The exchange takes the extremes and the open from the trades of the same 24 hours.
_NEVER_ABOVE = (
    ("low", "close"),
    ("low", "open"),
    ("close", "high"),
    ("open", "high"),
    ("change", "range"),
    ("change_percent", "rebound_percent"),
    ("rebound_percent", "range_percent"),
    ("drawdown_percent", "range_percent"),
)
# Settled to ten decimals a fall by all but nothing is 100 %: the bounds themselves can be reached.
LEAST = MappingProxyType(
    {
        "close": 0.0, "open": 0.0, "high": 0.0, "low": 0.0,
        "volume": 0.0, "quote_volume": 0.0, "vwap": 0.0,
        "range": 0.0, "range_percent": 0.0, "range_position": 0.0,
        "drawdown_percent": 0.0, "rebound_percent": 0.0, "change_percent": -100.0,
    }
)  # fmt: skip
MOST = MappingProxyType({"range_position": 100.0, "drawdown_percent": 100.0})
_PRICES = frozenset({"close", "open", "high", "low"})
UNDEFINED_AT_TIMES = frozenset({"range_position", "vwap"})


def is_impossible(way: Iterable[Step]) -> bool:
    """Tell whether no two tickers, one after the other, can have all of these steps at once.

    They cannot where the steps, and those that are known, lead from a value up to itself. Of what is
    known as an order of two values nothing is missed.
    """
    steps = set(way)
    for value in _values(steps):
        if isinstance(value, Seen):
            steps |= _known(value)
    numbers = sorted(value for value in _values(steps) if isinstance(value, float))
    steps |= {Step(lower, upper, rises=True) for lower, upper in pairwise(numbers)}
    return _leads_up_to_itself(steps)


def _leads_up_to_itself(steps: set[Step]) -> bool:
    place = {value: index for index, value in enumerate(_values(steps))}
    # For each value the set of those that are not below it, as the bits of a number (Warshall).
    above = [1 << index for index in place.values()]
    for step in steps:
        above[place[step.lower]] |= 1 << place[step.upper]
    for middle in place.values():
        for index, reached in enumerate(above):
            if reached >> middle & 1:
                above[index] |= above[middle]
    return any(step.rises and above[place[step.upper]] >> place[step.lower] & 1 for step in steps)


def _values(steps: Iterable[Step]) -> set[Value]:
    return {value for step in steps for value in (step.lower, step.upper)}


@cache
def _known(seen: Seen) -> frozenset[Step]:
    """Return what is known of the metric at that ticker, and of those that bear upon it."""
    family, before = {seen.metric}, 0
    while len(family) > before:
        before = len(family)
        for pair in _NEVER_ABOVE:
            family |= set(pair) if family.intersection(pair) else set()
    at = {name: Seen(name, before=seen.before) for name in family}
    ordered = {Step(at[low], at[high]) for low, high in _NEVER_ABOVE if low in at}
    least = {Step(LEAST[it], at[it], rises=it in _PRICES) for it in family & LEAST.keys()}
    most = {Step(at[it], MOST[it]) for it in family & MOST.keys()}
    return frozenset(ordered | least | most)
