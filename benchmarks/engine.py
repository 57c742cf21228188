"""What the rules cost: time a tick, and memory, as rules and symbols become many.

    python -m benchmarks.engine

Beside the engine stands a plain loop over all rules of a symbol, which evaluates each comparison
as it is written, at every tick. Tickers are made in advance: a random walk, one every two seconds.
Times are CPU time of this process, medians of rounds in turn; read the ratios. Memory is what
another process has resident, with the rules and without.
"""

import gc
import operator
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

from alertd.engine.condition import AllOf, Amount, AnyOf, Band, Comparison, Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator as Op
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from benchmarks.readers import resident_mib

SYMBOL = "BTCUSDT"
BEGIN_MS = 1_762_000_000_000
DAY_MS = 86_400_000
DAY_S = DAY_MS // 1000
SYMBOLS = 573  # trading on USDⓈ-M in August 2026
RULES = 100
ROUNDS = 5

Update = Callable[[Ticker], object]


# Tickers.


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


# Rules, none of which fires on that walk.


def levels(count: int) -> list[Rule]:
    """Return rules on the close, half of them far above the walk and half far below, all apart."""
    return [
        _rule(number, _level("close", Op.ABOVE, 120_000.0 + number / 10))
        if number % 2 == 0
        else _rule(number, _level("close", Op.BELOW, 80_000.0 - number / 10))
        for number in range(count)
    ]


def mixed(count: int) -> list[Rule]:
    """Return rules of all kinds, as people keep them, with levels of their own."""
    return [_rule(number, _KINDS[number % len(_KINDS)](number / 10)) for number in range(count)]


def _rule(number: int, when: Condition) -> Rule:
    return Rule(name=f"rule-{number}", symbols=(SYMBOL,), when=when, cooldown_ms=900_000)


def _level(
    metric: str, op: Op, level: float | Band | Amount | None, within_s: int = 0
) -> Comparison:
    return Comparison(METRICS[metric], op, level, within_ms=1000 * within_s)


_KINDS: list[Callable[[float], Condition]] = [
    lambda apart: _level("close", Op.ABOVE, 120_000 + apart),
    lambda apart: _level("close", Op.BELOW, 80_000 - apart),
    lambda apart: _level("close", Op.CROSSES_ABOVE, 110_000 + apart),
    lambda apart: _level("close", Op.CROSSES_BELOW, 90_000 - apart),
    lambda apart: _level("close", Op.TOUCHES, 115_000 + apart),
    lambda apart: _level("close", Op.OUTSIDE, Band(70_000 - apart, 130_000 + apart)),
    lambda apart: _level("close", Op.LEAVES, Band(75_000 - apart, 125_000 + apart)),
    lambda apart: _level("close", Op.CROSSES_EVERY, Amount(30_000 + apart)),
    lambda apart: _level("range_percent", Op.AT_LEAST, 12 + apart),
    lambda apart: _level("change_percent", Op.AT_MOST, -8 - apart),
    lambda apart: _level("drawdown_percent", Op.ABOVE, 10 + apart),
    lambda apart: _level("quote_volume", Op.ABOVE, 5e10 + apart),
    lambda apart: _level("close", Op.RISES, Amount(3 + apart, percent=True), 300),
    lambda apart: _level("close", Op.FALLS, Amount(4 + apart, percent=True), 60),
    lambda apart: _level("quote_volume", Op.MOVES, Amount(50 + apart, percent=True), 900),
    lambda _: _level("close", Op.NEW_HIGH, None, DAY_S),
    lambda apart: AllOf(
        (
            _level("close", Op.FALLS, Amount(2 + apart, percent=True), 300),
            _level("quote_volume", Op.ABOVE, 1e10 + apart),
        )
    ),
    lambda apart: AnyOf(
        (
            _level("close", Op.ABOVE, 140_000 + apart),
            _level("range_percent", Op.ABOVE, 20 + apart),
        )
    ),
    lambda apart: AllOf(
        (
            _level("close", Op.CROSSES_ABOVE, 105_000 + apart),
            Not(_level("volume", Op.BELOW, 1000 + apart)),
        )
    ),
    lambda apart: _level("close", Op.BETWEEN, Band(105_000 + apart, 106_000 + apart)),
]


