"""How a rule stands right now, by one ticker of each of its symbols.

One ticker tells whether what holds is true, and how far it is from it. What happens on single ticks
needs a second one, and a window its ticks: of those is said what they wait for.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import attrs

from alertd.engine.condition import AnyOf, Comparison, Not, comparisons_in, is_event
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explained
from alertd.engine.metrics import Unit
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

# A rule that is true for more than half of so many symbols was hardly meant so.
_MANY = 10
_WHOLE = 100.0


@attrs.frozen
class Near:
    """A symbol for which a condition is not true: how many of its `parts`, joined by `all`, are missing.

    `last` is the one that is missing alone, None where that is not one comparison with a level.
    """

    symbol: str
    parts: int
    missing: int
    last: Explained | None

    @property
    def rank(self) -> tuple[int, float]:
        """What the nearest has the least of."""
        return self.missing, inf if self.last is None else _way_to_go(self.last)


@attrs.define
class Outlook:
    """How a rule stands for those of its symbols whose ticker is `known`, in its own order.

    One that `waits_for_event` happens on single ticks, so that one ticker cannot make it true.
    `window_ms` is the longest of its windows: with one, one ticker cannot tell its truth.
    """

    rule: Rule
    known: int = 0
    true: list[str] = attrs.field(factory=list)
    nearest: Near | None = None
    waits_for_event: bool = attrs.field(init=False)
    window_ms: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.waits_for_event = is_event(self.rule.when)
        self.window_ms = max(it.within_ms for it in comparisons_in(self.rule.when))

    @property
    def is_told(self) -> bool:
        """Whether one ticker tells if it is true."""
        return not self.waits_for_event and not self.window_ms

    @property
    def is_true_for_most(self) -> bool:
        """Whether it is true for more than half of many symbols: a flood at the start."""
        return self.known >= _MANY and 2 * len(self.true) > self.known

    def add(self, symbol: str, explained: Explained) -> None:
        """Take a symbol into account."""
        self.known += 1
        if self.is_told and explained.true:
            self.true.append(symbol)
            return
        near = _near(symbol, explained)
        if near and (self.nearest is None or near.rank < self.nearest.rank):
            self.nearest = near


def outlooks(
    rules: Iterable[Rule],
    symbols: Mapping[str, Sequence[str]],
    tickers: Mapping[str, Ticker],
) -> dict[str, Outlook]:
    """Return by name how each rule stands for those of its symbols that have a ticker."""
    found = {rule.name: Outlook(rule) for rule in rules}
    known = {name: [it for it in symbols[name] if it in tickers] for name in found}
    engine = _engine_of([it for it in found.values() if not it.window_ms], known, tickers)
    for name, outlook in found.items():
        if outlook.window_ms:
            outlook.known = len(known[name])
            continue
        for symbol in known[name]:
            explanation = engine.explain(name, symbol)
            if explanation is not None and explanation.condition is not None:
                outlook.add(symbol, explanation.condition)
    return found


def _engine_of(
    told: Iterable[Outlook], known: Mapping[str, Sequence[str]], tickers: Mapping[str, Ticker]
) -> Engine:
    """Return an engine that has seen one ticker of each symbol."""
    by_symbol: dict[str, list[Rule]] = {}
    for outlook in told:
        for symbol in known[outlook.rule.name]:
            by_symbol.setdefault(symbol, []).append(outlook.rule)
    engine = Engine(by_symbol)
    for symbol in by_symbol:
        engine.update(tickers[symbol])
    return engine


def _near(symbol: str, explained: Explained) -> Near | None:
    """Return how near a symbol is; nothing of what is joined by `any` or turned round by `not`."""
    if isinstance(explained.condition, AnyOf | Not):
        return None
    parts = explained.parts or (explained,)
    missing = [part for part in parts if part.true is not True]
    last = missing[0] if len(missing) == 1 and _has_level(missing[0]) else None
    return Near(symbol, len(parts), len(missing), last)


def _way_to_go(last: Explained) -> float:
    """Return the percent that a value has to change by; of a percentage the points."""
    condition, percent = last.condition, last.distance_percent
    if isinstance(condition, Comparison) and condition.metric.unit is Unit.PERCENT:
        percent = last.distance
    # From 0 everything is as far as it is high.
    return _WHOLE if percent is None else abs(percent)


def _has_level(explained: Explained) -> bool:
    """Whether it is a comparison with what a value can be on its way to."""
    condition = explained.condition
    if not isinstance(condition, Comparison) or explained.distance is None:
        return False
    return not (condition.within_ms or condition.operator.takes_amount)
