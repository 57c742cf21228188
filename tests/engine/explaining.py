"""Rules and stories for the tests of explanations: how a rule stands after a story."""

from alertd.engine.condition import Condition
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explained, Explanation
from alertd.engine.rule import Rule
from tests.engine.stories import scenes
from tests.engine.tickers import BEGIN_MS, SYMBOL, check_of, rule

ABOVE = check_of("close", "above", 100)
HIGH = check_of("high", "above", 150)
CROSSES = check_of("close", "crosses_above", 100)
HIGHER = check_of("close", "new_high", within_s=2)
POSITION = check_of("range_position", "above", 50)


def engine_after(tested: Rule | Condition, story: str) -> Engine:
    engine = Engine({SYMBOL: [tested if isinstance(tested, Rule) else rule(tested)]})
    for scene in scenes(story):
        engine.update(scene.ticker)
    return engine


def explained(tested: Rule | Condition, story: str) -> Explanation:
    """How the rule stands after a story."""
    found = engine_after(tested, story).explain("a-rule", SYMBOL)
    assert found is not None
    return found


def condition_of(tested: Rule | Condition, story: str) -> Explained:
    found = explained(tested, story).condition
    assert found is not None
    return found


def at(second: float) -> int:
    return BEGIN_MS + round(second * 1000)


def facts(part: Explained) -> list[tuple[bool | None, float | None]]:
    """The truth of a part and of all below it, each with the second of the story since when."""
    since_s = None if part.since_ms is None else (part.since_ms - BEGIN_MS) / 1000
    return [(part.true, since_s), *(fact for below in part.parts for fact in facts(below))]
