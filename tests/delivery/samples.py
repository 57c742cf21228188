"""Alerts and messages for the tests of this room."""

import attrs

from alertd.delivery.message import Message
from alertd.engine.alert import Alert, AlertState, Interval, Reading
from alertd.engine.condition import AllOf, Band, Comparison, Level, Operator
from alertd.engine.metrics import METRICS
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


def metric_test(metric: str, operator: Operator, level: Level) -> Comparison:
    return Comparison(METRICS[metric], operator, level)


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


def _threshold(level):
    return Interval(level.low, level.high) if isinstance(level, Band) else level


def alert_of(
    rule: Rule | None = None, ticker: Ticker = BTC, *, previous: float | None = None
) -> Alert:
    """An alert that the ticker gives by the rule, each reading with this previous value."""
    rule = rule or rule_of()
    assert isinstance(rule.when, AllOf)
    readings = []
    for test in rule.when.parts:
        assert isinstance(test, Comparison)
        value = test.metric.of(ticker)
        assert value is not None
        readings.append(Reading(test, value, previous, _threshold(test.level), holds=True))
    return Alert(
        rule=rule,
        symbol=ticker.symbol,
        state=AlertState.FIRING,
        time_ms=ticker.time_ms,
        held_for_ms=rule.hold_for_ms,
        readings=tuple(readings),
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
