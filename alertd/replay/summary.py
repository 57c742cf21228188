"""How often rules would have spoken: what people want to know of a replay before its single alerts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from alertd.config.watchlist import is_for
from alertd.delivery.channel import Channel
from alertd.engine.alert import AlertState
from alertd.engine.rule import Rule
from alertd.replay.periods import Hour, LongestPause, NoisiestHour, Pause
from alertd.replay.player import Span
from alertd.replay.post import Post, Sent
from alertd.replay.replayed import Replayed

_DAY_MS = 86_400_000
# Of less, what a day would have brought is a guess.
_LEAST_DAYS = 0.5


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
    def per_day(self) -> float | None:
        """How often it fired on a day on average; None where too little of one was played to say so."""
        return self.firing / self.days if self.days >= _LEAST_DAYS else None


@attrs.frozen(kw_only=True)
class Summary:
    """What a replay comes to: each rule in the order of the rules, all together, the messages.

    `start_ms` and `end_ms` are the times of the first ticker and the last, both 0 where nothing was
    played. `longest_symbol` is how many characters the longest name of a symbol has.
    """

    start_ms: int
    end_ms: int
    symbols: int
    longest_symbol: int
    ticks: int
    rules: Mapping[str, Activity]
    total: Activity
    sent: tuple[Sent, ...]

    @property
    def count(self) -> int:
        """How many alerts there are in all, the news that something is over included."""
        return self.total.firing + self.total.resolved

    def messages(self, rule: str | None = None) -> Mapping[str, int]:
        """Return how many messages told of a rule, or how many there are, by channel if any."""
        counts: Counter[str] = Counter()
        for sent in self.sent:
            counts[sent.channel] += sent.messages if rule is None else sent.by_rule.get(rule, 0)
        return +counts


def summarize(
    alerts: Iterable[Replayed],
    rules: Sequence[Rule],
    spans: Sequence[Span],
    channels: Iterable[Channel],
) -> Summary:
    """Go through the alerts, which are in the order of time, and keep none of them.

    `spans` are what was played. Disabled rules are left out.
    """
    enabled = [rule for rule in rules if rule.enabled]
    tallies = {rule.name: _Tally(_watched(rule, spans)) for rule in enabled}
    total, post = _Tally(spans), Post(enabled, channels)
    for alert in alerts:
        tallies[alert.rule].add(alert)
        total.add(alert)
        post.take(alert)
    return Summary(
        start_ms=total.start_ms,
        end_ms=total.end_ms,
        symbols=total.watched,
        longest_symbol=max((len(span.symbol) for span in spans), default=0),
        ticks=sum(span.ticks for span in spans),
        rules={name: tally.activity() for name, tally in tallies.items()},
        total=total.activity(),
        sent=post.finish(),
    )


def _watched(rule: Rule, spans: Sequence[Span]) -> Sequence[Span]:
    return [span for span in spans if is_for(rule, span.symbol)]


class _Tally:
    """Counts the alerts of one rule, or of all, over what was played of its symbols."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.start_ms = min((span.first_ms for span in spans), default=0)
        self.end_ms = max((span.last_ms for span in spans), default=0)
        self.watched = len({span.symbol for span in spans})
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
            watched=self.watched,
            days=(self.end_ms - self.start_ms) / _DAY_MS,
            busiest=self._busiest(),
            noisiest=self._noisiest.most,
            silence=self._silence.until(self.end_ms) if self.watched else None,
        )

    def _busiest(self) -> Busiest | None:
        """Return the symbol that fired most, of several the first one by name."""
        counts = ((-count, symbol) for symbol, count in self._by_symbol.items())
        count, symbol = min(counts, default=(0, ""))
        return Busiest(symbol, -count) if count else None
