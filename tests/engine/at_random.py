"""Rules, tickers, reloads and restarts at random, for the engine and its model alike.

Everything is chosen by a `Pick`, which takes one of a sequence: hypothesis's, which can make a
failing story short, or a seeded random number generator's, which is quick. There are few different
values, so that equality, returns and crossings are frequent. Only what `check` lets through is
made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import attrs

from alertd.engine.condition import (
    DAY_MS,
    AllOf,
    Amount,
    AnyOf,
    Band,
    Bound,
    Comparison,
    Condition,
    Level,
    Not,
    is_event,
)
from alertd.engine.hours import Hours, Span
from alertd.engine.metrics import METRICS, Metric, Unit
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.tickers import BEGIN_MS

T = TypeVar("T")


class Pick(Protocol):
    def __call__(self, options: Sequence[T], /) -> T: ...


Watched = Mapping[str, Sequence[Rule]]

SYMBOLS = ("BTCUSDT", "ETHUSDT")
DEEPEST = 3

EVENTS = [operator for operator in Operator if operator.is_event]
LEVELS = [operator for operator in Operator if not operator.is_event]
PRICES = ("close", "open", "high", "low", "vwap")
# What is always above 0, or 0 where nothing has happened yet: percentages of it make sense.
SIZES = (*PRICES, "volume", "quote_volume", "range")
WINDOWS_MS = (2_000, 5_000, 10_000, 60_000)


# Conditions.


def condition(pick: Pick, *, event: bool, depth: int = 0, rearm: bool = True) -> Condition:
    """A level or an event, at most `DEEPEST` deep; inside `not` nothing has a `rearm`."""
    inner = partial(condition, pick, depth=depth + 1, rearm=rearm)
    shape = pick(("one", "one", "all", "any", "one" if event else "not")) if depth < DEEPEST else ""
    if shape == "all":
        parts = [inner(event=event), inner(event=event and pick((False, True)))]
        return AllOf(tuple(parts if pick((True, False)) else reversed(parts)))
    if shape == "any":
        return AnyOf(tuple(inner(event=event) for _ in range(pick((2, 3)))))
    if shape == "not":
        return Not(condition(pick, event=False, depth=depth + 1, rearm=False))
    return comparison(pick, event=event, rearm=rearm)


def comparison(pick: Pick, *, event: bool, rearm: bool = True) -> Comparison:
    operator = pick(EVENTS if event else LEVELS)
    if operator.is_record:
        lengths = (*WINDOWS_MS, DAY_MS)
        metric = METRICS[pick(("close", *METRICS))]
        within = pick(lengths if metric.name == "close" else WINDOWS_MS)
        return Comparison(metric, operator, None, within_ms=within)
    if operator.takes_amount:
        return _by_amount(pick, operator, rearm=rearm)
    names = ("close",) if operator is Operator.TOUCHES else ("close", "close", *METRICS)
    metric = METRICS[pick(names)]
    level = _band(pick, metric) if operator.takes_band else _bound(pick, metric)
    return _with_rearm(pick, Comparison(metric, operator, level), wanted=rearm)


def _by_amount(pick: Pick, operator: Operator, *, rearm: bool) -> Comparison:
    climbs = operator is Operator.CROSSES_EVERY
    percent = pick((False, True))
    names = (PRICES if climbs else SIZES) if percent else tuple(METRICS)
    metric = METRICS[pick(("close", *names))]
    if percent:
        amount = Amount(pick((10.0, 50.0) if climbs else (25.0, 50.0, 100.0)), percent=True)
    else:
        amount = Amount(pick((25.0, 100.0) if metric.unit is Unit.PERCENT else (0.1, 1.0, 2.0)))
    if climbs:
        return Comparison(metric, operator, amount)
    made = Comparison(metric, operator, amount, within_ms=pick(WINDOWS_MS))
    return _with_rearm(pick, made, wanted=rearm)


def _with_rearm(pick: Pick, made: Comparison, *, wanted: bool) -> Comparison:
    if not wanted or pick((True, False)):
        return made
    number = pick((10.0, 50.0) if made.metric.unit is Unit.PERCENT else (0.1, 1.0, 2.0))
    rearm = pick((Amount(number), Amount(10.0, percent=True), Amount(50.0, percent=True)))
    return attrs.evolve(made, rearm=rearm) if _fits(made, rearm) else made


def with_other_rearm(pick: Pick, made: Condition) -> Condition:
    match made:
        case AllOf(parts) | AnyOf(parts):
            return type(made)(tuple(with_other_rearm(pick, part) for part in parts))
        case Comparison() if not (made.operator.is_record or made.operator is _LADDER):
            return _with_rearm(pick, attrs.evolve(made, rearm=None), wanted=True)
    return made


_LADDER = Operator.CROSSES_EVERY


def _fits(made: Comparison, rearm: Amount) -> bool:
    """Whether what has fired can be over at all."""
    match made.level:
        case Amount(value):
            return rearm.percent or rearm.value <= value
        case Band(float(low), float(high)) if made.operator is Operator.OUTSIDE:
            if rearm.percent:
                return low + abs(low) * rearm.value / 100 <= high - abs(high) * rearm.value / 100
            return 2 * rearm.value <= high - low
    return True


def _bound(pick: Pick, metric: Metric, *, but: tuple[Bound, ...] = ()) -> Bound:
    """A number on the metric's scale or, one time in four, another metric of its unit."""
    if pick((False, False, False, True)):
        alike = [other for other in METRICS.values() if other.unit is metric.unit]
        others = [other for other in alike if other not in (metric, *but)]
        if others:
            return pick(others)
    return pick((50.0, 0.0, 25.0, 100.0) if metric.unit is Unit.PERCENT else _NUMBERS)