# The plain loop.

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


# Time.


def cpu_us(update: Update, tickers: Sequence[Ticker]) -> float:
    """Return the CPU time of a tick, in microseconds."""
    start = time.process_time_ns()
    for ticker in tickers:
        update(ticker)
    return (time.process_time_ns() - start) / len(tickers) / 1000


Contender = tuple[str, Callable[[], Update], int]


def compare(title: str, contenders: Sequence[Contender]) -> None:
    """Print what a tick costs each of them: a name, what makes it, how many tickers it gets."""
    print(f"\n{title:46}{'µs a tick':>10}{'ratio':>9}")
    longest = walk(max(count for _, _, count in contenders) * (ROUNDS + 1))
    updates = [make() for _, make, _ in contenders]
    gc.collect()
    gc.freeze()
    costs: list[list[float]] = [[] for _ in contenders]
    for turn in range(ROUNDS + 1):
        for (_, _, count), update, cost in zip(contenders, updates, costs, strict=True):
            cost.append(cpu_us(update, longest[turn * count : (turn + 1) * count]))
    figures = [median(cost[1:]) for cost in costs]  # the first round only warms up
    for (name, _, _), figure in zip(contenders, figures, strict=True):
        print(f"{name:46}{figure:10.2f}{figure / figures[0]:9.2f}")
    gc.unfreeze()


def _engine(rules: Sequence[Rule]) -> Update:
    return Engine({SYMBOL: rules}).update


def _plain(rules: Sequence[Rule]) -> Update:
    return PlainLoop(rules).update


def _check_silence(rules: Sequence[Rule], count: int) -> None:
    engine = Engine({SYMBOL: rules})
    assert not any(engine.update(ticker) for ticker in walk(count))


def time_mixed() -> None:
    """Compare a hundred rules of all kinds with the plain loop."""
    rules = mixed(RULES)
    _check_silence(rules, 5000)
    compare(
        f"{RULES} mixed rules, nothing firing",
        [
            ("engine", partial(_engine, rules), 3000),
            ("plain loop", partial(_plain, rules), 100),
        ],
    )


def time_levels() -> None:
    """Compare one rule with many, and the plain loop with both."""
    counts = [(1, 10_000), (100, 10_000), (10_000, 10_000), (100_000, 10_000)]
    plain = [(1, 10_000), (100, 1000), (10_000, 10), (100_000, 1)]
    contenders: list[Contender] = [
        (f"engine, {rules:,}", partial(_engine, levels(rules)), ticks) for rules, ticks in counts
    ]
    contenders += [
        (f"plain loop, {rules:,}", partial(_plain, levels(rules)), ticks) for rules, ticks in plain
    ]
    compare("Level rules on a close, nothing firing", contenders)


