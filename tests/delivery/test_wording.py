"""The built-in messages, as a person gets to see them."""

from typing import Any

import attrs
import pytest

from alertd.delivery.message import Message, compose
from alertd.engine.alert import Alert, AlertState
from alertd.engine.condition import Amount, AnyOf, Band, Comparison, Not, comparisons_in
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Severity
from alertd.market.ticker import Ticker
from tests.delivery.samples import PEPE, TIME_MS, alert_of, metric_test, reading_of, rule_of


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


def above(level: float, **keys: Any) -> Comparison:
    return metric_test("close", Operator.ABOVE, level, **keys)


def test_a_rule_that_is_over_says_so_and_how_long_it_lasted() -> None:
    test = above(100_100.0)
    alert = alert_of(rule_of(test), readings=(reading_of(test, holds=False),))
    over = attrs.evolve(alert, state=AlertState.RESOLVED, held_for_ms=750_000)
    assert (
        shown(compose(over))
        == """\
Over: BTCUSDT close 100012.3, no longer above 100100

Close 100012.3, no longer above 100100
Lasted 12m 30s
24h +3.27%, 96420.7 to 100250
24h volume 17.9B USDT
Rule my-rule
2025-05-08 14:30:19 UTC
"""
    )


@pytest.mark.parametrize(
    ("test", "seen", "title"),
    [
        (
            metric_test("vwap", Operator.ABOVE, 0.1),
            {"value": None},
            "Over: BTCUSDT 24h VWAP n/a, no longer above 0.1",
        ),
        (
            metric_test("close", Operator.ABOVE, METRICS["vwap"]),
            {"threshold": None},
            "Over: BTCUSDT close 100012.3, no longer above 24h VWAP n/a",
        ),
        (
            metric_test("close", Operator.BETWEEN, Band(1.0, METRICS["vwap"])),
            {"threshold": None},
            "Over: BTCUSDT close 100012.3, no longer between 1 and 24h VWAP",
        ),
        (
            metric_test("vwap", Operator.RISES, Amount(3.0, percent=True), within_ms=300_000),
            {"value": None},
            "Over: BTCUSDT 24h VWAP rose n/a in 5m, no longer 3%",
        ),
    ],
)
def test_a_rule_that_is_over_as_something_is_undefined_still_reads_well(
    test: Comparison, seen: dict[str, Any], title: str
) -> None:
    reading = reading_of(test, holds=None, **seen)
    alert = attrs.evolve(alert_of(rule_of(test), readings=(reading,)), state=AlertState.RESOLVED)
    assert compose(alert).title == title


def test_a_repeat_says_since_when_and_that_rearm_keeps_it_true() -> None:
    alert = alert_of(rule_of(above(100_100.0, rearm=Amount(500.0))))
    again = attrs.evolve(alert, repeats=2, held_for_ms=3_600_000)
    assert compose(again).title == "Still: BTCUSDT close 100012.3, not back at 99600"
    assert compose(again).body.splitlines()[:2] == [
        "Close 100012.3, not back at 99600",
        "Since 13:30:19 (1h), repeat 2",
    ]


def test_a_repeat_that_holds_by_itself_says_how_far_it_has_to_come_back() -> None:
    alert = alert_of(rule_of(above(100_000.0, rearm=Amount(500.0))))
    again = attrs.evolve(alert, repeats=1)
    assert compose(again).title == "Still: BTCUSDT close 100012.3, above 100000"
    assert compose(again).body.splitlines()[0] == "Close 100012.3, above 100000 (rearm 500)"


