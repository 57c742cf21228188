"""How a rule stands, as it is explained: at the newest ticker, with what it has been through."""

import pytest

from alertd.engine.condition import AnyOf, Comparison, Not
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explanation, HeldBack
from alertd.engine.life import Phase, Verdict
from alertd.engine.rule import Rule
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

ABOVE = check_of("close", "above", 100)
CROSSES = check_of("close", "crosses_above", 100)
VOLUME = check_of("volume", "above", 5)


def at_ms(second: float) -> int:
    return ticker(second).time_ms


def explained(tested: Rule, *closes: float, every_s: float = 2) -> Explanation:
    """How the rule stands after these closes."""
    engine = Engine({SYMBOL: [tested]})
    for number, close in enumerate(closes):
        engine.update(ticker(number * every_s, close=close))
    explanation = engine.explain(tested.name, SYMBOL)
    assert explanation is not None
    return explanation


def test_before_the_first_ticker_nothing_is_known():
    explanation = explained(rule(ABOVE))
    assert (explanation.ticker, explanation.condition, explanation.verdict) == (None, None, None)


def test_a_rule_that_does_not_watch_the_symbol_has_no_explanation():
    engine = Engine({SYMBOL: [rule(ABOVE)]})
    assert engine.explain("another", SYMBOL) is None
    assert engine.explain("a-rule", "ETHUSDT") is None


def test_a_level_says_since_when_and_how_far():
    condition = explained(rule(ABOVE), 101, 99, 98).condition
    assert condition is not None
    assert condition.reading is not None
    assert (condition.true, condition.since_ms) == (False, at_ms(2))
    assert (condition.reading.value, condition.reading.previous) == (98.0, 99.0)
    assert condition.distance == 2.0
    assert condition.distance_percent == pytest.approx(100 * 2 / 98)


def test_a_band_is_as_far_as_its_nearer_bound():
    condition = explained(rule(check_of("close", "between", 100, 110)), 113).condition
    assert condition is not None
    assert condition.distance == -3.0


def test_every_part_of_a_tree_has_its_own_truth():
    tree = both(
        ABOVE, AnyOf((check_of("close", "above", 200), Not(check_of("close", "below", 50))))
    )
    condition = explained(rule(tree), 99, 101).condition
    assert condition is not None
    above, either = condition.parts
    high, negated = either.parts
    assert [it.true for it in (condition, above, either, high, negated)] == [
        True, True, True, False, True,
    ]  # fmt: skip
    assert [it.since_ms for it in (condition, above, either)] == [at_ms(2), at_ms(2), at_ms(0)]


@pytest.mark.parametrize(
    ("closes", "true", "since_s"),
    [
        ((99,), None, None),
        ((99, 98), False, None),
        ((99, 101), True, 2),
        ((99, 101, 102), False, 2),
    ],
)
def test_an_event_is_true_on_its_ticker_and_remembers_when_it_happened(closes, true, since_s):
    condition = explained(rule(CROSSES), *closes).condition
    assert condition is not None
    assert condition.true is true
    assert condition.since_ms == (None if since_s is None else at_ms(since_s))


@pytest.mark.parametrize(
    ("keys", "closes", "verdict"),
    [
        ({}, (99,), Verdict.NOT_TRUE),
        ({}, (101,), Verdict.FIRES),
        ({}, (101, 102), Verdict.STILL_FIRING),
        ({}, (101, 99), Verdict.RESOLVES),
        ({}, (101, 99, 99), Verdict.NOT_TRUE),
        ({"for_s": 10}, (101, 102), Verdict.NOT_HELD),
        ({"cooldown_s": 60}, (101, 99, 101), Verdict.COOLING_DOWN),
        ({"keep_firing_for_s": 60}, (101, 99), Verdict.KEPT_FIRING),
        ({"once": True}, (101, 99, 101), Verdict.DISARMED),
        ({"expires_s": 3}, (99, 99, 101), Verdict.EXPIRED),
    ],
)
def test_the_verdict_is_that_of_the_newest_ticker(keys, closes, verdict):
    assert explained(rule(ABOVE, **keys), *closes).verdict is verdict


def test_what_kept_it_from_firing_is_remembered():
    explanation = explained(rule(ABOVE, cooldown_s=60), 101, 99, 101, 99)
    assert explanation.held_back == HeldBack(Verdict.COOLING_DOWN, at_ms(4))
    assert explanation.cooldown_left_ms == 54_000
    assert explanation.last_alert is not None
    assert explanation.last_alert.time_ms == at_ms(0)


def test_the_next_turn_is_known():
    assert explained(rule(ABOVE, for_s=10), 99, 101).due_ms == at_ms(12)
    assert explained(rule(ABOVE, repeat_s=60), 101, 102).due_ms == at_ms(60)
    assert explained(rule(ABOVE), 101, 102).due_ms is None


def test_a_level_that_is_true_by_its_rearm_alone_is_latched():
    explanation = explained(rule(check_of("close", "above", 100, rearm=2)), 101, 99)
    assert explanation.life.phase is Phase.FIRING
    assert explanation.condition is not None
    assert (explanation.condition.true, explanation.condition.latched) == (True, True)
    over = explained(rule(check_of("close", "above", 100, rearm=2)), 101, 98).condition
    assert over is not None
    assert (over.true, over.latched) == (False, False)


def test_a_crossing_that_is_not_ready_is_latched():
    tested = rule(check_of("close", "crosses_above", 100, rearm=2))
    for closes, latched in (((99, 101), True), ((99, 101, 99, 101), True), ((99, 101, 98), False)):
        condition = explained(tested, *closes).condition
        assert condition is not None
        assert condition.latched is latched


def test_what_only_its_rearm_kept_true_is_not_so_when_the_rule_is_over():
    engine = Engine({SYMBOL: [rule(both(check_of("close", "above", 100, rearm=9), VOLUME))]})
    engine.update(ticker(0, close=101, volume=10))
    engine.update(ticker(2, close=95, volume=10))
    engine.update(ticker(4, close=95, volume=1))
    explanation = engine.explain("a-rule", SYMBOL)
    assert explanation is not None
    assert explanation.condition is not None
    close, _ = explanation.condition.parts
    assert (close.true, close.latched) == (False, False)


@pytest.mark.parametrize(
    "condition",
    [
        check_of("close", "new_high", within_s=60),
        check_of("vwap", "crosses_above", 100),
        check_of("vwap", "crosses_every", 10),
    ],
)
def test_an_event_that_cannot_be_told_is_neither_true_nor_false(condition: Comparison):
    engine = Engine({SYMBOL: [rule(condition)]})
    for second in range(3):
        engine.update(ticker(second, volume=0, quote_volume=0))
    explanation = engine.explain("a-rule", SYMBOL)
    assert explanation is not None
    assert explanation.condition is not None
    assert explanation.condition.true is None
