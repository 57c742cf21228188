"""Rules and stories for the tests of explanations: how a rule stands after a story."""

from alertd.engine.alert import Reading
from alertd.engine.condition import Condition
from alertd.engine.engine import Engine
from alertd.engine.explanation import Explained, Explanation
from alertd.engine.rule import Rule
from tests.engine.stories import scenes
from tests.engine.tickers import BEGIN_MS, SYMBOL, check_of, rule

ABOVE = check_of("close", "above", 100)
HIGH = check_of("high", "above", 150)
CROSSES = check_of("close", "crosses_above", 100)
POSITION = check_of("range_position", "above", 50)


def engine_after(tested: Rule | Condition, story: str, **fields: float) -> Engine:
    """An engine with one rule that a story was told to; `fields` are the same at all its tickers."""
    engine = Engine({SYMBOL: [tested if isinstance(tested, Rule) else rule(tested)]})
    for scene in scenes(story, "close", **fields):
        engine.update(scene.ticker)
    return engine


def explained(tested: Rule | Condition, story: str, **fields: float) -> Explanation:
    """How the rule stands after a story."""
    return explained_by(engine_after(tested, story, **fields))


def explained_by(engine: Engine) -> Explanation:
    """How the only rule stands on its symbol."""
    found = engine.explain("a-rule", SYMBOL)
    assert found is not None
    return found


def condition_of(tested: Rule | Condition, story: str, **fields: float) -> Explained:
    """How its condition does."""
    found = explained(tested, story, **fields).condition
    assert found is not None
    return found


def reading_of(tested: Condition, story: str, **fields: float) -> Reading:
    """What its only comparison sees."""
    found = condition_of(tested, story, **fields).reading
    assert found is not None
    return found


def at(second: float) -> int:
    return BEGIN_MS + round(second * 1000)


def facts(part: Explained) -> list[tuple[bool | None, float | None]]:
    """The truth of a part and of all below it, each with the second of the story since when."""
    since_s = None if part.since_ms is None else (part.since_ms - BEGIN_MS) / 1000
    return [(part.true, since_s), *(fact for below in part.parts for fact in facts(below))]