_NUMBERS = (3.0, 2.0, 1.0, 4.0, 0.3, 0.2, 0.1, 2.5, 0.0)


def _band(pick: Pick, metric: Metric) -> Level:
    low = _bound(pick, metric)
    high = _bound(pick, metric, but=(low,))
    if isinstance(low, float) and isinstance(high, float):
        low, high = min(low, high), max(low, high) + (low == high)
    return Band(low, high)


# Rules.


def rule(pick: Pick, name: str) -> Rule:
    event = pick((False, True))
    made = Rule(name=name, symbols=SYMBOLS, when=condition(pick, event=event))
    return with_other_keys(pick, made)


def with_other_keys(pick: Pick, made: Rule) -> Rule:
    """The same condition under another cooldown, hours and so on."""
    event = is_event(made.when)
    once = pick((False, False, False, True))
    return attrs.evolve(
        made,
        cooldown_ms=pick((0, 0, 3_000, 10_000, 60_000)),
        once=once,
        expires_ms=pick((*[None] * 8, BEGIN_MS + 10_000, BEGIN_MS + 60_000)),
        active=pick((None, None, None, *_HOURS)),
        hold_for_ms=0 if event else pick((0, 0, 2_000, 10_000)),
        keep_firing_for_ms=0 if event else pick((0, 0, 2_000, 10_000)),
        repeat_ms=None if event or once else pick((None, None, 2_000, 7_000)),
        notify_resolved=not event and pick((False, True)),
        enabled=pick((True, True, True, True, True, False)),
    )


# Near the beginning, which is at 00:16:40 on a Thursday.
_HOURS = (
    Hours(ZoneInfo("UTC"), spans=tuple(Span(begin, begin + 3) for begin in range(17, 1440, 60))),
    Hours(ZoneInfo("Europe/Berlin"), frozenset({3}), (Span(70, 77), Span(78, 90), Span(100, 0))),
    Hours(ZoneInfo("UTC"), frozenset({4})),
)


def watched(pick: Pick, rules: Sequence[Rule]) -> Watched:
    """Each symbol with some of the rules, in an order of its own; the first has one at least."""
    first, second = SYMBOLS
    some = [each for each in rules if pick((True, False))]
    return {first: rules, second: some[::-1]} if pick((True, False)) else {first: rules}


