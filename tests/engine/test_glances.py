"""How rules stand in short: what a look at all of them takes."""

from alertd.engine.engine import Engine
from alertd.engine.life import Phase
from alertd.engine.rule import Rule
from tests.engine.tickers import check_of, ticker


def rule_of(number: int, level: float = 100) -> Rule:
    return Rule(name=f"rule-{number}", symbols=("BTCUSDT",), when=check_of("close", "above", level))


def names(engine: Engine, first: int = 0) -> list[str]:
    return [it.rule.name for it in engine.glances("BTCUSDT", first)]


def test_a_glance_has_the_phase_the_condition_and_the_last_alert():
    engine = Engine({"BTCUSDT": [rule_of(1), rule_of(2, level=1000)]})
    engine.update(ticker(0, close=101))
    firing, quiet = engine.glances("BTCUSDT")
    assert (firing.phase, firing.last_alert_ms) == (Phase.FIRING, 1_000_000)
    assert (quiet.phase, quiet.last_alert_ms) == (Phase.QUIET, None)
    assert quiet.condition == getattr(engine.explain("rule-2", "BTCUSDT"), "condition", None)


def test_before_the_first_ticker_there_is_no_condition():
    (glance,) = Engine({"BTCUSDT": [rule_of(1)]}).glances("BTCUSDT")
    assert (glance.ticker, glance.condition) == (None, None)


def test_many_rules_are_glanced_at_in_pieces_until_there_are_no_more():
    engine = Engine({"BTCUSDT": [rule_of(number) for number in range(120)]})
    found: list[str] = []
    while some := names(engine, len(found)):
        assert len(some) <= 50
        found += some
    assert found == [f"rule-{number}" for number in range(120)]


def test_a_symbol_that_is_not_watched_has_none():
    assert Engine({}).glances("BTCUSDT") == []


def test_what_fires_is_told_with_its_symbol():
    rules = [rule_of(1), rule_of(2, level=1000)]
    engine = Engine({"BTCUSDT": rules, "ETHUSDT": rules})
    engine.update(ticker(0, symbol="ETHUSDT", close=101))
    assert list(engine.firing()) == [("rule-1", "ETHUSDT")]
