"""The engine against a naive model, which looks at the whole story anew at every tick."""

from hypothesis import given
from hypothesis import strategies as st

from alertd.engine.condition import Band, Comparison, Condition
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker


def is_true(comparison: Comparison, story: list[Ticker], index: int) -> bool:
    """Whether a comparison is true at the ticker at `index`, written out from the rule language."""
    value = comparison.metric.of(story[index])
    before = comparison.metric.of(story[index - 1]) if index > 0 else None
    level, name = comparison.level, comparison.operator.value
    if value is None:
        return False
    if isinstance(level, Band):
        return (level.low <= value <= level.high) == (name == "between")
    if name.startswith("crosses"):
        if before is None:
            return False
        return before <= level < value if name == "crosses_above" else before >= level > value
    return {
        "above": value > level,
        "below": value < level,
        "at_least": value >= level,
        "at_most": value <= level,
    }[name]


def model(tested: Rule, parts: list[Comparison], story: list[Ticker]) -> list[int]:
    """The indices of the tickers on which the rule alerts, by looking back as far as need be."""
    is_event = any(part.operator.value.startswith("crosses") for part in parts)
    truth = [all(is_true(part, story, i) for part in parts) for i in range(len(story))]
    alerts: list[int] = []
    for i, now in enumerate(story):
        if not truth[i]:
            continue
        start = i
        while start > 0 and truth[start - 1]:
            start -= 1
        cooling = alerts and now.time_ms - story[alerts[-1]].time_ms < tested.cooldown_ms
        held = now.time_ms - story[start].time_ms >= tested.hold_for_ms
        told_already = not is_event and alerts and alerts[-1] >= start
        if not cooling and (is_event or held) and not told_already:
            alerts.append(i)
    return alerts


# Few values, so that equality, crossings and returns are frequent.
VALUES = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
METRIC_NAMES = st.sampled_from(sorted(METRICS))
LEVELS = st.sampled_from(["above", "below", "at_least", "at_most"])
CROSSINGS = st.sampled_from(["crosses_above", "crosses_below"])
BANDS = st.sampled_from(["between", "outside"])
THRESHOLDS = st.one_of(VALUES, st.sampled_from([0.0, 25.0, 50.0, 100.0]))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    metric = draw(METRIC_NAMES)
    if draw(st.integers(0, 3)) == 0:
        low = draw(THRESHOLDS)
        return check_of(metric, draw(BANDS), low, low + draw(VALUES))
    operators = CROSSINGS if draw(st.integers(0, 2)) == 0 else LEVELS
    return check_of(metric, draw(operators), draw(THRESHOLDS))


@st.composite
def stories(draw: st.DrawFn) -> list[Ticker]:
    at_s, story = 0, []
    for _ in range(draw(st.integers(1, 30))):
        at_s += draw(st.integers(1, 10))
        low, high = sorted((draw(VALUES), draw(VALUES)))
        close = draw(st.sampled_from([low, high]))
        volume = draw(st.sampled_from([0.0, 1.0, 2.0]))
        story.append(
            ticker(at_s, close=close, open=draw(VALUES), high=high, low=low, volume=volume)
        )
    return story


@given(
    st.lists(comparisons(), min_size=1, max_size=3),
    st.integers(0, 30),
    st.integers(0, 60),
    stories(),
)
def test_the_engine_alerts_exactly_where_the_model_does(
    parts: list[Comparison], for_s: int, cooldown_s: int, story: list[Ticker]
):
    condition: Condition = parts[0] if len(parts) == 1 else both(*parts)
    tested = rule(condition, for_s=for_s, cooldown_s=cooldown_s)
    engine = Engine({SYMBOL: [tested]})
    found = [i for i, now in enumerate(story) if engine.update(now)]
    is_event = any(part.operator.is_event for part in parts)
    if is_event:
        tested = rule(condition, cooldown_s=cooldown_s)  # an event has nothing to hold
    assert found == model(tested, parts, story)


@given(st.lists(comparisons(), min_size=1, max_size=5), stories())
def test_rules_on_one_symbol_do_not_disturb_each_other(
    parts: list[Comparison], story: list[Ticker]
):
    rules = [rule(part, name=f"rule-{i}") for i, part in enumerate(parts)]
    together = Engine({SYMBOL: rules})
    alone = {each.name: Engine({SYMBOL: [each]}) for each in rules}
    for now in story:
        fired = {alert.rule.name for alert in together.update(now)}
        assert fired == {name for name, engine in alone.items() if engine.update(now)}