def edited(pick: Pick, rules: Sequence[Rule], number: int) -> list[Rule]:
    """The rules after somebody has edited their file: one of them, or a few, or their order."""
    changes: list[Callable[[Rule], list[Rule]]] = [
        *[lambda before: [before]] * 8,
        lambda before: [attrs.evolve(before, title=f"edit {number}")],
        lambda before: [with_other_keys(pick, before)],
        lambda before: [attrs.evolve(before, when=with_other_rearm(pick, before.when))],
        lambda before: [rule(pick, before.name)],
        lambda _before: [],
    ]
    after = [kept for before in rules for kept in pick(changes)(before)]
    if pick((False, True)):
        after.reverse()
    missing = max(len(rules), 1) - len(after)
    return after + [rule(pick, f"added {number}.{each}") for each in range(missing)]


# What happens.


@attrs.frozen
class Reload:
    watched: Watched


@attrs.frozen
class Rearm:
    name: str
    symbol: str | None


@attrs.frozen
class Restart:
    pass


@attrs.frozen
class Fill:
    """Closes of the past, each with its age at the symbol's newest ticker; that symbol's next one follows."""

    symbol: str
    past: tuple[tuple[int, float], ...]


Step = Ticker | Reload | Rearm | Restart | Fill

_HAPPENINGS = (*["tick"] * 40, "reload", "rearm", "restart")
_OF_ANOTHER_MARKET_MS = -1_000_000_000
# One of them is newer: no two tickers are so near to each other.
_AGES_MS = (-500, 0, 1_000, 2_000, 5_000, 8_000, 10_000, 60_000, 65_000)
_PAUSES_S = (1, 1, 2, 2, 2, 3, 5, 8, 65, 150)


def steps(pick: Pick, rules: Sequence[Rule], count: int) -> Iterator[Step]:
    """A story of so many steps, in rising time but for another market that begins now and then."""
    time_ms, prices = BEGIN_MS, dict.fromkeys(SYMBOLS, 3)
    scale = pick((1.0, 0.1))
    for number in range(count):
        match pick(_HAPPENINGS):
            case "reload":
                rules = edited(pick, rules, number)
                yield Reload(watched(pick, rules))
            case "rearm":
                name = pick([each.name for each in rules] or ["nobody"])
                yield Rearm(name, pick((None, *SYMBOLS)))
            case "restart":
                yield Restart()
            case _:
                time_ms += 1000 * pick(_PAUSES_S)
                if time_ms > BEGIN_MS + 20_000 and pick((*[False] * 30, True)):
                    time_ms = BEGIN_MS + 1 + number % 997  # never twice the same time
                symbol = pick((SYMBOLS[0], SYMBOLS[0], SYMBOLS[1]))
                if pick((*[False] * 20, True)):
                    yield told(pick, symbol, scale)
                prices[symbol] = min(max(prices[symbol] + pick((0, 1, -1, 2, -2)), 1), 6)
                yield ticker(pick, symbol, time_ms, prices[symbol], scale)


def told(pick: Pick, symbol: str, scale: float) -> Fill:
    ages_ms = [pick(_AGES_MS) for _ in range(pick((1, 2, 5)))]
    ages_ms += pick(([], [], [], [_OF_ANOTHER_MARKET_MS]))
    return Fill(symbol, tuple((it, round(pick((1, 2, 4, 5)) * scale, 1)) for it in ages_ms))


def ticker(pick: Pick, symbol: str, time_ms: int, price: int, scale: float) -> Ticker:
    volume = pick((1.0, 2.0, 0.0))
    return Ticker(
        symbol=symbol,
        time_ms=time_ms,
        close=round(price * scale, 1),
        open=round(pick((1, 2, 3, 4)) * scale, 1),
        high=round((price + pick((0, 0, 1, 2))) * scale, 1),
        low=round(max(price - pick((0, 0, 1, 2)), 1) * scale, 1),
        volume=volume,
        quote_volume=volume and round(pick((1, 2, 3, 4)) * scale, 1),
    )
