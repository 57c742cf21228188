"""The engine against the naive model: the same tickers, reloads and restarts, the same alerts."""

import random
from collections import defaultdict
from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alertd.engine.alert import Alert, AlertState
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.at_random import Fill, Rearm, Reload, Restart, Step, Watched, rule, steps, watched
from tests.engine.naive import NaiveEngine
from tests.engine.tickers import BEGIN_MS


class Pair:
    """The engine and its model, side by side."""

    def __init__(self, rules: Watched) -> None:
        self._rules = rules
        self._engine, self._model = Engine(rules), NaiveEngine(rules)
        self._past: dict[str, list[Ticker]] = defaultdict(list)
        self._dropped = 0  # by the engines before the last restart

    def check(self, step: Step) -> list[Alert]:
        """Take a step with both, see that they agree, and return what it set off."""
        match step:
            case Ticker():
                return self._update(step)
            case Reload(rules):
                self._rules = rules
                self._engine.watch(rules)
                self._model.watch(rules)
            case Rearm(name, symbol):
                assert self._engine.rearm(name, symbol) == self._model.rearm(name, symbol)
            case Restart():
                self._restart()
            case Fill():
                self._fill(step)
        return []

    def _update(self, ticker: Ticker) -> list[Alert]:
        past = self._past[ticker.symbol]
        if past and ticker.time_ms < past[-1].time_ms:
            past.clear()
        past.append(ticker)
        alerts = self._engine.update(ticker)
        assert alerts == self._model.update(ticker)
        assert self._dropped + self._engine.dropped_events == self._model.dropped_events
        return alerts

    def _restart(self) -> None:
        """As the daemon does: what was kept is taken up, then the tickers of the past."""
        restarted = Engine(self._rules)
        restarted.restore(self._engine.memories())
        for symbol in self._rules:
            for ticker in self._past[symbol]:
                restarted.warm(ticker)
        self._dropped += self._engine.dropped_events
        self._engine = restarted
        self._model.restart(self._past)

    def _fill(self, step: Fill) -> None:
        tickers = self._past[step.symbol]
        newest_ms = tickers[-1].time_ms if tickers else BEGIN_MS
        past = [(newest_ms - age_ms, close) for age_ms, close in step.past]
        self._engine.fill(step.symbol, past)
        self._model.fill(step.symbol, past)


def check_agreement(rules: Watched, story: Iterable[Step]) -> list[Alert]:
    pair = Pair(rules)
    return [alert for step in story for alert in pair.check(step)]


def rules_at_random(pick, count: int) -> list[Rule]:
    return [rule(pick, f"rule {number}") for number in range(count)]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_the_engine_says_what_the_model_says(data: st.DataObject):
    def pick(options):
        return options[data.draw(st.integers(0, len(options) - 1))]

    rules = rules_at_random(pick, pick(range(1, 6)))
    story = list(steps(pick, rules, pick(range(1, 40))))
    check_agreement(watched(pick, rules), story)


def test_they_agree_over_a_long_story_of_many_rules():
    chance = random.Random(4)  # noqa: S311 - the same story every time, and no secret
    rules = rules_at_random(chance.choice, 100)
    story = steps(chance.choice, rules, 1000)
    alerts = check_agreement({"BTCUSDT": rules, "ETHUSDT": rules[::2]}, story)
    assert len(alerts) > 1000
    assert {alert.state for alert in alerts} == set(AlertState)
