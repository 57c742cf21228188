"""What of a rule is drawn beside a price, and what is not a price."""

from pathlib import Path

import pytest

from alertd.engine.rule import Rule
from alertd.replay.plot.levels import Level, level_of, levels_beside, levels_of
from alertd.replay.replayed import Replayed
from tests.replay.reels import START_MS, rules_of


def rule_of(folder: Path, when: str) -> Rule:
    (rule,) = rules_of(folder, f"rules: {{it: {{symbols: all, when: {when}}}}}")
    return rule


@pytest.mark.parametrize(
    ("when", "levels"),
    [
        ("{close: {above: 100}}", (100,)),
        ("{close: {crosses: 100}}", (100,)),
        ("{close: {touches: 100}}", (100,)),
        ("{high: {above: 100}}", (100,)),
        ("{vwap: {below: 100}}", (100,)),
        ("{close: {between: [90, 110]}}", ((90, 110),)),
        ("{close: {leaves: [90, 110]}}", ((90, 110),)),
        ("{not: {close: {above: 100}}}", (100,)),
        ("{all: [{close: {above: 90}}, {low: {above: 80}}]}", (90, 80)),
        ("{any: [{close: {above: 90}}, {high: {above: 90}}]}", (90,)),
        ("{close: {above: vwap}}", ()),
        ("{close: {between: [90, vwap]}}", ()),
        ("{close: {rises: 100, within: 5m}}", ()),
        ("{close: {crosses_every: 100}}", ()),
        ("{close: {new_high: 4h}}", ()),
        ("{change: {above: 100}}", ()),
        ("{range_percent: {above: 5}}", ()),
        ("{quote_volume: {above: 1M}}", ()),
    ],
)
def test_the_levels_of_a_rule_are_the_prices_in_it(
    when: str, levels: tuple[Level, ...], tmp_path: Path
):
    assert levels_of(rule_of(tmp_path, when)) == levels


def alert(value: float | None, threshold: Level | None) -> Replayed:
    return Replayed(
        time_ms=START_MS,
        rule="it",
        symbol="BTCUSDT",
        state="firing",
        severity="info",
        value=value,
        threshold=threshold,
        metrics={"close": 105.0, "high": 120.0, "quote_volume": 7.0, "change": 3.0},
        title="",
        body="",
    )


@pytest.mark.parametrize(
    ("when", "value", "threshold", "level"),
    [
        ("{close: {crosses: 100}}", 105.0, 100.0, 100.0),
        ("{close: {crosses_every: 5}}", 105.0, 105.0, 105.0),
        ("{close: {above: vwap}}", 105.0, 101.5, 101.5),
        ("{close: {new_high: 4h}}", 105.0, 104.0, 104.0),
        ("{close: {enters: [90, 110]}}", 105.0, (90.0, 110.0), (90.0, 110.0)),
        ("{all: [{quote_volume: {above: 5}}, {close: {above: 100}}]}", 7.0, 5.0, None),
        ("{all: [{quote_volume: {above: 5}}, {close: {above: 100}}]}", 105.0, 100.0, 100.0),
        ("{close: {rises: 3, within: 5m}}", 3.5, 3.0, None),
        ("{change: {above: 2}}", 3.0, 2.0, None),
        ("{vwap: {above: 100}}", None, None, None),
    ],
)
def test_the_level_of_an_alert_is_what_a_price_was_compared_with(
    when: str, value: float | None, threshold: Level | None, level: Level | None, tmp_path: Path
):
    assert level_of(alert(value, threshold), rule_of(tmp_path, when)) == level


def test_beside_a_symbol_stand_the_levels_of_the_rules_that_watch_it(tmp_path: Path):
    rules = rules_of(
        tmp_path,
        "rules:\n  eth: {symbols: ETHUSDT, when: {close: {above: 9}}}\n"
        "  all: {symbols: all, exclude: XRPUSDT, when: {close: {between: [5, 7]}}}\n",
    )
    assert levels_beside("ETHUSDT", rules) == [(0, 9), (1, (5, 7))]
    assert levels_beside("BTCUSDT", rules) == [(1, (5, 7))]
    assert levels_beside("XRPUSDT", rules) == []
