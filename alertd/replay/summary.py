"""How often rules would have spoken: what people want to know of a replay before its single alerts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import attrs

from alertd.config.watchlist import symbols_of
from alertd.delivery.channel import Channel
from alertd.engine.alert import AlertState
from alertd.engine.rule import Rule
from alertd.market.listing import TRADING, ListedSymbol, Listing
from alertd.replay.periods import Hour, LongestPause, NoisiestHour, Pause
from alertd.replay.post import Post, Sent
from alertd.replay.replayed import Replayed

_DAY_MS = 86_400_000


class Span(Protocol):
    """What was played of a symbol: how many tickers, and the times of the first and the last."""

    @property
    def ticks(self) -> int: ...  # noqa: D102 - see the class

    @property
    def first_ms(self) -> int: ...  # noqa: D102 - see the class

    @property
    def last_ms(self) -> int: ...  # noqa: D102 - see the class


@attrs.frozen
class Busiest:
    """The symbol that fired most often, and how often."""

    symbol: str
    count: int


@attrs.frozen(kw_only=True)
class Activity:
    """How often a rule fired, or all of them together, on the symbols that were played.

    It was over `resolved` times, as far as that is said. `fired` of the `watched` symbols made it
    fire. `days` is the time that was played of these, `silence` the longest part of it in which the
    rule did not fire, None where none of them was played.
    """

    firing: int
    resolved: int
    fired: int
    watched: int
    days: float
    busiest: Busiest | None
    noisiest: Hour | None
    silence: Pause | None

    @property
    def per_day(self) -> float:
        """How often it fired on a day on average."""
        return self.firing / self.days if self.days else 0.0


@attrs.frozen(kw_only=True)
class Summary:
    """What a replay comes to: each rule in the order of the rules, all together, the messages.

    `start_ms` and `end_ms` are the times of the first ticker and the last, both 0 where nothing was
    played.
    """

    start_ms: int
    end_ms: int
    symbols: int
    ticks: int
    rules: Mapping[str, Activity]
    total: Activity
    sent: tuple[Sent, ...]

    @property
    def count(self) -> int:
        """How many alerts there are in all, the news that something is over included."""
        return self.total.firing + self.total.resolved

    def messages(self, rule: str) -> int:
        """Return how many messages told of a rule, at all destinations."""
        return sum(each.by_rule.get(rule, 0) for each in self.sent)


def summarize(
    alerts: Iterable[Replayed],
    rules: Sequence[Rule],
    spans: Mapping[str, Span],
    channels: Iterable[Channel],
) -> Summary:
    """Go through the alerts, which are in the order of time, and keep none of them.

    `spans` are what was played, by symbol. Disabled rules are left out.
    """
    enabled = [rule for rule in rules if rule.enabled]
    played = Listing("usdm", 0, {symbol: ListedSymbol(symbol, TRADING) for symbol in spans})
    watched = {rule.name: symbols_of(rule, played) for rule in enabled}
    tallies = {name: _Tally([spans[it] for it in symbols]) for name, symbols in watched.items()}
    total, post = _Tally(list(spans.values())), Post(enabled, channels)
    for alert in alerts:
        tallies[alert.rule].add(alert)
        total.add(alert)
        post.take(alert)
    return Summary(
        start_ms=total.start_ms,
        end_ms=total.end_ms,
        symbols=len(spans),
        ticks=sum(span.ticks for span in spans.values()),
        rules={name: tally.activity() for name, tally in tallies.items()},
        total=total.activity(),
        sent=post.finish(),
    )


class _Tally:
    """Counts the alerts of one rule, or of all, over what was played of its symbols."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.start_ms = min((span.first_ms for span in spans), default=0)
        self.end_ms = max((span.last_ms for span in spans), default=0)
        self._watched = len(spans)
        self._resolved = 0
        self._by_symbol: Counter[str] = Counter()
        self._noisiest = NoisiestHour()
        self._silence = LongestPause(self.start_ms)

    def add(self, alert: Replayed) -> None:
        if alert.state == AlertState.RESOLVED.value:
            self._resolved += 1
            return
        self._by_symbol[alert.symbol] += 1
        self._noisiest.add(alert.time_ms)
        self._silence.add(alert.time_ms)

    def activity(self) -> Activity:
        return Activity(
            firing=self._by_symbol.total(),
            resolved=self._resolved,
            fired=len(self._by_symbol),
            watched=self._watched,
            days=(self.end_ms - self.start_ms) / _DAY_MS,
            busiest=self._busiest(),
            noisiest=self._noisiest.most,
            silence=self._silence.until(self.end_ms) if self._watched else None,
        )

    def _busiest(self) -> Busiest | None:
        """Return the symbol that fired most, of several the first one by name."""
        counts = ((-count, symbol) for symbol, count in self._by_symbol.items())
        count, symbol = min(counts, default=(0, ""))
        return Busiest(symbol, -count) if count else None
