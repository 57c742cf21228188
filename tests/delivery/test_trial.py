"""The alerts on which templates are tried: of each kind that the rule may give, and plausible."""

from typing import Any

import attrs
import pytest

from alertd.delivery.language import TemplateMistake
from alertd.delivery.template import Trial
from alertd.delivery.wording import text_of, title_of
from alertd.engine.alert import AlertState, Interval
from alertd.engine.condition import AllOf, Amount, AnyOf, Band, Comparison, Condition, Level, Not
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.engine.samples import sample_alerts
from tests.delivery.samples import metric_test, rule_of

ABOVE = metric_test("close", Operator.ABOVE, 100.0)
INSIDE = metric_test("close", Operator.BETWEEN, Band(1.0, 2.0))
EVENT = metric_test("close", Operator.ENTERS, Band(1.0, 2.0))


def check_template(text: str, rule: Rule) -> None:
    Trial(rule).check(text)


def level_for(operator: Operator) -> Level:
    if operator.takes_band:
        return Band(1.0, METRICS["vwap"])
    if operator.is_record:
        return None
    return Amount(3.0, percent=True) if operator.takes_amount else 100.0


def rule_with(condition: Condition, **keys: Any) -> Rule:
    return attrs.evolve(rule_of(), when=condition, **keys)


@pytest.mark.parametrize("operator", Operator)
def test_every_operator_has_a_sample_with_all_its_facts(operator: Operator):
    test = metric_test("close", operator, level_for(operator), within_ms=300_000)
    template = "{{ value - previous }} {{ threshold }} {{ value | price }} {{ gap }}"
    check_template(template, rule_with(test, repeat_ms=60_000, notify_resolved=True))


@pytest.mark.parametrize("operator", Operator)
def test_every_sample_can_be_told_in_the_built_in_words(operator: Operator):
    test = metric_test("volume", operator, level_for(operator), within_ms=300_000)
    for alert in sample_alerts(rule_with(test, repeat_ms=60_000, notify_resolved=True)):
        assert "n/a" not in title_of(alert) + text_of(alert)


@pytest.mark.parametrize(
    ("operator", "rises"),
    [
        (Operator.ABOVE, True),
        (Operator.BELOW, False),
        (Operator.CROSSES_BELOW, False),
        (Operator.NEW_LOW, False),
        (Operator.FALLS, True),  # by how much it has fallen
    ],
)
def test_a_sample_has_just_come_true(operator: Operator, rises: bool):  # noqa: FBT001 - a table
    test = metric_test("close", operator, level_for(operator), within_ms=300_000)
    (alert,) = sample_alerts(rule_with(test))
    value, previous, threshold = alert.value, alert.decisive.previous, alert.threshold
    assert value is not None
    assert previous is not None
    assert isinstance(threshold, float)
    assert (previous < threshold < value) is rises
    assert (value < threshold < previous) is not rises


@pytest.mark.parametrize("operator", [Operator.BETWEEN, Operator.ENTERS])
def test_a_sample_of_a_band_is_an_interval_with_the_value_in_it(operator: Operator):
    (alert,) = sample_alerts(rule_with(metric_test("close", operator, Band(1.0, 2.0))))
    assert alert.threshold == Interval(1.0, 2.0)
    assert alert.value == 1.5


def test_a_level_of_zero_can_be_divided_by_the_value():
    check_template("{{ 1 / value }}", rule_with(metric_test("change", Operator.ABOVE, 0.0)))


def test_a_template_for_a_number_fails_where_the_rule_gives_an_interval():
    with pytest.raises(TemplateMistake, match="unsupported operand"):
        check_template("{{ value - threshold }}", rule_with(INSIDE))


def test_a_template_may_name_the_ends_of_a_band():
    check_template("{{ threshold.low }} to {{ threshold.high }}", rule_with(INSIDE))


@pytest.mark.parametrize("condition", [AnyOf((ABOVE, INSIDE)), AllOf((ABOVE, Not(INSIDE)))])
def test_where_a_band_or_a_number_may_be_decisive_both_are_tried(condition: Condition):
    thresholds = [type(alert.threshold) for alert in sample_alerts(rule_with(condition))]
    assert thresholds == [float, Interval]


@pytest.mark.parametrize("condition", [AllOf((ABOVE, INSIDE)), AllOf((ABOVE, AllOf((INSIDE,))))])
def test_where_all_must_hold_the_first_is_decisive(condition: Condition):
    (alert,) = sample_alerts(rule_with(condition))
    assert alert.threshold == 100.0


def test_an_event_is_decisive_wherever_it_stands():
    (alert,) = sample_alerts(rule_with(AllOf((ABOVE, EVENT))))
    assert alert.threshold == Interval(1.0, 2.0)


def test_a_rule_that_repeats_is_tried_as_a_repeat():
    with pytest.raises(TemplateMistake, match="divides by zero"):
        check_template("{{ 1 / (1 - repeats) }}", rule_with(ABOVE, repeat_ms=60_000))


def test_a_rule_that_tells_its_end_is_tried_with_that_state():
    text = "{% if state == 'resolved' %}{{ 1 / 0 }}{% endif %}x"
    check_template(text, rule_with(ABOVE))
    with pytest.raises(TemplateMistake, match="divides by zero"):
        check_template(text, rule_with(ABOVE, notify_resolved=True))


def test_a_sample_of_the_end_has_just_come_false():
    _, over = sample_alerts(rule_with(ABOVE, notify_resolved=True))
    value, previous = over.value, over.decisive.previous
    assert value is not None
    assert previous is not None
    assert value < 100.0 < previous


def test_a_rule_of_levels_that_tells_its_end_may_end_by_any_of_them():
    rule = rule_with(AllOf((ABOVE, INSIDE)), notify_resolved=True)
    over = [it for it in sample_alerts(rule) if it.state is AlertState.RESOLVED]
    assert [type(alert.threshold) for alert in over] == [float, Interval]


@pytest.mark.parametrize(
    ("patterns", "symbol"), [(("all",), "BTCUSDT"), (("*USDT", "ETHUSDT"), "ETHUSDT")]
)
def test_a_sample_is_of_a_symbol_that_the_rule_names(patterns: tuple[str, ...], symbol: str):
    (alert,) = sample_alerts(rule_with(ABOVE, symbols=patterns))
    assert alert.symbol == symbol


def decisive(test: Comparison) -> Comparison:
    (alert,) = sample_alerts(rule_with(test))
    return alert.decisive.comparison


def test_the_decisive_reading_of_a_sample_is_the_rules_own():
    assert decisive(EVENT) is EVENT
