"""The engine: tickers in, alerts out. No clock, no file, no network: time is the ticker's own."""

from collections.abc import Iterable, Mapping
from operator import ge, gt, le, lt

import attrs

from alertd.engine.alert import Alert, AlertState, Interval, Reading
from alertd.engine.condition import AllOf, Band, Condition, comparisons_in, is_event
from alertd.engine.life import Life, Verdict, step_event, step_level
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker


class Engine:
    """Evaluates the rules of each symbol at each of its tickers.

    A symbol's tickers come in rising event time: the feed drops late ones. Where time goes back
    all the same, another market has begun, and the symbol's rules begin anew with it.
    """

    def __init__(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        """Watch each symbol of `rules` for the rules that it is mapped to."""
        self._symbols: dict[str, _Symbol] = {}
        self.watch(rules)

    def watch(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        """Watch these symbols from now on; rules that a symbol had before go on as they stand."""
        before = self._symbols
        self._symbols = {
            symbol: _Symbol(symbol, its_rules, before.get(symbol))
            for symbol, its_rules in rules.items()
        }

    def update(self, ticker: Ticker) -> list[Alert]:
        """Take the newest ticker of a symbol; return what it set off, in the order of the rules."""
        symbol = self._symbols.get(ticker.symbol)
        return symbol.update(ticker) if symbol is not None else []

    @property
    def dropped_events(self) -> int:
        """How many events happened during their rule's cooldown and raised no alert."""
        return sum(watch.dropped_events for s in self._symbols.values() for watch in s.watches)


class _Symbol:
    """A symbol, its previous ticker, and the rules that watch it."""

    def __init__(self, name: str, rules: Iterable[Rule], before: "_Symbol | None") -> None:
        self._name = name
        self.previous: Ticker | None = before.previous if before else None
        known = {watch.rule.name: watch for watch in before.watches} if before else {}
        self.watches: list[_Watch] = [
            _watch(rule, known.get(rule.name)) for rule in rules if rule.enabled
        ]

    def update(self, ticker: Ticker) -> list[Alert]:
        previous, self.previous = self.previous, ticker
        if previous is not None and ticker.time_ms < previous.time_ms:
            previous = None
            for watch in self.watches:
                watch.life = Life()
        return [
            self._alert(watch, ticker, previous)
            for watch in self.watches
            if watch.step(ticker, previous) is Verdict.FIRES
        ]

    def _alert(self, watch: "_Watch", ticker: Ticker, previous: Ticker | None) -> Alert:
        return Alert(
            rule=watch.rule,
            symbol=self._name,
            state=AlertState.FIRING,
            time_ms=ticker.time_ms,
            held_for_ms=watch.life.held_for_ms(ticker.time_ms),
            readings=_readings(watch.rule.when, ticker, previous),
            ticker=ticker,
        )


@attrs.define
class _Watch:
    """A rule on one symbol."""

    rule: Rule
    is_event: bool
    life: Life = attrs.field(factory=Life)
    dropped_events: int = 0

    def step(self, ticker: Ticker, previous: Ticker | None) -> Verdict:
        step = step_event if self.is_event else step_level
        true = holds(self.rule.when, ticker, previous)
        self.life, verdict = step(self.life, self.rule, true=true, now_ms=ticker.time_ms)
        if self.is_event and verdict is Verdict.COOLING_DOWN:
            self.dropped_events += 1
        return verdict


def _watch(rule: Rule, before: _Watch | None) -> _Watch:
    """Return the watch that a rule of that name had, as it stands, if the rule is still the same."""
    if before is not None and before.rule == rule:
        return before
    return _Watch(rule, is_event(rule.when))


def _readings(condition: Condition, now: Ticker, before: Ticker | None) -> tuple[Reading, ...]:
    """Return what each comparison of a condition that holds has compared."""
    readings = []
    for comparison in comparisons_in(condition):
        value = comparison.metric.of(now)
        assert value is not None, "a comparison of an undefined metric does not hold"  # noqa: S101
        previous = comparison.metric.of(before) if before is not None else None
        level = comparison.level
        threshold = Interval(level.low, level.high) if isinstance(level, Band) else level
        readings.append(Reading(comparison, value, previous, threshold, True))
    return tuple(readings)


_LEVELS = {"above": gt, "below": lt, "at_least": ge, "at_most": le}


def holds(condition, now, before):
    if isinstance(condition, AllOf):
        return all(holds(part, now, before) for part in condition.parts)
    value = condition.metric.of(now)
    if value is None:
        return False
    name, level = condition.operator.value, condition.level
    if name in _LEVELS:
        return _LEVELS[name](value, level)
    if name in ("between", "outside"):
        return (level.low <= value <= level.high) == (name == "between")
    previous = condition.metric.of(before) if before is not None else None
    if previous is None:
        return False
    if name == "crosses_above":
        return previous <= level < value
    return previous >= level > value