def time_crossings() -> None:
    """Print what it costs to pass k thresholds of 10,000 at every tick; `for` keeps all silent."""
    print(f"\n{'10,000 levels, k of them passed at every tick':46}{'µs a tick':>10}{'µs each':>9}")
    rules = [
        Rule(
            name=f"rule-{number}",
            symbols=(SYMBOL,),
            when=_level("close", Op.ABOVE, 100_000.5 + number),
            hold_for_ms=DAY_MS,
        )
        for number in range(10_000)
    ]
    for passed in (0, 1, 10, 100, 1000):
        first, second = (_at_close(close) for close in (105_000.0, 105_000.0 + passed))
        update = _engine(rules)
        costs = []
        for turn in range(ROUNDS + 1):
            count = max(20_000 // (passed + 10), 10)
            tickers = [
                _later((first, second)[number % 2], turn * count + number)
                for number in range(count)
            ]
            costs.append(cpu_us(update, tickers))
        figure = median(costs[1:])
        each = f"{figure / passed:9.2f}" if passed else ""
        print(f"{passed:<46,}{figure:10.2f}{each}")


def _at_close(close: float) -> Ticker:
    return Ticker(SYMBOL, BEGIN_MS, close, 100_000.0, 120_000.0, 90_000.0, 1e5, 1e10)


def _later(ticker: Ticker, number: int) -> Ticker:
    return Ticker(
        ticker.symbol,
        BEGIN_MS + 2 * number,  # within the day for which the levels have to hold
        ticker.close,
        ticker.open,
        ticker.high,
        ticker.low,
        ticker.volume,
        ticker.quote_volume,
    )


def time_windows() -> None:
    """Compare one rule on a window with a hundred on the same, and with a longer one."""

    def rises(count: int, within_s: int) -> Update:
        return _engine(
            [
                _rule(
                    number,
                    _level("close", Op.RISES, Amount(3 + number / 10, percent=True), within_s),
                )
                for number in range(count)
            ]
        )

    compare(
        "Rises within a window, nothing firing",
        [
            ("1 rule, 5 minutes", lambda: rises(1, 300), 10_000),
            (f"{RULES} rules on the same 5 minutes", lambda: rises(RULES, 300), 10_000),
            ("1 rule, 24 hours", lambda: rises(1, DAY_S), 10_000),
            (f"{RULES} rules on the same 24 hours", lambda: rises(RULES, DAY_S), 10_000),
        ],
    )


# Memory.


def weigh_a_day() -> None:
    """Print what a window of 24 h keeps of a day of ticks."""
    print(f"\n{'A window of 24 h after a day of 43,200 ticks':46}{'KiB':>10}")
    day = walk(DAY_S // 2)
    rising = [_at_close(100_000.0 + number / 10) for number in range(len(day))]
    rising = [
        Ticker(SYMBOL, seen.time_ms, risen.close, risen.open, 2e5, 1e4, 1e5, 1e10)
        for seen, risen in zip(day, rising, strict=True)
    ]
    for name, tickers in (("of a random walk", day), ("of a price that only rises", rising)):
        rule = _rule(0, _level("close", Op.RISES, Amount(50.0, percent=True), DAY_S))
        engine = Engine({SYMBOL: [rule]})
        engine.update(tickers[0])
        tracemalloc.start()
        for ticker in tickers[1:]:
            engine.update(ticker)
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{name:46}{kept / 1024:10.1f}")


def weigh(rules: int) -> None:
    """Print, in a process of its own, the MiB resident with so many rules over all symbols."""
    symbols = [f"S{number}USDT" for number in range(SYMBOLS)]
    watched = mixed(rules)
    engine = Engine(dict.fromkeys(symbols, watched))
    for symbol in symbols:
        for ticker in walk(20, symbol=symbol):
            engine.update(ticker)
    gc.collect()
    print(resident_mib())


def weigh_symbols() -> None:
    """Compare the memory with rules on every symbol and without."""
    print(f"\n{f'{RULES} mixed rules over {SYMBOLS} symbols':46}{'MiB more':>10}{'bytes each':>12}")
    without, with_rules = (median(_weighed(rules) for _ in range(3)) for rules in (0, RULES))
    more = with_rules - without
    print(
        f"{f'{RULES * SYMBOLS:,} instances':46}{more:10.1f}{more * 2**20 / RULES / SYMBOLS:12.0f}"
    )


def _weighed(rules: int) -> float:
    command = [sys.executable, "-m", "benchmarks.engine", "--weigh", str(rules)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Measure everything and print it."""
    if sys.argv[1:2] == ["--weigh"]:
        weigh(int(sys.argv[2]))
        return
    time_mixed()
    time_levels()
    time_crossings()
    time_windows()
    weigh_a_day()
    weigh_symbols()


if __name__ == "__main__":
    main()
