"""Which tickers make the engine look at a rule: only those that can change something for it."""

import pytest

from alertd.engine.condition import Condition
from alertd.engine.engine import programs_of
from alertd.engine.rule import Rule
from alertd.engine.symbol import Symbol
from tests.engine.stories import scenes
from tests.engine.tickers import SYMBOL, check_of, either, rule

ABOVE = check_of("close", "above", 100)
LADDER = check_of("close", "crosses_every", 10)


def check_looks(story: str, *rules: Rule) -> None:
    """See that the first rule is looked at on the tickers with a `?` behind them, and on no other."""
    symbol = Symbol(programs_of({SYMBOL: rules})[SYMBOL])
    looks = []
    for scene in scenes(story.replace("?", "")):
        # A look leaves its verdict.
        symbol.standings[0].verdict = None
        symbol.update(scene.ticker)
        looks.append(scene.text + ("?" if symbol.standings[0].verdict else ""))
    assert " ".join(looks) == story


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        pytest.param(ABOVE, "99? 1 100 100.01? 500 100? 99", id="its level is passed"),
        pytest.param(check_of("close", "at_least", 100), "99? 100? 101 100 99.99?", id="or reached"),
        pytest.param(check_of("close", "between", 90, 110), "80? 89 90? 110 111? 200 80?", id="a bound, or both at once"),
        pytest.param(check_of("close", "crosses_above", 100), "99? 1 101? 102 100?", id="an event, either way"),
        pytest.param(check_of("close", "above", "open"), "99/99/1? 98/98/1 200/200/1", id="two metrics that go together"),
        pytest.param(check_of("close", "above", 100, rearm=5), "101? 100.5 96? 97 95? 96? 101?", id="it has come back"),
        pytest.param(check_of("range_position", "above", 50), "5/5/5? 5/5/5 5/5/4? 6/6/4 5/5/5? 5/5/5", id="it becomes undefined, or defined"),
        pytest.param(check_of("close", "rises", 3, within_s=60), "100? 102 103? 104 102?", id="it has moved that far"),
        pytest.param(check_of("close", "new_high", within_s=2), "5? 4 4 5? 5 3 4? 5?", id="each record, and no other tick"),
        pytest.param(LADDER, "104? 109 110? 111 101 119 120? 111 110?", id="a rung is reached"),
        pytest.param(either(ABOVE, check_of("high", "above", 150)), "99/99/1? 99/140/1 101/140/1? 102/160/1? 103/170/1", id="a part changes"),
    ],
)  # fmt: skip
def test_a_rule_is_looked_at_where(tested: Condition, story: str):
    check_looks(story, rule(tested))


@pytest.mark.parametrize(
    ("keys", "story"),
    [
        pytest.param({"for_s": 4}, "101? 101 101? 101", id="it has been held"),
        pytest.param({"cooldown_s": 6}, "101? 99? 101? 101? 101", id="it has cooled down"),
        pytest.param({"keep_firing_for_s": 4}, "101? 99? 99 99? 99", id="it is over"),
        pytest.param({"repeat_s": 4}, "101? 101 101? 101 101?", id="it is to repeat"),
        pytest.param({"expires_s": 4, "for_s": 60}, "101? 101 101? 101", id="it expires"),
    ],
)
def test_or_where_time_makes_a_difference(keys: dict[str, float], story: str):
    check_looks(story, rule(ABOVE, **keys))


@pytest.mark.parametrize(
    "other",
    [
        check_of("close", "above", 106),
        check_of("close", "new_high", within_s=2),
        check_of("high", "above", 106),
        check_of("close", "rises", 1, within_s=2),
    ],
)
@pytest.mark.parametrize("tested", [ABOVE, LADDER])
def test_the_tickers_that_concern_another_rule_do_not_concern_it(
    tested: Condition, other: Condition
):
    check_looks("104? 107 105 108 109", rule(tested), rule(other, name="other"))
