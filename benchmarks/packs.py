"""How much the rule packs have to say: all of their rules over recorded klines.

    python -m benchmarks.packs ../shared/data [--path ohlc]

Prints the tables of docs/packs.md. Of each rule: its alerts in the whole time, on a day on average, on
its worst day, and what the average would be over all symbols of the exchange. That last one is an
estimate: a rule that takes globs is taken to speak as often on every symbol as on these.
"""

import argparse
import os
from collections.abc import Iterator, Sequence

from alertd.engine.rule import Rule
from alertd.market.listing import is_glob
from alertd.market.past.reels import find_reels
from alertd.market.past.rolling_day import KlinePath
from tests.packs import Spoken, days_of, packs, spoken

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
    found = spoken(
        rules, find_reels(options.data, path=options.path), processes=os.cpu_count() or 1
    )
    ticks, days = sum(span.ticks for span in found.spans), sum(map(days_of, found.spans))
    print(f"{ticks:,} tickers, {days} days of {len(found.spans)} symbols")
    for pack, its_rules in by_pack.items():
        print(f"\n## rules/{pack}.yaml\n\n{HEAD}", *rows(its_rules, found), sep="\n")


def rows(rules: Sequence[Rule], found: Spoken) -> Iterator[str]:
    """Yield a line for each rule, and one for all of them."""
    a_day, in_all = 0.0, 0.0
    for rule in rules:
        rate = found.alerts_a_day(rule)
        market = rate * times_as_many(rule, found)
        a_day, in_all = a_day + rate, in_all + market
        alerts, worst = found.alerts(rule), found.alerts_on_its_worst_day(rule)
        name = f"`{rule.name}`"
        yield f"| {name} | {rule.severity.value} | {alerts} | {rate:.2f} | {worst} | {market:.1f} |"
    yield f"| together | | | {a_day:.1f} | | {in_all:.0f} |"


def times_as_many(rule: Rule, found: Spoken) -> float:
    """Return how many more symbols the rule has on the exchange than here."""
    everything = any(map(is_glob, rule.symbols))
    return WHOLE_MARKET / len(found.spans) if everything else 1


if __name__ == "__main__":
    main()
