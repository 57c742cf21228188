"""Explanations as plain data: everything that they hold, as JSON has it."""

import attrs
import msgspec
import pytest

from alertd.engine.alert import Alert, AlertState
from alertd.engine.condition import Band
from alertd.engine.explanation import HeldBack
from alertd.engine.hours import Hours, Span
from alertd.engine.life import Life, Phase, Verdict
from alertd.web import answers, explain_answers
from alertd.web.views import explained, standing
from tests.web.explanations import (
    NOW_MS,
    TICKER,
    all_of,
    any_of,
    compared,
    explanation_of,
    none_of,
)

ABOVE = compared("close", "above", 100_000.0, 99_850.1, true=False, since_ms=NOW_MS - 1000)


def test_a_condition_keeps_its_shape():
    tree = all_of(ABOVE, any_of(ABOVE, none_of(ABOVE, true=True), true=True))
    part = standing(explanation_of(tree)).condition
    assert part is not None
    assert (part.kind, [it.kind for it in part.parts]) == ("all", ["comparison", "any"])
    assert [it.kind for it in part.parts[1].parts] == ["comparison", "not"]
    assert part.parts[1].parts[1].parts[0].reading == part.parts[0].reading


def test_a_band_is_its_two_bounds():
    band = compared("close", "between", Band(1.0, 2.0), 1.5, true=True)
    part = standing(explanation_of(band)).condition
    assert part is not None
    assert part.reading is not None
    assert part.reading.threshold == answers.Range(low=1.0, high=2.0)


@pytest.mark.parametrize(("before_ms", "expired"), [(1, True), (0, True), (-1, False)])
def test_a_rule_has_expired_from_its_time_on(before_ms: int, *, expired: bool):
    explanation = explanation_of(ABOVE)
    rule = attrs.evolve(explanation.rule, expires_ms=NOW_MS - before_ms)
    assert standing(attrs.evolve(explanation, rule=rule)).expired is expired


def test_hours_that_are_closed_have_the_time_at_which_they_open():
    from datetime import UTC

    explanation = explanation_of(ABOVE)  # at 22:13:20 UTC
    for span, opens_ms in ((Span(22 * 60, 0), None), (Span(23 * 60, 0), NOW_MS + 2_800_000)):
        rule = attrs.evolve(explanation.rule, active=Hours(UTC, spans=(span,)))
        assert standing(attrs.evolve(explanation, rule=rule)).opens_ms == opens_ms


def test_a_life_and_its_past_are_told():
    rule = explanation_of(ABOVE).rule
    assert ABOVE.reading is not None
    alert = Alert(
        rule=rule,
        symbol="BTCUSDT",
        state=AlertState.FIRING,
        time_ms=NOW_MS - 9000,
        held_for_ms=30_000,
        readings=(ABOVE.reading,),
        ticker=TICKER,
        repeats=2,
        dropped=1,
    )
    told = standing(
        explanation_of(
            ABOVE,
            life=Life(phase=Phase.PENDING, true_since_ms=NOW_MS - 5000, disarmed=True, dropped=3),
            verdict=Verdict.DISARMED,
            due_ms=NOW_MS + 7000,
            cooldown_left_ms=4000,
            held_back=HeldBack(Verdict.INACTIVE, NOW_MS - 100),
            last_alert=alert,
        )
    )
    assert (told.phase, told.verdict, told.held_for_ms) == ("pending", "disarmed", 5000)
    assert (told.disarmed, told.dropped) == (True, 3)
    assert (told.due_ms, told.cooldown_left_ms) == (NOW_MS + 7000, 4000)
    assert told.held_back == explain_answers.HeldBack(
        verdict="inactive", words="true, but outside its active hours", time_ms=NOW_MS - 100
    )
    assert told.last_alert is not None
    assert (told.last_alert.state, told.last_alert.repeats, told.last_alert.dropped) == (
        "firing",
        2,
        1,
    )
    assert told.last_alert.readings[0].value == 99_850.1


def test_what_is_true_comes_before_what_is_exactly_there():
    there = compared("close", "above", 100.0, 100.0, true=False)
    true = compared("close", "above", 100.0, 101.0, true=True)
    unknown = compared("vwap", "above", 100.0, None, true=None)
    standings = [
        standing(explanation_of(condition, symbol=symbol))
        for symbol, condition in (("D", unknown), ("C", ABOVE), ("B", there), ("A", true))
    ]
    ordered = explained(explanation_of(ABOVE).rule, standings).symbols
    assert [it.symbol for it in ordered] == ["A", "B", "C", "D"]


def test_both_ends_read_the_same():
    answer = explained(explanation_of(ABOVE).rule, [standing(explanation_of(all_of(ABOVE, ABOVE)))])
    assert (
        msgspec.json.decode(msgspec.json.encode(answer), type=explain_answers.Explained) == answer
    )
