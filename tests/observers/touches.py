"""Levels that were touched, for those who tell of them."""

from alertd.engine.rule import Severity
from alertd.engine.touched import Extreme, Touched
from tests.engine.tickers import check_of, rule

# 2025-05-05, 14:07 UTC.
AT_MS = 1_746_454_020_000


def touch(
    level: float = 105_000,
    *,
    symbol: str = "BTCUSDT",
    name: str = "btc-105k",
    upwards: bool = True,
    severity: Severity = Severity.INFO,
    at_ms: int | None = AT_MS,
) -> Touched:
    """A level, and that the price went 220 beyond it."""
    owner = rule(check_of("close", "above", level), name=name, severity=severity)
    extreme = Extreme(level + 220 if upwards else level - 220, at_ms)
    return Touched(owner, symbol, level, extreme, upwards)
