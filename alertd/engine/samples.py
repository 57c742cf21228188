"""Alerts that a rule might give, for trying its templates before there is one."""

from collections.abc import Iterator

from alertd.engine.alert import Alert, AlertState, Interval, Reading
from alertd.engine.condition import (
    AllOf,
    Amount,
    Band,
    Bound,
    Comparison,
    Condition,
    comparisons_in,
)
from alertd.engine.metrics import Metric
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

_TIME_MS = 1_746_714_600_000  # 2025-05-08 14:30:00 UTC
_LASTED_MS = 3_600_000
_DOWNWARD = frozenset({Operator.BELOW, Operator.AT_MOST, Operator.CROSSES_BELOW, Operator.NEW_LOW})
_INWARD = frozenset({Operator.BETWEEN, Operator.ENTERS})


def sample_alerts(rule: Rule) -> Iterator[Alert]:
    """Yield an alert of each kind that the rule may give: the first one, a repeat, that it is over.

    Where its decisive comparison may be one with a band as well as one with a number, both are.
    """
    for decisive in _decisive_of(rule):
        yield _sample(rule, decisive)
        if rule.repeat_ms is not None:
            yield _sample(rule, decisive, held_ms=_LASTED_MS, repeats=1)
        if rule.notify_resolved:
            over = AlertState.RESOLVED
            yield _sample(rule, decisive, held_ms=_LASTED_MS, repeats=1, state=over)


def _decisive_of(rule: Rule) -> Iterator[Comparison]:
    tests = comparisons_in(rule.when)
    events = [test for test in tests if test.operator.is_event]
    first, *others = events or tests
    yield first
    if rule.notify_resolved or not _must_all_hold(rule.when):
        of_a_kind = first.operator.takes_band
        yield from [test for test in others if test.operator.takes_band is not of_a_kind][:1]


def _must_all_hold(condition: Condition) -> bool:
    match condition:
        case AllOf(parts):
            return all(map(_must_all_hold, parts))
    return isinstance(condition, Comparison)


def _sample(
    rule: Rule,
    decisive: Comparison,
    *,
    held_ms: int = 0,
    state: AlertState = AlertState.FIRING,
    repeats: int = 0,
) -> Alert:
    ticker = _ticker(rule)
    return Alert(
        rule=rule,
        symbol=ticker.symbol,
        state=state,
        time_ms=ticker.time_ms,
        held_for_ms=rule.hold_for_ms + held_ms,
        readings=tuple(
            _reading(test, ticker, decides=test is decisive, over=state is AlertState.RESOLVED)
            for test in comparisons_in(rule.when)
        ),
        ticker=ticker,
        repeats=repeats,
    )


def _ticker(rule: Rule) -> Ticker:
    return Ticker(
        # A name among the patterns; `all` is none.
        symbol=next((it for it in rule.symbols if it.isalnum() and it.isupper()), "BTCUSDT"),
        time_ms=_TIME_MS,
        close=100_020.5,
        open=96_850.1,
        high=100_250.0,
        low=96_420.7,
        volume=182_340.5,
        quote_volume=17_935_000_000.0,
    )


def _reading(test: Comparison, ticker: Ticker, *, decides: bool, over: bool) -> Reading:
    """Return what a comparison sees that has just come true, or false."""
    threshold = _threshold(test, ticker)
    if isinstance(threshold, Interval):
        inside = (threshold.low + threshold.high) / 2
        outside = threshold.high + _step(threshold.high)
        true, false = (inside, outside) if test.operator in _INWARD else (outside, inside)
    else:
        step = -_step(threshold) if test.operator in _DOWNWARD else _step(threshold)
        true, false = threshold + step, threshold - step
    value, previous = (false, true) if over else (true, false)
    return Reading(test, value, previous, threshold, holds=decides is not over)


def _threshold(test: Comparison, ticker: Ticker) -> float | Interval:
    match test.level:
        case Band(low, high):
            return Interval(_number(low, ticker), _number(high, ticker))
        case Amount(value) if test.operator.is_move:
            return value
        case Amount() | None:  # a rung or an extreme, which is somewhere near
            return _number(test.metric, ticker)
        case bound:
            return _number(bound, ticker)


def _number(bound: Bound, ticker: Ticker) -> float:
    if not isinstance(bound, Metric):
        return bound
    number = bound.of(ticker)
    assert number is not None  # noqa: S101 - the sample has all of them
    return number


def _step(number: float) -> float:
    return abs(number) / 100 or 1.0
