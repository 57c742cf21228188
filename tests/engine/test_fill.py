"""Windows that are told of closes which nobody saw: what they make of them, and what they do not."""

import pytest

from alertd.engine.condition import Comparison
from alertd.engine.engine import Engine
from alertd.engine.metrics import CLOSE
from alertd.engine.rule import Rule
from tests.engine.stories import scenes
from tests.engine.tickers import SYMBOL, check_of, rule

ABOVE = check_of("close", "above", 100)
CROSSES = check_of("close", "crosses_above", 100)
HIGH = check_of("close", "new_high", within_s=10)
RISES = check_of("close", "rises", 3, within_s=10)


def filled(tested: Rule, seen: str, told: str, goes_on: str) -> list[float]:
    """When a rule fires that has seen some of the past, was told of more, and goes on."""
    engine = Engine({SYMBOL: [tested]})
    for scene in scenes(seen):
        engine.warm(scene.ticker)
    engine.fill(SYMBOL, [(it.ticker.time_ms, it.ticker.close) for it in scenes(told)])
    alerts = [it for scene in scenes(goes_on) for it in engine.update(scene.ticker)]
    return [(alert.time_ms - 1_000_000) / 1000 for alert in alerts]


@pytest.mark.parametrize(
    ("tested", "seen", "told", "goes_on", "fires_at"),
    [
        pytest.param(RISES, "", "0:100", "2:103", [2], id="a rise since what it was told of"),
        pytest.param(RISES, "0:101", "1:100", "2:103", [2], id="or since what nobody saw"),
        pytest.param(RISES, "", "0:100", "11:103", [], id="not since what is too old"),
        pytest.param(HIGH, "", "0:100 5:101", "10:102", [10], id="a record over all of it"),
        pytest.param(HIGH, "", "0:100 5:103", "10:102 12:102.5", [], id="none over some of it"),
        pytest.param(HIGH, "", "1:100 5:101", "10:102", [], id="none where some is not known"),
        pytest.param(CROSSES, "", "0:99", "2:101 4:102", [], id="what it was told of is no ticker"),
        pytest.param(CROSSES, "0:99", "1:101", "2:102", [2], id="nor takes the place of one"),
        pytest.param(ABOVE, "0:101", "1:99", "2:101", [2], id="nor is a level looked at"),
    ],
)
def test_windows_are_filled_from_closes_that_it_is_told_of(
    tested: Comparison, seen: str, told: str, goes_on: str, fires_at: list[float]
):
    assert filled(rule(tested), seen, told, goes_on) == fires_at


def test_windows_over_another_metric_are_told_nothing_of_closes():
    tested = rule(check_of("volume", "rises", "1%", within_s=10))
    assert filled(tested, "", "0:1", "2:1000") == []


def test_of_a_symbol_that_nobody_watches_nothing_is_kept():
    engine = Engine({SYMBOL: [rule(RISES)]})
    engine.fill("ETHUSDT", [(1, 1.0)])
    assert engine.windows() == engine.windows(CLOSE) == {SYMBOL: 10_000}


def test_the_longest_window_is_that_over_the_metric_that_was_asked_for():
    volume = rule(check_of("volume", "rises", "1%", within_s=60), name="volume")
    engine = Engine({SYMBOL: [rule(RISES), volume], "ETHUSDT": [volume]})
    assert engine.windows() == {SYMBOL: 60_000, "ETHUSDT": 60_000}
    assert engine.windows(CLOSE) == {SYMBOL: 10_000}


@pytest.mark.parametrize("told", ["200:1", "0:99 200:1"])
def test_what_it_was_told_of_a_time_to_come_is_of_another_market_and_is_forgotten(told: str):
    assert filled(rule(RISES), "", told, "2:100 4:103.5") == [4]
    assert filled(rule(RISES), "1:99", told, "2:103 4:103.5 6:106.5") == [6]


def test_a_moment_too_early_makes_no_difference():
    assert filled(rule(RISES), "", "0:100 30:100", "2:103") == [2]
