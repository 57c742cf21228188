"""How much the rule packs have to say: all of their rules over recorded klines.

    python -m benchmarks.packs ../shared/data [--path ohlc]

Prints the tables of docs/packs.md. Of each rule: its alerts in the whole time, on a day on average, on
its worst day, and what the average would be over all symbols of the exchange. That last one is an
estimate: a rule that takes globs is taken to speak as often on every symbol as on these.
"""

import argparse
from collections.abc import Iterator, Sequence

from alertd.engine.rule import Rule
from alertd.market.listing import is_glob
from alertd.market.past.kline_files import find_klines
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.tape import Tape
from tests.packs import Replay, packs, replay

# USDⓈ-M symbols that traded in August 2026.
WHOLE_MARKET = 573
HEAD = (
    "| rule | severity | in the month | a day | worst day | whole market, a day |\n"
    "|---|---|--:|--:|--:|--:|"
)


def main() -> None:
    """Replay all packs at once, and print a table for each."""
    parser = argparse.ArgumentParser(description="How much the rule packs have to say.")
    parser.add_argument("data", nargs="+", help="kline files, or folders of them")
    parser.add_argument("--path", type=KlinePath, default=KlinePath.CLOSE, help="close or ohlc")
    options = parser.parse_args()
    by_pack = packs()
    rules = [rule for pack in by_pack.values() for rule in pack]
    replayed = replay(rules, Tape(find_klines(options.data), path=options.path))
    symbols = len(replayed.listing.symbols)
    print(
        f"{replayed.tickers.total():,} tickers, {len(replayed.tickers)} days of {symbols} symbols"
    )
    for pack, its_rules in by_pack.items():
        print(f"\n## rules/{pack}.yaml\n\n{HEAD}", *rows(its_rules, replayed), sep="\n")


def rows(rules: Sequence[Rule], replayed: Replay) -> Iterator[str]:
    """Yield a line for each rule, and one for all of them."""
    a_day, in_all = 0.0, 0.0
    for rule in rules:
        rate = replayed.alerts_a_day(rule)
        market = rate * times_as_many(rule, replayed)
        a_day, in_all = a_day + rate, in_all + market
        alerts, worst = replayed.alerts(rule), replayed.alerts_on_its_worst_day(rule)
        name = f"`{rule.name}`"
        yield f"| {name} | {rule.severity.value} | {alerts} | {rate:.2f} | {worst} | {market:.1f} |"
    yield f"| together | | | {a_day:.1f} | | {in_all:.0f} |"


def times_as_many(rule: Rule, replayed: Replay) -> float:
    """Return how many more symbols the rule has on the exchange than here."""
    everything = any(map(is_glob, rule.symbols))
    return WHOLE_MARKET / len(replayed.listing.symbols) if everything else 1


if __name__ == "__main__":
    main()
