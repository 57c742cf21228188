"""The naive model of the engine: every rule, evaluated anew at every ticker, from its whole past.

It says what the engine must say, and nothing of how: a rule keeps a list of all its moments, and
whatever its life asks for (since when, how often, how long ago) is found by walking back through
them. `naive_comparisons.py` is the half that knows the operators.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import attrs

from alertd.engine.alert import Alert, AlertState, Reading
from alertd.engine.condition import (
    AllOf,
    Amount,
    AnyOf,
    Comparison,
    Condition,
    Not,
    comparisons_in,
    is_event,
)
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.naive_comparisons import (
    Sight,
    Story,
    Truth,
    has_come_back,
    last_rung,
    look,
    rungs_beside,
    still_counts,
)

UNUSUAL_GAP_MS = 120_000


class Turn(enum.Enum):
    """Where a rule stands in its life; an event is always quiet."""

    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"


@attrs.frozen
class Moment:
    """What became of a rule at a ticker.

    `back` tells of each comparison whether its value was where it makes it ready again.
    `disarmed` is how the moment left the rule.
    """

    time_ms: int
    readings: tuple[Reading, ...]
    back: tuple[bool, ...]
    true: bool
    turn: Turn = Turn.QUIET
    said: AlertState | None = None
    dropped: bool = False
    disarmed: bool = False


Past = list[Moment]


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
            for rule in its_rules:
                same = before.get((symbol, rule.name)) == _without_rearm(rule.when)
                past = pasts[symbol, rule.name] if same else []
                self._pasts[symbol, rule.name] = past
        self._stories = {symbol: self._stories[symbol] for symbol in self._rules}

    def restart(self, past: Mapping[str, Sequence[Ticker]]) -> None:
        """Of the rules nothing is lost; of the tickers there are those of the past."""
        for symbol, story in self._stories.items():
            story.tickers = list(past.get(symbol, ()))
            story.windows = dict.fromkeys(story.windows, 0)

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
            story = self._stories[symbol] = Story(windows=dict.fromkeys(story.windows, 0))
            self._pasts |= {(symbol, rule.name): [] for rule in self._rules[symbol]}
        story.tickers.append(ticker)
        alerts = []
        for rule in self._rules[symbol]:
            past = self._pasts[symbol, rule.name]
            past.append(moment_of(rule, story, past))
            self.dropped_events += past[-1].dropped
            if past[-1].said is not None:
                alerts.append(_alert(rule, story, past))
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
        readings.append(
            Reading(comparison, sight.value, sight.previous, sight.threshold, holds=holds)
        )
        back.append(_is_back(comparison, sight))
    true = truth(rule.when, iter([reading.holds for reading in readings])) is True
    now = Moment(
        story.tickers[-1].time_ms,
        tuple(readings),
        tuple(back),
        true,
        disarmed=bool(past) and past[-1].disarmed,
    )
    if rule.expires_ms is not None and now.time_ms >= rule.expires_ms:
        return now
    return _event(rule, now, past) if is_event(rule.when) else _level(rule, now, past)


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
    index = len(story.tickers) - 1
    if comparison.operator is not Operator.CROSSES_EVERY:
        return look(comparison, story, index)
    value, previous = (story.value(comparison.metric, at) for at in (index, index - 1))
    if value is None:
        return Sight(None, previous, None, None)
    known = [it for it in (moment.readings[position] for moment in past) if it.value is not None]
    below, above = _rungs(comparison, value, known)
    passed = last_rung(comparison, value, below, above) if known else None
    if passed is not None:
        return Sight(value, previous, passed, holds=True)
    nearer = min((below, above), key=lambda rung: abs(rung - value))
    return Sight(value, previous, nearer, False if known else None)


def _rungs(comparison: Comparison, first: float, known: Sequence[Reading]) -> tuple[float, float]:
    """The rungs beside the last one passed, or beside the first value of all."""
    assert isinstance(comparison.level, Amount)
    passed = next((reading for reading in reversed(known) if reading.holds), None)
    if passed is not None:
        start = passed.value if comparison.level.percent else passed.threshold
    else:
        start = known[0].value if known else first
    assert isinstance(start, float)
    return rungs_beside(comparison, start, is_rung=passed is not None)


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


# A rule's life.


def _event(rule: Rule, now: Moment, past: Past) -> Moment:
    if not now.true:
        return now
    if _is_forbidden(rule, now, past):
        return attrs.evolve(now, dropped=True)
    return attrs.evolve(now, said=AlertState.FIRING, disarmed=rule.once)


def _level(rule: Rule, now: Moment, past: Past) -> Moment:
    if past and past[-1].turn is Turn.FIRING:
        return _firing(rule, now, past)
    if not now.true:
        return now
    now = attrs.evolve(now, turn=Turn.PENDING)
    if now.time_ms - _true_since(now, past) < rule.hold_for_ms or _is_forbidden(rule, now, past):
        return now
    return attrs.evolve(now, turn=Turn.FIRING, said=AlertState.FIRING, disarmed=rule.once)


def _firing(rule: Rule, now: Moment, past: Past) -> Moment:
    if not now.true:
        if now.time_ms - _false_since(now, past) < rule.keep_firing_for_ms:
            return attrs.evolve(now, turn=Turn.FIRING)
        is_told = rule.notify_resolved and _is_active(rule, now)
        return attrs.evolve(now, said=AlertState.RESOLVED if is_told else None)
    now = attrs.evolve(now, turn=Turn.FIRING)
    last_ms = _last_alert(past)
    assert last_ms is not None
    is_due = rule.repeat_ms is not None and now.time_ms - last_ms >= rule.repeat_ms
    if is_due and not _is_forbidden(rule, now, past):
        return attrs.evolve(now, said=AlertState.FIRING)
    return now


def _is_forbidden(rule: Rule, now: Moment, past: Past) -> bool:
    last_ms = _last_alert(past)
    cools_down = last_ms is not None and now.time_ms - last_ms < rule.cooldown_ms
    is_disarmed = rule.once and now.disarmed
    return is_disarmed or cools_down or not _is_active(rule, now)


def _is_active(rule: Rule, now: Moment) -> bool:
    return rule.active is None or rule.active.includes(now.time_ms)


def _last_alert(past: Past) -> int | None:
    alerts = (it.time_ms for it in reversed(past) if it.said is AlertState.FIRING)
    return next(alerts, None)


def _course(past: Sequence[Moment]) -> list[Moment]:
    """The moments since the level came true, the newest first."""
    return list(takewhile(lambda moment: moment.turn is not Turn.QUIET, reversed(past)))


def _true_since(now: Moment, past: Past) -> int:
    return [now, *_course(past)][-1].time_ms


def _false_since(now: Moment, past: Past) -> int:
    return [now, *takewhile(lambda moment: not moment.true, reversed(past))][-1].time_ms


# What is told of it.


def _alert(rule: Rule, story: Story, past: Past) -> Alert:
    *earlier, now = past
    course = _course(earlier)
    gap_ms = now.time_ms - story.tickers[-2].time_ms if len(story.tickers) > 1 else 0
    assert now.said is not None
    return Alert(
        rule=rule,
        symbol=story.tickers[-1].symbol,
        state=now.said,
        time_ms=now.time_ms,
        held_for_ms=_held_for(rule, now, earlier),
        readings=now.readings,
        ticker=story.tickers[-1],
        repeats=sum(moment.said is not None for moment in course),
        dropped=_dropped_since_last_alert(earlier),
        gap_ms=gap_ms if gap_ms > UNUSUAL_GAP_MS else 0,
    )


def _held_for(rule: Rule, now: Moment, earlier: Past) -> int:
    """How long the condition had been true: of one that is over, until it became false."""
    if is_event(rule.when):
        return 0
    until_ms = now.time_ms if now.true else _false_since(now, earlier)
    return until_ms - _true_since(now, earlier)


def _dropped_since_last_alert(earlier: Past) -> int:
    since = takewhile(lambda moment: moment.said is None, reversed(earlier))
    return sum(moment.dropped for moment in since)