@pytest.mark.parametrize(
    ("test", "value", "words"),
    [
        (
            metric_test("drawdown_percent", Operator.AT_LEAST, 30.0, rearm=Amount(10.0)),
            24.1,
            "drop from 24h high 24.1%, not back at 20%",
        ),
        (
            metric_test("quote_volume", Operator.BELOW, 50e6, rearm=Amount(20.0, percent=True)),
            51.25e6,
            "24h volume 51.3M USDT, not back at 60M USDT",
        ),
        (
            metric_test("close", Operator.BETWEEN, Band(100.0, 110.0), rearm=Amount(2.0)),
            99.0,
            "close 99, not out of 98 to 112",
        ),
        (
            metric_test("close", Operator.OUTSIDE, Band(100.0, 110.0), rearm=Amount(2.0)),
            101.0,
            "close 101, not back in 102 to 108",
        ),
        (
            metric_test(
                "close",
                Operator.FALLS,
                Amount(4.0, percent=True),
                within_ms=300_000,
                rearm=Amount(50.0, percent=True),
            ),
            2.5,
            "close fell 2.5% in 5m, not back at 2%",
        ),
    ],
)
def test_what_rearm_alone_keeps_true_says_what_it_waits_for(
    test: Comparison, value: float, words: str
) -> None:
    alert = alert_of(rule_of(test), readings=(reading_of(test, value=value),))
    assert compose(attrs.evolve(alert, repeats=1)).title == f"Still: BTCUSDT {words}"


def test_what_is_asked_of_one_metric_shares_a_line_and_is_not_said_again() -> None:
    rule = rule_of(
        metric_test("quote_volume", Operator.RISES, Amount(10.0, percent=True), within_ms=900_000),
        metric_test("quote_volume", Operator.ABOVE, 20e6),
        metric_test("close", Operator.CROSSES_ABOVE, 100_000.0),
        metric_test("close", Operator.BELOW, 110_000.0),
    )
    seen = comparisons_in(rule.when)
    readings = (reading_of(seen[0], value=10.23), *map(reading_of, seen[1:]))
    assert compose(alert_of(rule, readings=readings)).body.splitlines()[:4] == [
        "24h volume 17.9B USDT, rose 10.23% in 15m (asked 10%), above 20M",
        "Close 100012.3, crossed above 100000",
        "Close 100012.3, below 110000",
        "24h +3.27%, 96420.7 to 100250",
    ]


def test_the_end_of_a_rule_that_repeated_says_nothing_of_rearm() -> None:
    test = above(100_600.0, rearm=Amount(500.0))
    alert = alert_of(rule_of(test), readings=(reading_of(test, holds=False),))
    over = attrs.evolve(alert, state=AlertState.RESOLVED, repeats=2, held_for_ms=45_000)
    assert compose(over).title == "Over: BTCUSDT close 100012.3, no longer above 100600"
    assert compose(over).body.splitlines()[:2] == [
        "Close 100012.3, no longer above 100600",
        "Lasted 45s",
    ]


def test_a_repeat_that_began_on_another_day_names_it() -> None:
    again = attrs.evolve(alert_of(rule_of(above(1.0))), repeats=1, held_for_ms=86_400_000)
    assert compose(again).body.splitlines()[1] == "Since 2025-05-07 14:30:19 (1d), repeat 1"


@pytest.mark.parametrize(
    ("dropped", "line"),
    [(1, "1 earlier event was not alerted"), (3, "3 earlier events were not alerted")],
)
def test_events_that_were_dropped_are_one_line(dropped: int, line: str) -> None:
    alert = attrs.evolve(alert_of(previous=99_987.1), dropped=dropped)
    assert compose(alert).body.splitlines()[1] == line


def test_a_gap_is_one_line() -> None:
    alert = attrs.evolve(alert_of(previous=99_987.1), gap_ms=300_000)
    assert compose(alert).body.splitlines()[1] == "After 5m without data"


def test_of_any_only_what_is_so_is_told() -> None:
    rule = attrs.evolve(rule_of(), when=AnyOf((above(100_100.0), above(100_000.0))))
    readings = (
        reading_of(above(100_100.0), holds=False),
        reading_of(above(100_000.0), holds=True),
    )
    message = compose(alert_of(rule, readings=readings))
    assert message.title == "BTCUSDT close 100012.3, above 100000"
    assert "100100" not in message.body


def test_of_a_not_what_is_not_so_is_told() -> None:
    test = metric_test("close", Operator.MOVES, Amount(1.0, percent=True), within_ms=3_600_000)
    rule = attrs.evolve(rule_of(), when=Not(test))
    alert = alert_of(rule, readings=(reading_of(test, value=0.8, holds=False),))
    assert compose(alert).title == "BTCUSDT close moved 0.8% in 1h, not 1%"
