"""Conditions as the engine explains them, put together by hand."""

from typing import Any

import attrs

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import AllOf, Amount, AnyOf, Band, Comparison, Level, Not
from alertd.engine.explanation import Explained, Explanation
from alertd.engine.life import Life
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

NOW_MS = 1_700_000_000_000
TICKER = Ticker(
    symbol="BTCUSDT",
    time_ms=NOW_MS,
    close=99_850.1,
    open=98_000.0,
    high=100_250.0,
    low=96_420.7,
    volume=1000.0,
    quote_volume=99_000_000.0,
)


def compared(
    metric: str,
    operator: str,
    level: Level,
    value: float | None,
    *,
    true: bool | None,
    since_ms: int | None = None,
    threshold: float | None = None,
    rearm: Amount | None = None,
) -> Explained:
    """A comparison at its newest ticker; a level that is a number is its own threshold."""
    comparison = Comparison(METRICS[metric], Operator(operator), level, rearm=rearm)
    match level:
        case Band(float() as low, float() as high):
            against: float | Interval | None = Interval(low, high)
        case float() | int():
            against = level
        case Amount(amount) if threshold is None:
            against = amount
        case _:
            against = threshold
    reading = Reading(comparison, value, value, against, true)
    return Explained(comparison, true, since_ms, reading)


def all_of(*parts: Explained, true: bool | None = False) -> Explained:
    return Explained(AllOf(tuple(part.condition for part in parts)), true, None, parts=parts)


def any_of(*parts: Explained, true: bool | None = False) -> Explained:
    return Explained(AnyOf(tuple(part.condition for part in parts)), true, None, parts=parts)


def none_of(part: Explained, *, true: bool | None = False) -> Explained:
    return Explained(Not(part.condition), true, None, parts=(part,))


def explanation_of(condition: Explained | None, **changes: Any) -> Explanation:
    """How a rule on that condition stands, quiet and without a past."""
    when = condition.condition if condition else Comparison(METRICS["close"], Operator.ABOVE, 1.0)
    made = Explanation(
        rule=Rule(name="a-rule", symbols=("BTCUSDT",), when=when),
        symbol="BTCUSDT",
        ticker=TICKER if condition else None,
        condition=condition,
        life=Life(),
        verdict=None,
        due_ms=None,
        cooldown_left_ms=0,
        held_back=None,
        last_alert=None,
    )
    return attrs.evolve(made, **changes)
