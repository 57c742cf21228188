"""Which readings of a compound condition are told."""

import attrs
import pytest

from alertd.delivery.reasons import reasons_of
from alertd.engine.alert import AlertState
from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not, comparisons_in
from alertd.engine.operator import Operator
from tests.delivery.samples import alert_of, metric_test, reading_of, rule_of

A, B, C = (metric_test("close", Operator.ABOVE, float(level)) for level in (1, 2, 3))
FIRING, OVER = AlertState.FIRING, AlertState.RESOLVED
T, F, U = True, False, None


def reasons(condition: Condition, state: AlertState, *truths: bool | None) -> list[tuple[str, str]]:
    """The level of each reason with how its comparison is denied."""
    pairs = zip(comparisons_in(condition), truths, strict=True)
    readings = tuple(reading_of(test, holds=holds) for test, holds in pairs)
    rule = attrs.evolve(rule_of(), when=condition)
    alert = attrs.evolve(alert_of(rule, readings=readings), state=state)
    return [(_level(it.reading.comparison), it.denial) for it in reasons_of(alert)]


def _level(test: Comparison) -> str:
    return {A.level: "a", B.level: "b", C.level: "c"}[test.level]


@pytest.mark.parametrize(
    ("condition", "truths", "told"),
    [
        (A, (T,), [("a", "")]),
        (AllOf((A, B)), (T, T), [("a", ""), ("b", "")]),
        (AnyOf((A, B, C)), (F, T, U), [("b", "")]),
        (AnyOf((A, AllOf((B, C)))), (F, T, T), [("b", ""), ("c", "")]),
        (AnyOf((A, AllOf((B, C)))), (T, T, F), [("a", "")]),
        (Not(A), (F,), [("a", "not")]),
        (AllOf((A, Not(B))), (T, F), [("a", ""), ("b", "not")]),
        (Not(AllOf((A, B))), (T, F), [("b", "not")]),
        (Not(AnyOf((A, B))), (F, F), [("a", "not"), ("b", "not")]),
        (Not(Not(A)), (T,), [("a", "")]),
    ],
)
def test_a_rule_that_fires_tells_what_made_it_true(
    condition: Condition, truths: tuple[bool | None, ...], told: list[tuple[str, str]]
):
    assert reasons(condition, FIRING, *truths) == told


@pytest.mark.parametrize(
    ("condition", "truths", "told"),
    [
        (A, (F,), [("a", "no longer")]),
        (A, (U,), [("a", "no longer")]),
        (AllOf((A, B)), (T, F), [("b", "no longer")]),
        (AllOf((A, B, C)), (T, F, U), [("b", "no longer")]),
        (AllOf((A, B)), (T, U), [("b", "no longer")]),
        (AnyOf((A, B)), (F, F), [("a", "not"), ("b", "not")]),
        (AnyOf((A, B)), (F, U), [("b", "not")]),
        (Not(A), (T,), [("a", "")]),
    ],
)
def test_a_rule_that_is_over_tells_what_ended_it(
    condition: Condition, truths: tuple[bool | None, ...], told: list[tuple[str, str]]
):
    assert reasons(condition, OVER, *truths) == told
