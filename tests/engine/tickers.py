"""Tickers and rules for the engine's tests: the sound default, and what a test wants to say."""

from datetime import UTC
from typing import Any

import attrs

from alertd.engine.condition import (
    AllOf,
    Amount,
    AnyOf,
    Band,
    Comparison,
    Condition,
    Level,
)
from alertd.engine.hours import Hours, Span
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

SYMBOL = "BTCUSDT"
BEGIN_MS = 1_000_000
# The second minute of each hour: from 60 to 120 seconds.
SECOND_MINUTE = Hours(UTC, spans=tuple(Span(hour * 60 + 1, hour * 60 + 2) for hour in range(24)))


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
    return Ticker(symbol=symbol, time_ms=BEGIN_MS + round(at_s * 1000), **(sound | fields))


def check_of(
    metric: str,
    operator: str,
    *level: float | str,
    within_s: float = 0,
    rearm: float | str | None = None,
) -> Comparison:
    """`check_of("close", "between", 1, "vwap")` is `close: {between: [1, vwap]}`.

    `"3%"` is a percentage, as an amount or as a `rearm`; of records the level is their `within_s`.
    """
    known = Operator(operator)
    return Comparison(
        METRICS[metric],
        known,
        _level(known, level),
        within_ms=round(within_s * 1000),
        rearm=None if rearm is None else amount(rearm),
    )


def _level(operator: Operator, level: tuple[float | str, ...]) -> Level:
    if operator.is_record:
        return None
    if operator.takes_amount:
        return amount(level[0])
    bounds = [METRICS[it] if isinstance(it, str) else float(it) for it in level]
    return Band(*bounds) if operator.takes_band else bounds[0]


def amount(written: float | str) -> Amount:
    """`3` or `"3%"`."""
    if isinstance(written, str):
        return Amount(float(written.removesuffix("%")), percent=True)
    return Amount(float(written))


def rule(when: Condition, **keys: Any) -> Rule:
    """A rule on the default symbol; `for_s`, `cooldown_s` and such are seconds, `expires_s` of the story."""
    for key, field in _SECONDS.items():
        if key in keys:
            keys[field] = round(keys.pop(key) * 1000)
    if "expires_ms" in keys:
        keys["expires_ms"] += BEGIN_MS
    return attrs.evolve(Rule(name="a-rule", symbols=(SYMBOL,), when=when), **keys)


_SECONDS = {
    "for_s": "hold_for_ms",
    "keep_firing_for_s": "keep_firing_for_ms",
    "cooldown_s": "cooldown_ms",
    "repeat_s": "repeat_ms",
    "expires_s": "expires_ms",
}


def both(*parts: Condition) -> AllOf:
    """All of the parts."""
    return AllOf(parts)


def either(*parts: Condition) -> AnyOf:
    """Any of the parts."""
    return AnyOf(parts)
