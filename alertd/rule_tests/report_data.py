"""What became of tests, as plain data for programs. Times are in milliseconds from a test's start."""

from collections.abc import Sequence
from typing import Any

from alertd.engine.alert import Alert, AlertState, Interval
from alertd.rule_tests.running import Fact, Failure, Outcome, SuiteOutcome
from alertd.rule_tests.why import why_lines


def as_data(outcomes: Sequence[SuiteOutcome]) -> dict[str, Any]:
    """Return all files' tests, what each gave, and what was wrong with it."""
    return {
        "ok": all(outcome.passed for outcome in outcomes),
        "files": [
            {
                "file": str(outcome.suite.file),
                "rule_file": str(outcome.suite.rule_file),
                "tests": [_test(test) for test in outcome.outcomes],
            }
            for outcome in outcomes
        ],
    }


def _test(outcome: Outcome) -> dict[str, Any]:
    test = outcome.test
    return {
        "name": test.name,
        "line": test.place.line,
        "column": test.place.column,
        "ok": outcome.passed,
        "alerts": [_alert(alert, test.start_ms) for alert in outcome.alerts],
        "failures": [_failure(failure) for failure in outcome.failures],
    }


def _alert(alert: Alert, start_ms: int) -> dict[str, Any]:
    return {
        "at_ms": alert.time_ms - start_ms,
        "rule": alert.rule.name,
        "symbol": alert.symbol,
        "state": alert.state.value,
        "value": alert.value,
        "threshold": _plain(alert.threshold),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    expected = failure.expected
    return {
        "at_ms": failure.at_ms,
        "rule": failure.rule,
        "symbol": failure.symbol,
        "line": None if expected is None else expected.place.line,
        "expected": None if expected is None else expected.state.value,
        "got": None if failure.got is None else failure.got.state.value,
        "differences": [
            {"field": it.field, "expected": _plain(it.expected), "got": _plain(it.got)}
            for it in failure.differences
        ],
        "why": list(why_lines(failure.why)),
    }


def _plain(fact: Fact) -> object:
    match fact:
        case Interval(low, high):
            return [low, high]
        case AlertState():
            return fact.value
        case _:
            return fact
