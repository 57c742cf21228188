"""What the rules cost: time a tick, and memory, as rules and symbols become many.

    python -m benchmarks.engine

Beside the engine stands a plain loop over all rules of a symbol, which evaluates each comparison
as it is written, at every tick. Tickers are made in advance: a random walk, one every two seconds.
Times are CPU time of this process, medians of rounds in turn; read the ratios. Memory is what
another process has resident, with the rules and without.
"""

import gc
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import msgspec

from alertd.engine.condition import Amount
from alertd.engine.engine import Engine
from alertd.engine.operator import Operator as Op
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from benchmarks.readers import resident_mib
from benchmarks.rules import (
    BEGIN_MS,
    DAY_S,
    SYMBOL,
    PlainLoop,
    comparison_of,
    levels,
    mixed,
    rule_of,
    walk,
)

SYMBOLS = 573  # trading on USDⓈ-M in August 2026
RULES = 100
ROUNDS = 5

Update = Callable[[Ticker], object]


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
            when=comparison_of("close", Op.ABOVE, 100_000.5 + number),
            hold_for_ms=1000 * DAY_S,
        )
        for number in range(10_000)
    ]
    for passed in (0, 1, 10, 100, 1000):
        closes = (105_000.0, 105_000.0 + passed)
        update = _engine(rules)
        costs = []
        for turn in range(ROUNDS + 1):
            count = max(20_000 // (passed + 10), 10)
            numbers = range(turn * count, (turn + 1) * count)  # milliseconds: `for` is a day
            tickers = [_at(closes[number % 2], BEGIN_MS + number) for number in numbers]
            costs.append(cpu_us(update, tickers))
        figure = median(costs[1:])
        each = f"{figure / passed:9.2f}" if passed else ""
        print(f"{passed:<46,}{figure:10.2f}{each}")


def _at(close: float, time_ms: int) -> Ticker:
    return Ticker(SYMBOL, time_ms, close, 100_000.0, 200_000.0, 90_000.0, 1e5, 1e10)


def time_windows() -> None:
    """Compare one rule on a window with a hundred on the same, and with a longer one."""

    def rises(count: int, within_s: int) -> Update:
        return _engine(
            [
                rule_of(
                    number,
                    comparison_of(
                        "close", Op.RISES, Amount(3 + number / 10, percent=True), within_s
                    ),
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
    rising = [
        msgspec.structs.replace(seen, close=100_000.0 + number / 10)
        for number, seen in enumerate(day)
    ]
    for name, tickers in (("of a random walk", day), ("of a price that only rises", rising)):
        rule = rule_of(0, comparison_of("close", Op.RISES, Amount(50.0, percent=True), DAY_S))
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
