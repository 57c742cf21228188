"""What became of tests, for people: a line each, and below a failure what it takes to see why."""

from collections.abc import Iterator, Sequence
from itertools import chain

from alertd.delivery.numbers import plain
from alertd.engine.alert import AlertState, Interval
from alertd.engine.condition import Band, Comparison, comparisons_in
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.engine.words import duration_in_words, in_words
from alertd.market.ticker import Ticker
from alertd.rule_tests.running import Difference, Fact, Failure, Outcome, SuiteOutcome
from alertd.rule_tests.why import threshold_in_words, why_lines

# So many ticks before and after the one in question are shown.
_BEFORE, _AFTER = 2, 1
# One wrong tick may make all that follow wrong: programs get all of it, people the beginning.
_MOST_SHOWN = 10


def as_text(outcomes: Sequence[SuiteOutcome]) -> str:
    """Return the report of all files, and a last line that says it all."""
    return "\n".join(_lines(outcomes))


def _lines(outcomes: Sequence[SuiteOutcome]) -> Iterator[str]:
    for outcome in outcomes:
        yield str(outcome.suite.file)
        for test in outcome.outcomes:
            yield from _test_lines(test)
    tests = [test for outcome in outcomes for test in outcome.outcomes]
    failed = sum(not test.passed for test in tests)
    counted = f"{len(tests)} test{'' if len(tests) == 1 else 's'}"
    yield f"{failed} of {counted} failed." if failed else f"{counted} passed."


def _test_lines(outcome: Outcome) -> Iterator[str]:
    if outcome.passed:
        yield f"  ok      {outcome.test.name}"
        return
    yield f"  FAILED  {outcome.test.name}"
    for failure in outcome.failures[:_MOST_SHOWN]:
        yield ""
        yield from (f"    {line}" for line in _failure_lines(outcome, failure))
    more = len(outcome.failures) - _MOST_SHOWN
    if more > 0:
        yield f"\n    ... and {more:,} more of this test"
    yield ""


def _failure_lines(outcome: Outcome, failure: Failure) -> Iterator[str]:
    place = failure.expected.place if failure.expected else outcome.test.place
    rule = next(rule for rule in outcome.test.rules if rule.name == failure.rule)
    yield f"{place}: at {duration_in_words(failure.at_ms)}, {failure.rule} on {failure.symbol}"
    if failure.differences:
        for difference in failure.differences:
            yield from _difference_lines(difference)
    else:
        yield f"  expected: {_expected(failure)}"
        yield f"  got:      {_got(failure)}"
    reason, *parts = [*why_lines(failure.why)] or [""]
    yield f"  why:      {reason}" if reason else f"  rule:     {in_words(rule.when)}"
    yield from (f"            {part}" for part in parts)
    yield from _tick_lines(outcome, failure, rule)


def _expected(failure: Failure) -> str:
    return failure.expected.state.value if failure.expected else "nothing"


def _got(failure: Failure) -> str:
    alert = failure.got
    if alert is None:
        return "nothing"
    value = "undefined" if alert.value is None else plain(alert.value)
    return f"{alert.state.value}, value {value}, threshold {threshold_in_words(alert.threshold)}"


def _difference_lines(difference: Difference) -> Iterator[str]:
    for name, fact in (("expected", difference.expected), ("got", difference.got)):
        first, *more = fact_in_words(fact).splitlines() or [""]
        head = f"  {name + ':':<9} {difference.field} "
        yield f"{head}{first}"
        yield from (f"{'':<{len(head)}}{line}" for line in more)


def fact_in_words(fact: Fact) -> str:
    """Return a field of an alert as a test would have it."""
    match fact:
        case None:
            return "undefined"
        case AlertState():
            return fact.value
        case str():
            return fact
        case Interval(low, high):
            return f"[{plain(low)}, {plain(high)}]"
        case _:
            return plain(fact)


def _tick_lines(outcome: Outcome, failure: Failure, rule: Rule) -> Iterator[str]:
    """Yield the symbol's ticks around the one in question, as far as the rule looks at them."""
    start_ms = outcome.test.start_ms
    ticks = [ticker for ticker in outcome.test.tickers if ticker.symbol == failure.symbol]
    at = next(i for i, ticker in enumerate(ticks) if ticker.time_ms == start_ms + failure.at_ms)
    around = ticks[max(at - _BEFORE, 0) : at + 1 + _AFTER]
    times = [duration_in_words(ticker.time_ms - start_ms) for ticker in around]
    width = max(map(len, times))
    for ticker, time in zip(around, times, strict=True):
        pointer = ">" if ticker is ticks[at] else " "
        yield f"  {pointer} {time:>{width}}  {_metrics(ticker, rule)}"


def _metrics(ticker: Ticker, rule: Rule) -> str:
    compared = chain.from_iterable(map(_metrics_of, comparisons_in(rule.when)))
    values = [(metric.name, metric.of(ticker)) for metric in dict.fromkeys(compared)]
    return ", ".join(f"{name} {'undefined' if it is None else plain(it)}" for name, it in values)


def _metrics_of(comparison: Comparison) -> Iterator[Metric]:
    """Yield what a comparison looks at: its metric, and those that it is compared with."""
    yield comparison.metric
    match comparison.level:
        case Band(low, high):
            yield from (bound for bound in (low, high) if isinstance(bound, Metric))
        case Metric() as metric:
            yield metric
    if comparison.operator is Operator.TOUCHES or comparison.is_days_record:
        yield from (METRICS["high"], METRICS["low"])
