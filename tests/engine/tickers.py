"""Tickers and rules for the engine's tests: the sound default, and what a test wants to say."""

from typing import Any

import attrs

from alertd.engine.condition import AllOf, Band, Comparison, Condition, Operator
from alertd.engine.metrics import METRICS
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

SYMBOL = "BTCUSDT"


def ticker(at_s: float = 0, *, symbol: str = SYMBOL, **fields: float) -> Ticker:
    """A ticker `at_s` seconds into the story; its range widens to what `close` and `open` need."""
    close = fields.get("close", 100.0)
    opened = fields.get("open", close)
    sound: dict[str, Any] = {
        "close": close,
        "open": opened,
        "high": max(close, opened),
        "low": min(close, opened),
        "volume": 1000.0,
        "quote_volume": 100_000.0,
    }
    return Ticker(symbol=symbol, time_ms=1_000_000 + round(at_s * 1000), **(sound | fields))


def check_of(metric: str, operator: str, *level: float) -> Comparison:
    """`check_of("close", "between", 1, 2)` is `close: {between: [1, 2]}`."""
    bound = Band(*map(float, level)) if len(level) > 1 else float(level[0])
    return Comparison(METRICS[metric], Operator(operator), bound)


def rule(when: Condition, *, for_s: float = 0, cooldown_s: float = 0, **keys: Any) -> Rule:
    """A rule on the default symbol; times in seconds."""
    made = Rule(
        name="a-rule",
        symbols=(SYMBOL,),
        when=when,
        hold_for_ms=round(for_s * 1000),
        cooldown_ms=round(cooldown_s * 1000),
    )
    return attrs.evolve(made, **keys)


def both(*parts: Condition) -> AllOf:
    """All of the parts."""
    return AllOf(parts)
