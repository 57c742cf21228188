"""The built-in messages, as a person gets to see them."""

import attrs
import pytest

from alertd.delivery.message import Message, compose
from alertd.engine.alert import Alert
from alertd.engine.condition import Band, Operator
from alertd.engine.rule import Severity
from alertd.market.ticker import Ticker
from tests.delivery.samples import PEPE, TIME_MS, alert_of, metric_test, rule_of


def shown(message: Message) -> str:
    return f"{message.title}\n\n{message.body}\n"


def symbol_named(symbol: str) -> Alert:
    ticker = Ticker(symbol, TIME_MS, 0.123, 0.11, 0.13, 0.105, 18_234_000, 2_247_000)
    return alert_of(rule_of(metric_test("drawdown_percent", Operator.AT_LEAST, 5.0)), ticker)


def test_a_crossing_says_where_the_price_was_and_is() -> None:
    assert (
        shown(compose(alert_of(previous=99_987.1)))
        == """\
BTCUSDT close crossed above 100000

Close 100012.3, crossed above 100000, was 99987.1
24h +3.27%, 96420.7 to 100250
24h volume 17.9B USDT
Rule my-rule
2025-05-08 14:30:19 UTC
"""
    )


def test_a_level_says_how_far_it_is_and_how_long_it_held() -> None:
    rule = rule_of(
        metric_test("range_percent", Operator.AT_LEAST, 3.0),
        metric_test("quote_volume", Operator.ABOVE, 51_250_000.0),
        severity=Severity.WARNING,
    )
    alert = alert_of(attrs.evolve(rule, hold_for_ms=30_000))
    assert (
        shown(compose(attrs.evolve(alert, held_for_ms=32_000)))
        == """\
BTCUSDT 24h range 3.97%, at least 3%

24h range 3.97%, at least 3%
24h volume 17.9B USDT, above 51.25M
Held for 32s
24h +3.27%, 96420.7 to 100250
24h volume 17.9B USDT
Rule my-rule (warning)
2025-05-08 14:30:19 UTC
"""
    )


def test_small_prices_and_bands_are_written_in_full() -> None:
    rule = rule_of(
        metric_test("close", Operator.BETWEEN, Band(0.00001, 0.00002)),
        metric_test("volume", Operator.ABOVE, 1_000_000.0),
        metric_test("change", Operator.OUTSIDE, Band(-1.0, 0.0)),
        severity=Severity.CRITICAL,
    )
    assert (
        shown(compose(alert_of(rule, PEPE)))
        == """\
1000PEPEUSDT close 0.0000123, between 0.00001 and 0.00002

Close 0.0000123, between 0.00001 and 0.00002
24h volume 18.2M 1000PEPE, above 1M
24h change 0.0000013, outside -1 to 0
24h +11.82%, 0.0000105 to 0.000013
24h volume 224.7 USDT
Rule my-rule (critical)
2025-05-08 14:30:19 UTC
"""
    )


def test_the_event_among_several_tests_makes_the_title() -> None:
    rule = rule_of(
        metric_test("quote_volume", Operator.ABOVE, 1e6),
        metric_test("close", Operator.CROSSES_BELOW, 100_100.0),
    )
    message = compose(alert_of(rule, previous=100_200.0))
    assert message.title == "BTCUSDT close crossed below 100100"


def test_a_symbol_that_is_not_ascii_is_shown_as_it_is() -> None:
    message = compose(symbol_named("币安人生USDT"))
    assert message.title == "币安人生USDT drop from 24h high 5.38%, at least 5%"


@pytest.mark.parametrize(
    ("symbol", "volume"),
    [
        ("BTCUSDT_260327", "24h volume 2.2M USDT"),
        ("ETHBTC", "24h volume 2.2M BTC"),
        ("USDT", "24h volume 2.2M"),
        ("DOGEEUR", "24h volume 2.2M"),
    ],
)
def test_a_volume_has_the_asset_where_the_symbol_tells_it(symbol: str, volume: str) -> None:
    assert compose(symbol_named(symbol)).body.splitlines()[2] == volume
