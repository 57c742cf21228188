"""Which of a replay's alerts are drawn: all of them, unless they are more than a page can hold."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from alertd.replay.replayed import Replayed

# Asked for twice: there may be too many alerts to hold them, and what is drawn depends on all of them.
Alerts = Callable[[], Iterable[Replayed]]


@attrs.frozen
class Chosen:
    """What is drawn: of each of some symbols, the one with the most alerts first, its first alerts.

    `counts` are of all alerts there were, by rule and symbol.
    """

    alerts: Mapping[str, Sequence[Replayed]]
    counts: Counter[tuple[str, str]]

    def of_symbol(self, symbol: str) -> int:
        """Return how many alerts the symbol had in all."""
        return sum(count for (_, its), count in self.counts.items() if its == symbol)

    def of_rule(self, name: str) -> int:
        """Return how many alerts the rule gave in all."""
        return sum(count for (its, _), count in self.counts.items() if its == name)


def choose(alerts: Alerts, *, symbols: int, most: int) -> Chosen:
    """Choose at most so many symbols, and `most` alerts of them all together."""
    counts = Counter((alert.rule, alert.symbol) for alert in alerts())
    by_symbol: Counter[str] = Counter()
    for (_, symbol), count in counts.items():
        by_symbol[symbol] += count
    # Of those with as many alerts, the alphabet's first.
    liveliest = sorted(by_symbol, key=lambda symbol: (-by_symbol[symbol], symbol))[:symbols]
    room = _room([by_symbol[symbol] for symbol in liveliest], most)
    drawn: dict[str, list[Replayed]] = {symbol: [] for symbol in liveliest}
    for alert in alerts():
        kept = drawn.get(alert.symbol)
        if kept is not None and len(kept) < room:
            kept.append(alert)
    return Chosen(drawn, counts)


def _room(counts: Sequence[int], most: int) -> int:
    """Return how many alerts each symbol may have: what is not used by some is left to the others.

    `counts` are in falling order.
    """
    left = most
    for kept, count in enumerate(reversed(counts)):
        share = left // (len(counts) - kept)
        if count > share:
            return share
        left -= count
    return most
