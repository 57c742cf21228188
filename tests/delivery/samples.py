"""Alerts and messages for the tests of this room."""

from typing import Any

import attrs

from alertd.delivery.message import Message
from alertd.engine.alert import Alert, AlertState, Interval, Reading
from alertd.engine.condition import AllOf, Amount, Band, Bound, Comparison, Level, comparisons_in
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule, Severity
from alertd.market.ticker import Ticker

TIME_MS = 1_746_714_619_000  # 2025-05-08 14:30:19 UTC
BTC = Ticker(
    symbol="BTCUSDT",
    time_ms=TIME_MS,
    close=100_012.3,
    open=96_850.1,
    high=100_250.0,
    low=96_420.7,
    volume=182_340.123,
    quote_volume=17_935_123_456.7,
)
PEPE = Ticker(
    symbol="1000PEPEUSDT",
    time_ms=TIME_MS,
    close=0.0000123,
    open=0.000011,
    high=0.000013,
    low=0.0000105,
    volume=18_234_000.5,
    quote_volume=224.7,
)


def metric_test(metric: str, operator: Operator, level: Level, **keys: Any) -> Comparison:
    return Comparison(METRICS[metric], operator, level, **keys)


SIX_FIGURES = metric_test("close", Operator.CROSSES_ABOVE, 100_000.0)


def rule_of(
    *tests: Comparison,
    name: str = "my-rule",
    severity: Severity = Severity.INFO,
    notify: tuple[str, ...] = (),
    title: str | None = None,
    message: str | None = None,
) -> Rule:
    return Rule(
        name=name,
        symbols=("BTCUSDT",),
        when=AllOf(tests or (SIX_FIGURES,)),
        severity=severity,
        notify=notify,
        title=title,
        message=message,
    )


def reading_of(
    test: Comparison,
    ticker: Ticker = BTC,
    *,
    previous: float | None = None,
    holds: bool | None = True,
    kept: bool = False,
    **seen: float | Interval | None,
) -> Reading:
    """What the test sees at the ticker; `value` and `threshold` where they are something else."""
    found = {"value": test.metric.of(ticker), "threshold": _threshold(test.level, ticker)} | seen
    return Reading(test, previous=previous, holds=holds, kept=kept, **found)  # type: ignore[arg-type]  # as given


def _threshold(level: Level, ticker: Ticker) -> float | Interval | None:
    match level:
        case Band(low, high):
            return Interval(_number(low, ticker), _number(high, ticker))
        case Amount(value):
            return value
        case None:
            return None
        case bound:
            return _number(bound, ticker)


def _number(bound: Bound, ticker: Ticker) -> float:
    number = bound.of(ticker) if isinstance(bound, Metric) else bound
    assert number is not None
    return number


def alert_of(
    rule: Rule | None = None,
    ticker: Ticker = BTC,
    *,
    previous: float | None = None,
    readings: tuple[Reading, ...] = (),
) -> Alert:
    """An alert that the ticker gives by the rule, each reading with this previous value."""
    rule = rule or rule_of()
    seen = (reading_of(it, ticker, previous=previous) for it in comparisons_in(rule.when))
    return Alert(
        rule=rule,
        symbol=ticker.symbol,
        state=AlertState.FIRING,
        time_ms=ticker.time_ms,
        held_for_ms=rule.hold_for_ms,
        readings=readings or tuple(seen),
        ticker=ticker,
    )


MESSAGE = Message(
    title="BTCUSDT close crossed above 100000",
    body="Close 100012.3",
    severity=Severity.INFO,
    rule="my-rule",
    symbol="BTCUSDT",
    time_ms=TIME_MS,
)


def message_of(title: str = MESSAGE.title, body: str = MESSAGE.body) -> Message:
    return attrs.evolve(MESSAGE, title=title, body=body)
