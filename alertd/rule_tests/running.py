"""A test at work: its ticks through the engine itself, what comes out against what is expected."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import attrs

from alertd.config.watchlist import is_for
from alertd.delivery.message import compose
from alertd.engine.alert import Alert, AlertState, Interval
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation
from alertd.rule_tests.model import ExpectedAlert, RuleTest, Suite, symbols_in

# As the engine settles what it derives: an expected value is written in at most so many decimals.
_DECIMALS = 10

Fact = AlertState | float | Interval | str | None


@attrs.frozen
class Difference:
    """A field of an alert that is not as it was expected."""

    field: str
    expected: Fact
    got: Fact


@attrs.frozen(kw_only=True)
class Failure:
    """An alert that was expected and is not there, is there unexpectedly, or is another.

    `at_ms` is from the test's start. `expected` is None for the unexpected; `got` is None for what is
    missing, and then `why` is how the rule stood at that tick.
    """

    at_ms: int
    rule: str
    symbol: str
    expected: ExpectedAlert | None = None
    got: Alert | None = None
    differences: tuple[Difference, ...] = ()
    why: Explanation | None = None


@attrs.frozen
class Outcome:
    """A test that was run: the alerts that its ticks gave, and what is wrong with them."""

    test: RuleTest
    alerts: tuple[Alert, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether the alerts are those that were expected."""
        return not self.failures


@attrs.frozen
class SuiteOutcome:
    """A file whose tests were run."""

    suite: Suite
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them passed."""
        return all(outcome.passed for outcome in self.outcomes)


def run_suite(suite: Suite) -> SuiteOutcome:
    """Return what became of the tests of a file."""
    return SuiteOutcome(suite, tuple(map(run_test, suite.tests)))


def run_test(test: RuleTest) -> Outcome:
    """Play a test's tickers to an engine of its own."""
    symbols = symbols_in(test.tickers)
    engine = Engine({it: [rule for rule in test.rules if is_for(rule, it)] for it in symbols})
    expected = _by_moment(test)
    alerts: list[Alert] = []
    failures: list[Failure] = []
    for ticker in test.tickers:
        new = engine.update(ticker)
        moment = expected.get((ticker.time_ms - test.start_ms, ticker.symbol), {})
        alerts.extend(new)
        failures.extend(_failures(test, engine, new, moment))
    return Outcome(test, tuple(alerts), tuple(failures))


def _by_moment(test: RuleTest) -> Mapping[tuple[int, str], Mapping[str, ExpectedAlert]]:
    """Return what is expected at a tick, by its rule."""
    found: dict[tuple[int, str], dict[str, ExpectedAlert]] = defaultdict(dict)
    for alert in test.alerts:
        found[alert.at_ms, alert.symbol][alert.rule] = alert
    return found


def _failures(
    test: RuleTest, engine: Engine, alerts: list[Alert], expected: Mapping[str, ExpectedAlert]
) -> Iterator[Failure]:
    """Yield what is wrong with a tick's alerts, right after the engine has had it."""
    for alert in alerts:
        wanted = expected.get(alert.rule.name)
        differences = tuple(_differences(wanted, alert)) if wanted else ()
        if wanted is None or differences:
            yield Failure(
                at_ms=alert.time_ms - test.start_ms,
                rule=alert.rule.name,
                symbol=alert.symbol,
                expected=wanted,
                got=alert,
                differences=differences,
            )
    fired = {alert.rule.name for alert in alerts}
    for missing in expected.values():
        if missing.rule not in fired:
            yield Failure(
                at_ms=missing.at_ms,
                rule=missing.rule,
                symbol=missing.symbol,
                expected=missing,
                why=engine.explain(missing.rule, missing.symbol),
            )


def _differences(expected: ExpectedAlert, alert: Alert) -> Iterator[Difference]:
    if expected.state is not alert.state:
        yield Difference("state", expected.state, alert.state)
    for field, wanted, got in (
        ("value", expected.value, alert.value),
        ("threshold", expected.threshold, alert.threshold),
    ):
        if wanted is not None and _settled(wanted) != _settled(got):
            yield Difference(field, wanted, got)
    if expected.title is None and expected.message is None:
        return
    message = compose(alert)
    for field, text, sent in (
        ("title", expected.title, message.title),
        ("message", expected.message, message.body),
    ):
        if text is not None and text.strip() != sent.strip():
            yield Difference(field, text, sent)


def _settled(number: float | Interval | None) -> float | Interval | None:
    if isinstance(number, Interval):
        return Interval(round(number.low, _DECIMALS), round(number.high, _DECIMALS))
    return None if number is None else round(number, _DECIMALS)
