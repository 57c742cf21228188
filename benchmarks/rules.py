"""Rules as people keep them, a walk of prices on which none of them fires, and the plain loop."""

import operator
import random
from collections.abc import Callable, Iterator, Sequence

from alertd.engine.condition import AllOf, Amount, AnyOf, Band, Comparison, Condition, Not
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator as Op
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

SYMBOL = "BTCUSDT"
BEGIN_MS = 1_762_000_000_000
DAY_S = 86_400


def walk(count: int, *, symbol: str = SYMBOL, seed: int = 1) -> list[Ticker]:
    """Return a random walk around 100,000, in steps of ten cents up to a hundredth of a percent."""
    chance = random.Random(seed)
    close, volume = 100_000.0, 180_000.0
    tickers = []
    for number in range(count):
        pull = (100_000 - close) / 2000  # within the day's range, so that nothing fires
        close = round(close + pull + chance.choice((-10, -3, -0.1, 0, 0, 0.1, 3, 10)), 1)
        volume = round(volume + chance.uniform(-5, 5), 3)
        tickers.append(
            Ticker(
                symbol=symbol,
                time_ms=BEGIN_MS + 2000 * number,
                close=close,
                open=round(99_500.0 + number % 50 / 10, 1),
                high=101_000.0,
                low=99_000.0,
                volume=volume,
                quote_volume=round(volume * 99_800.0, 2),
            )
        )
    return tickers


def levels(count: int) -> list[Rule]:
    """Return rules on the close, half of them far above the walk and half far below, all apart."""
    return [
        rule_of(number, comparison_of("close", Op.ABOVE, 120_000.0 + number / 10))
        if number % 2 == 0
        else rule_of(number, comparison_of("close", Op.BELOW, 80_000.0 - number / 10))
        for number in range(count)
    ]


def mixed(count: int) -> list[Rule]:
    """Return rules of all kinds, as people keep them, with levels of their own."""
    return [rule_of(number, _KINDS[number % len(_KINDS)](number / 10)) for number in range(count)]


def rule_of(number: int, when: Condition) -> Rule:
    """Return the rule of that number."""
    return Rule(name=f"rule-{number}", symbols=(SYMBOL,), when=when, cooldown_ms=900_000)


def comparison_of(
    metric: str, op: Op, level: float | Band | Amount | None, within_s: int = 0
) -> Comparison:
    """Return a comparison, with a window where one is given."""
    return Comparison(METRICS[metric], op, level, within_ms=1000 * within_s)


_KINDS: list[Callable[[float], Condition]] = [
    lambda apart: comparison_of("close", Op.ABOVE, 120_000 + apart),
    lambda apart: comparison_of("close", Op.BELOW, 80_000 - apart),
    lambda apart: comparison_of("close", Op.CROSSES_ABOVE, 110_000 + apart),
    lambda apart: comparison_of("close", Op.CROSSES_BELOW, 90_000 - apart),
    lambda apart: comparison_of("close", Op.TOUCHES, 115_000 + apart),
    lambda apart: comparison_of("close", Op.OUTSIDE, Band(70_000 - apart, 130_000 + apart)),
    lambda apart: comparison_of("close", Op.LEAVES, Band(75_000 - apart, 125_000 + apart)),
    lambda apart: comparison_of("close", Op.CROSSES_EVERY, Amount(30_000 + apart)),
    lambda apart: comparison_of("range_percent", Op.AT_LEAST, 12 + apart),
    lambda apart: comparison_of("change_percent", Op.AT_MOST, -8 - apart),
    lambda apart: comparison_of("drawdown_percent", Op.ABOVE, 10 + apart),
    lambda apart: comparison_of("quote_volume", Op.ABOVE, 5e10 + apart),
    lambda apart: comparison_of("close", Op.RISES, Amount(3 + apart, percent=True), 300),
    lambda apart: comparison_of("close", Op.FALLS, Amount(4 + apart, percent=True), 60),
    lambda apart: comparison_of("quote_volume", Op.MOVES, Amount(50 + apart, percent=True), 900),
    lambda _: comparison_of("close", Op.NEW_HIGH, None, DAY_S),
    lambda apart: AllOf(
        (
            comparison_of("close", Op.FALLS, Amount(2 + apart, percent=True), 300),
            comparison_of("quote_volume", Op.ABOVE, 1e10 + apart),
        )
    ),
    lambda apart: AnyOf(
        (
            comparison_of("close", Op.ABOVE, 140_000 + apart),
            comparison_of("range_percent", Op.ABOVE, 20 + apart),
        )
    ),
    lambda apart: AllOf(
        (
            comparison_of("close", Op.CROSSES_ABOVE, 105_000 + apart),
            Not(comparison_of("volume", Op.BELOW, 1000 + apart)),
        )
    ),
    lambda apart: comparison_of("close", Op.BETWEEN, Band(105_000 + apart, 106_000 + apart)),
]


_COMPARED: dict[Op, Callable[[float, float], bool]] = {
    Op.ABOVE: operator.gt,
    Op.BELOW: operator.lt,
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
}


class PlainLoop:
    """Every rule at every tick, each comparison as it is written; windows are looked through."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._past: list[Ticker] = []
        self._longest_ms = 900_000

    def update(self, ticker: Ticker) -> list[Rule]:
        """Return the rules whose condition is true."""
        while self._past and self._past[0].time_ms < ticker.time_ms - self._longest_ms:
            del self._past[0]
        self._past.append(ticker)
        return [rule for rule in self._rules if self._is_true(rule.when, ticker)]

    def _is_true(self, condition: Condition, ticker: Ticker) -> bool:
        match condition:
            case AllOf(parts):
                return all(self._is_true(part, ticker) for part in parts)
            case AnyOf(parts):
                return any(self._is_true(part, ticker) for part in parts)
            case Not(part):
                return not self._is_true(part, ticker)
            case Comparison():
                return self._holds(condition, ticker)

    def _holds(self, comparison: Comparison, ticker: Ticker) -> bool:
        value, level = comparison.metric.of(ticker), comparison.level
        if value is None:
            return False
        previous = comparison.metric.of(self._past[-2]) if len(self._past) > 1 else value
        match level:
            case float() if comparison.operator in _COMPARED:
                return _COMPARED[comparison.operator](value, level)
            case float() if previous is not None:
                return previous <= level < value or previous >= level > value
            case Band(float(low), float(high)):
                return (low <= value <= high) is (comparison.operator is Op.BETWEEN)
            case Amount(far) if comparison.within_ms:
                lowest = min(self._window(comparison, ticker.time_ms))
                return 100 * (value - lowest) / lowest >= far
        return False

    def _window(self, comparison: Comparison, now_ms: int) -> Iterator[float]:
        for ticker in reversed(self._past):
            if ticker.time_ms < now_ms - comparison.within_ms:
                return
            value = comparison.metric.of(ticker)
            if value is not None:
                yield value
