"""What is certain about conditions: by a table, and by random tickers that never gainsay it."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from alertd.config.feasibility import Certainty, certainty, culprit
from alertd.config.when import condition
from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker

NEVER = [
    {"close": {"above": "high"}},
    {"close": {"below": "low"}},
    {"low": {"above": "open"}},
    {"close": {"at_most": 0}},
    {"volume": {"below": 0}},
    {"range_position": {"above": 100}},
    {"range_position": {"between": [101, 102]}},
    {"drawdown_percent": {"above": 100}},
    {"rebound_percent": {"above": "range_percent"}},
    {"change": {"above": "range"}},
    {"change_percent": {"below": -100}},
    {"close": {"above": 110, "below": 100}},
    {"close": {"above": 100, "at_most": 100}},
    {"close": {"between": [1, 2], "outside": [0.5, 3]}},
    {"close": {"above": 5}, "high": {"at_most": 5}},
    {"close": {"above": "vwap", "below": "vwap"}},
    {"close": {"above": "vwap"}, "vwap": {"above": "high"}},
    {"low": {"above": 5}, "close": {"crosses_above": 3}, "high": {"below": 4}},
    {"not": {"close": {"at_most": "high"}}},
    {"not": {"any": [{"close": {"above": 5}}, {"close": {"below": 6}}]}},
    {"any": [{"close": {"above": "high"}}, {"range": {"below": 0}}]},
    {"close": {"crosses_above": "high"}},
    {"range": {"crosses_below": 0}},
    {"close": {"crosses": 0}},
    {"range_position": {"enters": [101, 102]}},
    {"range_position": {"leaves": [-1, 101]}},
    {"close": {"touches": -1}},
    {"range_position": {"rises": 101, "within": "5m"}},
    {"drawdown_percent": {"falls": 60, "within": "5m", "above": 50}},
    {"range_percent": {"rises": 10, "within": "5m", "below": 9}},
    {"range_position": {"moves": 101, "within": "5m"}},
]
ALWAYS = [
    {"close": {"at_most": "high"}},
    {"close": {"above": 0}},
    {"range": {"at_least": 0}},
    {"not": {"close": {"above": "high"}}},
    {"any": [{"close": {"above": 5}}, {"close": {"below": 6}}]},
    {"any": [{"close": {"between": [1, 5]}}, {"close": {"outside": [2, 4]}}]},
    {"all": [{"low": {"at_most": "close"}}, {"volume": {"at_least": 0}}]},
]
# What may well be true or not, and what takes more than order to know.
UNCERTAIN = [
    {"close": {"above": 5}},
    {"close": {"at_least": "high"}},
    {"close": {"between": ["low", "high"], "above": 5}},
    {"any": [{"close": {"above": 6}}, {"close": {"below": 5}}]},
    {"vwap": {"at_least": 0}},  # undefined while nothing is traded
    {"not": {"range_position": {"above": 100}}},  # undefined while high is low
    {"drawdown_percent": {"at_least": 100}},  # a fall by all but nothing is settled to 100
    {"close": {"touches": "high"}},
    {"close": {"crosses_below": "open"}},
    {"close": {"new_high": "24h"}},
    {"close": {"rises": "200%", "within": "5m"}},
    {"change": {"falls": 10, "within": "5m"}},
]


@pytest.mark.parametrize("when", NEVER, ids=str)
def test_it_can_never_be_true(when: object):
    assert certainty(condition(when)) is Certainty.NEVER


@pytest.mark.parametrize("when", ALWAYS, ids=str)
def test_it_is_always_true(when: object):
    assert certainty(condition(when)) is Certainty.ALWAYS


@pytest.mark.parametrize("when", UNCERTAIN, ids=str)
def test_nothing_is_said_of_it(when: object):
    assert certainty(condition(when)) is None


def test_nothing_is_said_where_there_are_too_many_ways():
    outside = [{"close": {"outside": [number, number + 1]}} for number in range(1, 12)]
    assert certainty(condition({"all": [*outside, {"close": {"above": "high"}}]})) is None


def test_a_long_condition_is_judged_all_the_same():
    when = {"all": [{"close": {"above": number}} for number in range(1, 200)]}
    assert certainty(condition(when)) is None
    when["all"].append({"close": {"below": 100}})
    found = culprit(condition(when))
    assert isinstance(found, AllOf)
    assert len(found.parts) == 2


# Few numbers, so that values meet, and levels lie between, at and beside them.
PRICES = st.sampled_from([0.00000001, 0.5, 1.0, 1.00000001, 2.0, 3.0, 100_000.1])
AMOUNTS = st.sampled_from([0.0, 0.5, 1.0, 2.0, 1000.0])
LEVELS = st.sampled_from([-100, -1, 0, 0.5, 1, 1.00000001, 2, 3, 50, 100, 101])
MOVES = st.sampled_from([0.5, 1, 50, 100, 101])


@st.composite
def tickers(draw: st.DrawFn) -> list[Ticker]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        low, first, second, high = sorted(draw(st.tuples(PRICES, PRICES, PRICES, PRICES)))
        close, opened = draw(st.permutations([first, second]))
        time_ms = 1_000_000 + 2000 * number
        amounts = draw(st.tuples(AMOUNTS, AMOUNTS))
        found.append(Ticker("BTCUSDT", time_ms, close, opened, high, low, *amounts))
    return found


@st.composite
def comparisons(draw: st.DrawFn, *, levels_only: bool = False) -> Comparison:
    operator = draw(st.sampled_from([it for it in Operator if not (levels_only and it.is_event)]))
    metric = METRICS["close"] if operator is Operator.TOUCHES else draw(METRIC)
    others = [it.name for it in METRICS.values() if it.unit is metric.unit and it != metric]
    bound = LEVELS | st.sampled_from(others) if others else LEVELS
    level: Any  # as it is written
    if operator.is_record:
        level = "1s"
    elif operator.takes_amount:
        level = draw(MOVES)
    elif operator.takes_band:
        level = sorted(draw(st.lists(LEVELS, min_size=2, max_size=2, unique=True)))
        has_metric = draw(st.booleans())
        if others and has_metric:
            level[draw(st.sampled_from([0, 1]))] = draw(st.sampled_from(others))
    else:
        level = draw(bound)
    window = {"within": "3s"} if operator.is_move else {}
    found = condition({metric.name: {operator.value: level, **window}})
    assert isinstance(found, Comparison)
    return found


METRIC = st.sampled_from(list(METRICS.values()))
HOLDING: st.SearchStrategy[Condition] = st.recursive(
    comparisons(levels_only=True),
    lambda part: (
        st.lists(part, min_size=2, max_size=3).map(lambda it: AllOf(tuple(it)))
        | st.lists(part, min_size=2, max_size=3).map(lambda it: AnyOf(tuple(it)))
        | part.map(Not)
    ),
    max_leaves=4,
)
CONDITIONS = HOLDING | st.lists(comparisons(), min_size=2, max_size=3).map(
    lambda it: AllOf(tuple(it))
)


@settings(max_examples=400, deadline=None)
@given(when=CONDITIONS, ticks=tickers())
def test_no_ticker_gainsays_what_is_certain(when: Condition, ticks: list[Ticker]):
    certain = certainty(when)
    event(str(certain))
    if certain is not None:
        truths = {truth_after(when, ticks[: count + 1]) for count in range(len(ticks))}
        assert truths == {True} if certain is Certainty.ALWAYS else True not in truths


def truth_after(when: Condition, ticks: list[Ticker]) -> bool | None:
    engine = Engine({"BTCUSDT": [Rule("a", ("BTCUSDT",), when)]})
    for ticker in ticks:
        engine.update(ticker)
    explanation = engine.explain("a", "BTCUSDT")
    assert explanation is not None
    assert explanation.condition is not None
    return explanation.condition.true
