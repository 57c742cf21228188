"""The naive model of the engine: every rule, evaluated anew at every ticker, from its whole past.

It says what the engine must say, and nothing of how: a rule keeps a list of all its moments, and
whatever its life asks for (since when, how often, how long ago) is found by walking back through
them. The others of its name are its parts: what comparisons say, ladders, rearm, and rules' lives.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import attrs

from alertd.engine.alert import Alert, Reading
from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not, comparisons_in
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.naive_comparisons import Sight, Story, Truth, look
from tests.engine.naive_ladders import climb
from tests.engine.naive_lives import Moment, Past, Turn, alert_of, live
from tests.engine.naive_rearm import has_come_back, still_counts

LATE_MS = 15_000


class NaiveEngine:
    """Has the manners of `Engine`, and nothing else in common with it."""

    def __init__(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        self._stories: dict[str, Story] = {}
        self._pasts: dict[tuple[str, str], Past] = {}
        self.dropped_events = 0
        self.watch(rules)

    def watch(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        """A rule keeps its past where its name and its `when` are what they were."""
        before = {
            (symbol, rule.name): _without_rearm(rule.when)
            for symbol, its_rules in self._rules.items()
            for rule in its_rules
        }
        self._rules = {
            symbol: [rule for rule in its_rules if rule.enabled]
            for symbol, its_rules in rules.items()
        }
        pasts = self._pasts
        self._pasts = {}
        for symbol, its_rules in self._rules.items():
            story = self._stories.setdefault(symbol, Story())
            story.windows = {
                window: story.windows.get(window, len(story.tickers))
                for rule in its_rules
                for window in _windows(rule)
            }
            story.closes = {it: story.closes[it] for it in story.windows if it in story.closes}
            for rule in its_rules:
                same = before.get((symbol, rule.name)) == _without_rearm(rule.when)
                past = pasts[symbol, rule.name] if same else []
                self._pasts[symbol, rule.name] = past
        self._stories = {symbol: self._stories[symbol] for symbol in self._rules}

    def restart(self, past: Mapping[str, Sequence[Ticker]]) -> None:
        """Of the rules nothing is lost; of the tickers there are those of the past."""
        for symbol, story in self._stories.items():
            story.tickers = list(past.get(symbol, ()))
            story.resumed = True
            story.windows = dict.fromkeys(story.windows, 0)
            story.closes = {}

    def fill(self, symbol: str, past: Sequence[tuple[int, float]]) -> None:
        """Only what is watched has windows to be filled, and only those over the close are."""
        if symbol in self._stories:
            story = self._stories[symbol]
            for window in story.windows:
                if window[0] == "close":
                    told = [(len(story.tickers), at_ms, close) for at_ms, close in past]
                    story.closes.setdefault(window, []).extend(told)

    def rearm(self, name: str, symbol: str | None = None) -> int:
        disarmed = [
            past
            for (its_symbol, its_name), past in self._pasts.items()
            if its_name == name and symbol in (None, its_symbol) and past and past[-1].disarmed
        ]
        for past in disarmed:
            past[-1] = attrs.evolve(past[-1], disarmed=False)
        return len(disarmed)

    def update(self, ticker: Ticker) -> list[Alert]:
        symbol = ticker.symbol
        if symbol not in self._rules:
            return []
        story = self._stories[symbol]
        if story.tickers and ticker.time_ms < story.tickers[-1].time_ms:
            if story.resumed and story.tickers[-1].time_ms - ticker.time_ms < LATE_MS:
                return []
            story = self._stories[symbol] = Story(windows=dict.fromkeys(story.windows, 0))
            self._pasts |= {(symbol, rule.name): [] for rule in self._rules[symbol]}
        story.disbelieve(ticker)
        story.take(ticker)
        alerts = []
        for rule in self._rules[symbol]:
            past = self._pasts[symbol, rule.name]
            past.append(moment_of(rule, story, past))
            self.dropped_events += past[-1].dropped
            if past[-1].said is not None:
                alerts.append(alert_of(rule, story, past))
        return alerts


def _windows(rule: Rule) -> Iterator[tuple[str, int]]:
    for comparison in comparisons_in(rule.when):
        if comparison.within_ms and not comparison.is_days_record:
            yield comparison.metric.name, comparison.within_ms


def _without_rearm(condition: Condition) -> Condition:
    match condition:
        case Comparison():
            return attrs.evolve(condition, rearm=None)
        case Not(part):
            return Not(_without_rearm(part))
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(map(_without_rearm, parts)))


# A moment: what the comparisons say, what that makes of the condition, what the rule makes of that.


def moment_of(rule: Rule, story: Story, past: Past) -> Moment:
    readings, back = [], []
    for position, comparison in enumerate(comparisons_in(rule.when)):
        sight = _sight(comparison, story, past, position)
        holds = _counted(comparison, sight, past, position)
        kept = holds is True and sight.holds is False
        readings.append(
            Reading(comparison, sight.value, sight.previous, sight.threshold, holds, kept)
        )
        back.append(_is_back(comparison, sight))
    true = truth(rule.when, iter([reading.holds for reading in readings])) is True
    now = Moment(
        story.tickers[-1].time_ms,
        tuple(readings),
        tuple(back),
        true,
        disarmed=bool(past) and past[-1].disarmed,
        unseen_ms=story.unseen_ms,
    )
    return live(rule, now, past)


def truth(condition: Condition, holds: Iterator[Truth]) -> Truth:
    """Kleene's three values; `holds` has one of them for each comparison, as written."""
    match condition:
        case Comparison():
            return next(holds)
        case Not(part):
            found = truth(part, holds)
            return None if found is None else not found
        case AllOf(parts):
            each = [truth(part, holds) for part in parts]
            return False if False in each else None if None in each else True
        case AnyOf(parts):
            each = [truth(part, holds) for part in parts]
            return True if True in each else None if None in each else False


def _sight(comparison: Comparison, story: Story, past: Past, position: int) -> Sight:
    if comparison.operator is Operator.CROSSES_EVERY:
        return climb(comparison, story, [moment.readings[position] for moment in past])
    return look(comparison, story, len(story.tickers) - 1)


def _counted(comparison: Comparison, sight: Sight, past: Past, position: int) -> Truth:
    """Whether a comparison counts as true, after `rearm` has had its say."""
    if comparison.rearm is None or sight.holds is None:
        return sight.holds
    assert sight.value is not None
    if comparison.operator.is_event:
        return sight.holds and _is_ready(past, position)
    if _has_counted(past, position) and still_counts(comparison, sight.value, sight.threshold):
        return True
    return sight.holds


def _has_counted(past: Past, position: int) -> bool:
    """Whether a comparison has counted as true in this firing, and not come back since."""
    firing = takewhile(lambda moment: moment.turn is Turn.FIRING, reversed(past))
    told = (moment.readings[position].holds for moment in firing)
    return next((holds for holds in told if holds is not None), False)


def _is_ready(past: Past, position: int) -> bool:
    """Whether an event has not fired yet, or come back since."""
    for moment in reversed(past):
        if moment.back[position]:
            return True
        if moment.said is not None and moment.readings[position].holds:
            return False
    return True


def _is_back(comparison: Comparison, sight: Sight) -> bool:
    if comparison.rearm is None:
        return True
    if not comparison.operator.is_event or sight.value is None or sight.threshold is None:
        return False
    return has_come_back(comparison, sight.value, sight.threshold)
