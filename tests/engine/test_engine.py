"""The engine: which alerts a story of tickers gives, and what is in them."""

from alertd.engine.alert import AlertState
from alertd.engine.condition import Band
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

OTHER = "ETHUSDT"


def engine_of(*rules: Rule) -> Engine:
    return Engine({SYMBOL: rules})


def test_the_contract_s_own_example_a_wick_through_six_figures_alerts_once():
    engine = engine_of(rule(check_of("close", "crosses_above", 100_000)))
    closes = [(0, 99_990), (2, 100_010), (4, 99_980)]
    alerts = [alert for at, close in closes for alert in engine.update(ticker(at, close=close))]
    assert [(alert.time_ms, alert.value) for alert in alerts] == [(1_002_000, 100_010)]


def test_an_alert_says_what_was_compared_with_what():
    tested = rule(check_of("close", "crosses_above", 100), for_s=0)
    engine = engine_of(tested)
    engine.update(ticker(0, close=99))
    newest = ticker(2, close=101)
    (alert,) = engine.update(newest)
    assert alert.rule is tested
    assert alert.symbol == SYMBOL
    assert alert.state is AlertState.FIRING
    assert alert.ticker is newest
    assert (alert.value, alert.threshold, alert.decisive.previous) == (101, 100, 99)


def test_an_alert_on_the_first_ticker_has_no_previous_value():
    (alert,) = engine_of(rule(check_of("close", "above", 100))).update(ticker(0, close=101))
    assert alert.decisive.previous is None


def test_an_alert_of_several_tests_reads_each_in_the_order_written():
    engine = engine_of(
        rule(both(check_of("volume", "above", 10), check_of("close", "between", 90, 110)))
    )
    (alert,) = engine.update(ticker(0, close=100, volume=11))
    assert [reading.value for reading in alert.readings] == [11, 100]
    assert alert.readings[1].comparison.level == Band(90, 110)


def test_the_event_is_what_decides_where_there_is_one():
    engine = engine_of(
        rule(both(check_of("volume", "above", 10), check_of("close", "crosses_below", 100)))
    )
    engine.update(ticker(0, close=101, volume=11))
    (alert,) = engine.update(ticker(2, close=99, volume=11))
    assert (alert.value, alert.threshold) == (99, 100)


def test_an_alert_says_how_long_the_level_was_held():
    engine = engine_of(rule(check_of("close", "above", 100), for_s=10))
    engine.update(ticker(0, close=101))
    (alert,) = engine.update(ticker(12, close=102))
    assert alert.held_for_ms == 12_000


def test_symbols_do_not_touch_each_other():
    watched = rule(check_of("close", "crosses_above", 100))
    engine = Engine({SYMBOL: [watched], OTHER: [watched]})
    assert engine.update(ticker(0, close=99)) == []
    assert engine.update(ticker(1, close=101, symbol=OTHER)) == []  # OTHER's first ticker
    assert len(engine.update(ticker(2, close=101))) == 1


def test_a_symbol_without_rules_gives_nothing():
    assert engine_of(rule(check_of("close", "above", 1))).update(ticker(symbol=OTHER)) == []


def test_a_rule_that_is_switched_off_gives_nothing():
    engine = engine_of(rule(check_of("close", "above", 1), enabled=False))
    assert engine.update(ticker(close=5)) == []


def test_rules_fire_in_the_order_in_which_they_stand():
    first = rule(check_of("close", "above", 1), name="first")
    second = rule(check_of("close", "above", 2), name="second")
    alerts = engine_of(second, first).update(ticker(close=5))
    assert [alert.rule.name for alert in alerts] == ["second", "first"]


def test_events_dropped_by_a_cooldown_are_counted():
    engine = engine_of(rule(check_of("close", "crosses_above", 100), cooldown_s=60))
    for at, close in enumerate([99, 101, 99, 101, 99, 101]):
        engine.update(ticker(at, close=close))
    assert engine.dropped_events == 2


def test_a_level_kept_waiting_by_a_cooldown_is_not_counted_as_dropped():
    engine = engine_of(rule(check_of("close", "above", 100), cooldown_s=60))
    for at, close in enumerate([101, 99, 101, 101]):
        engine.update(ticker(at, close=close))
    assert engine.dropped_events == 0


def test_where_time_goes_back_the_symbol_s_rules_begin_anew():
    engine = engine_of(rule(check_of("close", "above", 100), cooldown_s=3600))
    assert len(engine.update(ticker(5000, close=101))) == 1
    assert len(engine.update(ticker(0, close=101))) == 1
    assert engine.update(ticker(2, close=101)) == []


def test_a_crossing_is_not_seen_from_one_market_to_another():
    engine = engine_of(rule(check_of("close", "crosses_above", 100)))
    engine.update(ticker(5000, close=99))
    assert engine.update(ticker(0, close=101)) == []


def test_a_symbol_that_is_given_another_rule_has_it_and_keeps_the_one_that_it_had():
    first = rule(check_of("close", "above", 100), name="first")
    second = rule(check_of("close", "crosses_above", 200), name="second")
    engine = engine_of(first)
    assert len(engine.update(ticker(0, close=101))) == 1
    engine.watch({SYMBOL: [first, second]})
    alerts = engine.update(ticker(2, close=201))
    assert [alert.rule.name for alert in alerts] == ["second"]


def test_a_rule_that_a_symbol_has_no_more_is_silent():
    first, second = (rule(check_of("close", "above", 100), name=name) for name in ("a", "b"))
    engine = engine_of(first, second)
    engine.watch({SYMBOL: [second]})
    assert [alert.rule.name for alert in engine.update(ticker(0, close=101))] == ["b"]


def test_a_rule_that_says_something_else_under_its_name_begins_anew():
    engine = engine_of(rule(check_of("close", "above", 100)))
    engine.update(ticker(0, close=301))
    engine.watch({SYMBOL: [rule(check_of("close", "above", 200))]})
    assert len(engine.update(ticker(2, close=301))) == 1


def test_a_symbol_that_is_watched_no_more_gives_nothing():
    engine = engine_of(rule(check_of("close", "above", 100)))
    engine.watch({})
    assert engine.update(ticker(0, close=101)) == []


def test_each_symbol_has_its_own_rules():
    first, second = (rule(check_of("close", "above", 100), name=name) for name in ("a", "b"))
    engine = Engine({SYMBOL: [first], OTHER: [second]})
    assert engine.watched == {SYMBOL: (first,), OTHER: (second,)}
    for symbol, name in ((SYMBOL, "a"), (OTHER, "b")):
        alerts = engine.update(ticker(0, close=101, symbol=symbol))
        assert [alert.rule.name for alert in alerts] == [name]


def test_a_second_ticker_of_the_same_time_is_no_other_market():
    engine = engine_of(rule(check_of("close", "above", 100)))
    assert len(engine.update(ticker(0, close=101))) == 1
    assert engine.update(ticker(0, close=101)) == []


def test_dropped_events_stay_counted_when_their_symbol_is_watched_no_more():
    cooled = rule(check_of("close", "crosses_above", 100), cooldown_s=60)
    engine = Engine({SYMBOL: [cooled], OTHER: [cooled]})
    for symbol in (SYMBOL, OTHER):
        for at, close in enumerate([99, 101, 99, 101]):
            engine.update(ticker(at, close=close, symbol=symbol))
    counted = []
    for watched in ((SYMBOL, OTHER), (SYMBOL,), ()):
        engine.watch({symbol: [cooled] for symbol in watched})
        counted.append(engine.dropped_events)
    assert counted == [2, 2, 2]
