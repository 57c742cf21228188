"""Levels on the price that were reached between two tickers, and of which no rule could tell.

A rule compares a ticker with the one before it. What lies between the two prices it tells by itself,
however long nobody watched; of a price that went beyond both and came back it knows nothing. Here the
extremes of that time are compared with the levels, whatever the operator: that the price was there is
all that is said. Levels that move (another metric, a percentage, a window) are not looked at.
"""

from collections.abc import Iterable, Iterator

import attrs

from alertd.engine.condition import DAY_MS, Band, Comparison
from alertd.engine.ladder import Rungs
from alertd.engine.metrics import CLOSE
from alertd.engine.operator import Operator
from alertd.engine.program import Task
from alertd.engine.rule import Rule
from alertd.engine.standing import Standing
from alertd.market.ticker import Ticker


@attrs.frozen
class Extreme:
    """The lowest or the highest price of a time, and when it was, in milliseconds; None where nobody knows."""

    price: float
    time_ms: int | None = None


@attrs.frozen
class Unseen:
    """The time between a symbol's ticker `before` it and the first one `after`, and its extremes.

    These are None where nothing is known; what the tickers' own 24 hours show comes on top.
    """

    before: Ticker
    after: Ticker
    lowest: Extreme | None = None
    highest: Extreme | None = None


@attrs.frozen
class Touched:
    """A level of a rule that the price has touched, and how far it went beyond: up, or down."""

    rule: Rule
    symbol: str
    level: float
    extreme: Extreme
    upwards: bool


def has_levels(task: Task) -> bool:
    """Tell whether a rule has levels on the price that may be touched."""
    return any(
        part.is_ladder or any(_fixed(part.comparison))
        for part in task.parts
        if part.comparison.metric is CLOSE
    )


def touched(standings: Iterable[tuple[Task, Standing]], unseen: Unseen) -> list[Touched]:
    """Return what was touched of these rules' levels, and is told by neither ticker.

    A rule that could not have fired (it has expired, is disarmed, or was outside its hours) is left out.
    """
    prices = unseen.before.close, unseen.after.close
    low, high, lowest, highest = min(prices), max(prices), _lowest(unseen), _highest(unseen)
    found: dict[Touched, None] = {}
    for task, standing in standings:
        for level, operator in _levels(task, standing):
            if low <= level <= high:
                continue  # the tickers' own
            upwards = level > high
            extreme = highest if upwards else lowest
            if extreme is None or (extreme.price < level if upwards else level < extreme.price):
                continue
            if operator is Operator.TOUCHES and _is_told_by_day(level, unseen):
                continue
            if not standing.life.disarmed and _could_fire(task.rule, extreme, unseen):
                found[Touched(task.rule, unseen.after.symbol, level, extreme, upwards)] = None
    return list(found)


def _is_told_by_day(level: float, unseen: Unseen) -> bool:
    """Tell whether `touches` sees it in the day's high and low."""
    before, after = unseen.before, unseen.after
    return before.high < level <= after.high or after.low <= level < before.low


def _could_fire(rule: Rule, extreme: Extreme, unseen: Unseen) -> bool:
    if rule.expires_ms is not None and rule.expires_ms <= unseen.after.time_ms:
        return False
    if rule.active is None or extreme.time_ms is None:
        return True
    return rule.active.includes(extreme.time_ms)


def _lowest(unseen: Unseen) -> Extreme | None:
    """Return the lowest price that is known of the time."""
    day = unseen.after.low
    is_of_it = day < unseen.before.low or _is_longer_than_a_day(unseen)
    if is_of_it and (unseen.lowest is None or day < unseen.lowest.price):
        return Extreme(day)
    return unseen.lowest


def _highest(unseen: Unseen) -> Extreme | None:
    """Return the highest price that is known of the time."""
    day = unseen.after.high
    is_of_it = day > unseen.before.high or _is_longer_than_a_day(unseen)
    if is_of_it and (unseen.highest is None or day > unseen.highest.price):
        return Extreme(day)
    return unseen.highest


def _is_longer_than_a_day(unseen: Unseen) -> bool:
    """Tell whether the 24 hours of the ticker after it lie wholly in it."""
    return unseen.after.time_ms - unseen.before.time_ms >= DAY_MS


def _levels(task: Task, standing: Standing) -> Iterator[tuple[float, Operator]]:
    for number, part in enumerate(task.parts):
        comparison = part.comparison
        if comparison.metric is CLOSE:
            for level in (*_fixed(comparison), *_rungs(standing.rungs.get(number))):
                yield level, comparison.operator


def _fixed(comparison: Comparison) -> tuple[float, ...]:
    match comparison.level:
        case float() as level:
            return (level,)
        case Band(low, high):
            return tuple(bound for bound in (low, high) if isinstance(bound, float))
    return ()


def _rungs(rungs: Rungs | None) -> tuple[float, ...]:
    return (rungs.low, rungs.high) if rungs is not None else ()
