"""Templates on trial: on an alert of each kind that the rule may give, by the engine's samples."""

from typing import Any

import attrs
import pytest

from alertd.delivery.language import TemplateMistake
from alertd.delivery.template import Trial
from alertd.delivery.wording import text_of, title_of
from alertd.engine.condition import Amount, Band, Condition, Level
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.engine.samples import sample_alerts
from tests.delivery.samples import metric_test, rule_of

ABOVE = metric_test("close", Operator.ABOVE, 100.0)
INSIDE = metric_test("close", Operator.BETWEEN, Band(1.0, 2.0))


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


def test_a_level_of_zero_can_be_divided_by_the_value():
    check_template("{{ 1 / value }}", rule_with(metric_test("change", Operator.ABOVE, 0.0)))


def test_a_template_for_a_number_fails_where_the_rule_gives_an_interval():
    with pytest.raises(TemplateMistake, match="unsupported operand"):
        check_template("{{ value - threshold }}", rule_with(INSIDE))


def test_a_template_may_name_the_ends_of_a_band():
    check_template("{{ threshold.low }} to {{ threshold.high }}", rule_with(INSIDE))


def test_a_rule_that_repeats_is_tried_as_a_repeat():
    with pytest.raises(TemplateMistake, match="divides by zero"):
        check_template("{{ 1 / (1 - repeats) }}", rule_with(ABOVE, repeat_ms=60_000))


def test_a_rule_that_tells_its_end_is_tried_with_that_state():
    text = "{% if state == 'resolved' %}{{ 1 / 0 }}{% endif %}x"
    check_template(text, rule_with(ABOVE))
    with pytest.raises(TemplateMistake, match="divides by zero"):
        check_template(text, rule_with(ABOVE, notify_resolved=True))
