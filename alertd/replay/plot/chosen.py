"""Which of a replay's alerts are drawn: all of them, unless they are more than a page can hold."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from alertd.replay.replayed import Replayed

# Asked for twice: there may be too many alerts to hold them, and what is drawn depends on all of them.
Alerts = Callable[[], Iterable[Replayed]]


@attrs.frozen
class Chosen:
    """What is drawn: of each of some symbols, the one with the most alerts first, its first alerts.

    `by_symbol` and `by_rule` count all alerts that there were.
    """

    alerts: Mapping[str, Sequence[Replayed]]
    by_symbol: Counter[str]
    by_rule: Counter[str]


def choose(alerts: Alerts, *, symbols: int, each: int, most: int) -> Chosen:
    """Choose at most so many symbols, of `each` so many alerts, and `most` of them all together."""
    by_symbol: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    for alert in alerts():
        by_symbol[alert.symbol] += 1
        by_rule[alert.rule] += 1
    # Of those with as many alerts, the alphabet's first.
    liveliest = sorted(by_symbol, key=lambda symbol: (-by_symbol[symbol], symbol))[:symbols]
    room = min(each, _room([by_symbol[symbol] for symbol in liveliest], most))
    drawn: dict[str, list[Replayed]] = {symbol: [] for symbol in liveliest}
    for alert in alerts():
        kept = drawn.get(alert.symbol)
        if kept is not None and len(kept) < room:
            kept.append(alert)
    return Chosen(drawn, by_symbol, by_rule)


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
