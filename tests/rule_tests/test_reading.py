"""What a sound file of tests means: its ticks as tickers, its rules, its alerts."""

import msgspec
import pytest

from alertd.engine.alert import AlertState, Interval
from alertd.market.ticker import Ticker
from alertd.rule_tests.model import RuleTest
from alertd.rule_tests.reading import read_suite
from tests.rule_tests.files import RULES, Bench

NOON_MS = 1_767_614_400_000  # Monday, 2026-01-05 12:00 UTC


def prices(test: RuleTest) -> list[tuple[float, float, float, float]]:
    return [(it.open, it.high, it.low, it.close) for it in test.tickers]


def closes(test: RuleTest) -> list[tuple[int, float]]:
    return [(it.time_ms - test.start_ms, it.close) for it in test.tickers]


def test_a_first_tick_needs_a_close_alone(bench: Bench):
    test = bench.test("[{at: 2s, close: 100}]")
    assert test.tickers == (
        Ticker(
            symbol="BTCUSDT",
            time_ms=NOON_MS + 2000,
            close=100,
            open=100,
            high=100,
            low=100,
            volume=0,
            quote_volume=0,
        ),
    )


def test_what_a_tick_does_not_say_is_carried_over(bench: Bench):
    first = "{at: 0s, close: 100, open: 95, high: 110, low: 90, volume: 2k, quote_volume: 1M}"
    test = bench.test(f"[{first}, {{at: 2s, close: 101}}]")
    before, after = test.tickers
    assert after == msgspec.structs.replace(before, time_ms=NOON_MS + 2000, close=101)


def test_a_close_beyond_the_high_or_low_takes_it_along(bench: Bench):
    test = bench.test("[{at: 0s, close: 100}, {at: 2s, close: 110}, {at: 4s, close: 90}]")
    assert prices(test) == [(100, 100, 100, 100), (100, 110, 100, 110), (100, 110, 90, 90)]


def test_an_open_beyond_the_close_is_within_high_and_low(bench: Bench):
    test = bench.test("[{at: 0s, close: 100, open: 120}, {at: 2s, open: 80}]")
    assert prices(test) == [(120, 120, 100, 100), (80, 120, 80, 100)]


def test_a_high_may_fall_as_an_extreme_leaves_the_window(bench: Bench):
    test = bench.test(
        "[{at: 0s, close: 100, high: 120}, {at: 2s, high: 105}, {at: 4s, close: 101}]"
    )
    assert [ticker.high for ticker in test.tickers] == [120, 105, 105]


def test_a_stretch_goes_evenly_from_one_value_to_the_other(bench: Bench):
    test = bench.test("[{at: 0s, to: 6s, every: 2s, close: 100 -> 101}]")
    assert closes(test) == [(0, 100), (2000, 100.333333333), (4000, 100.666666667), (6000, 101)]


def test_a_stretch_of_a_single_value_stays_there(bench: Bench):
    test = bench.test("[{at: 0s, to: 1m, every: 30s, close: 0.1234567890123}]")
    assert [close for _, close in closes(test)] == [0.1234567890123] * 3


def test_each_symbol_carries_over_its_own(bench: Bench):
    test = bench.test(
        "[{at: 0s, close: 100}, {at: 1s, symbol: ETHUSDT, close: 5}, {at: 2s, volume: 1}]"
    )
    assert [(it.symbol, it.close) for it in test.tickers] == [
        ("BTCUSDT", 100),
        ("ETHUSDT", 5),
        ("BTCUSDT", 100),
    ]


def test_the_ticks_of_two_symbols_come_in_the_order_of_time(bench: Bench):
    stretch = "at: 0s, to: 2s, every: 2s, close: 1"
    test = bench.test(f"[{{{stretch}}}, {{symbol: ETHUSDT, {stretch}}}]")
    assert [it.symbol for it in test.tickers] == ["BTCUSDT", "ETHUSDT", "BTCUSDT", "ETHUSDT"]


@pytest.mark.parametrize("start", ["2025-06-01T14:00:00+02:00", "2025-06-01T12:00:00Z"])
def test_a_start_is_a_time_in_any_zone(bench: Bench, start: str):
    test = bench.test("[{at: 1s, close: 1}]", keys=f"start: '{start}',")
    assert (test.start_ms, test.tickers[0].time_ms) == (1_748_779_200_000, 1_748_779_201_000)


def test_a_test_is_about_all_rules_that_are_for_its_symbols(bench: Bench):
    bench.write("tests: [{name: a, symbol: ETHUSDT, ticks: [{at: 0s, close: 1}], alerts: []}]")
    assert [rule.name for rule in read_suite(bench.tests).tests[0].rules] == ["wide"]


def test_a_test_is_about_the_rules_that_it_names(bench: Bench):
    test = bench.test("[{at: 0s, close: 1}]", keys="rules: above,")
    assert [rule.name for rule in test.rules] == ["above"]


def test_a_rule_that_is_disabled_is_tested_all_the_same(bench: Bench):
    test = bench.test("[{at: 0s, close: 1}]", keys="rules: wide,")
    assert test.rules[0].enabled


def test_an_alert_says_what_is_to_be_compared_and_nothing_else(bench: Bench):
    alert = "{at: 2s, state: resolved, value: 2.5k, threshold: [1, 2], title: T, message: M}"
    test = bench.test("[{at: 2s, close: 1}]", f"[{alert}]", keys="rules: above,")
    (expected,) = test.alerts
    assert (expected.at_ms, expected.rule, expected.symbol) == (2000, "above", "BTCUSDT")
    assert (expected.state, expected.value) == (AlertState.RESOLVED, 2500)
    assert (expected.threshold, expected.title, expected.message) == (Interval(1, 2), "T", "M")
    assert expected.place.line == 1


def test_channels_need_not_exist(bench: Bench):
    rules = "rules: {above: {symbols: BTCUSDT, when: {close: {above: 1}}, notify: nowhere}}"
    assert bench.test("[{at: 0s, close: 1}]", rules=rules).rules[0].notify == ("nowhere",)


def test_the_file_s_own_defaults_come_in(bench: Bench):
    test = bench.test("[{at: 0s, close: 1}]", rules="defaults: {cooldown: 5m}\n" + RULES)
    assert {rule.cooldown_ms for rule in test.rules} == {300_000}


def test_the_defaults_of_a_configuration_come_in_where_it_is_given(bench: Bench):
    config = bench.path / "config.yaml"
    config.write_text("channels: {phone: '${X}'}\ndefaults: {notify: phone, cooldown: 7m}\n")
    bench.write("tests: [{name: a, symbol: BTCUSDT, ticks: [{at: 0s, close: 1}], alerts: []}]")
    (test,) = read_suite(bench.tests, config=config).tests
    assert [(rule.notify, rule.cooldown_ms) for rule in test.rules] == [(("phone",), 420_000)] * 2


def test_a_configuration_knows_the_channels(bench: Bench):
    config = bench.path / "config.yaml"
    config.write_text("channels: {phone: 'json://x'}\ndefaults: {notify: fone}\n")
    tests = "tests: [{name: a, symbol: BTCUSDT, ticks: [{at: 0s, close: 1}], alerts: []}]"
    assert bench.mistakes(tests, config=config) == [
        "config.yaml:2:20: unknown channel `fone` (did you mean `phone`?)"
    ]
