"""When a level has to be looked at again although its truth has not changed."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.engine.life import Life, Phase, Verdict, due_ms, step_level
from alertd.engine.rule import Rule
from tests.engine.test_life import LEVEL, of_life
from tests.engine.tickers import SECOND_MINUTE, rule

ALERTS = (Verdict.FIRES, Verdict.REPEATS, Verdict.RESOLVES)


@pytest.mark.parametrize(
    ("life", "keys", "due_s"),
    [
        pytest.param(Life(), {}, None, id="nothing is due while it is quiet"),
        pytest.param(Life(Phase.PENDING, 5000), {"for_s": 30}, 35, id="held for long enough"),
        pytest.param(
            Life(Phase.PENDING, 5000, last_alert_ms=2000),
            {"for_s": 30, "cooldown_s": 60},
            62,
            id="and cooled down",
        ),
        pytest.param(Life(Phase.PENDING, 5000), {"active": SECOND_MINUTE}, 60, id="and active"),
        pytest.param(Life(Phase.FIRING, 5000, last_alert_ms=5000), {}, None, id="it has fired"),
        pytest.param(
            Life(Phase.FIRING, 5000, last_alert_ms=5000), {"repeat_s": 10}, 15, id="a repeat"
        ),
        pytest.param(
            Life(Phase.FIRING, 5000, last_alert_ms=5000),
            {"repeat_s": 10, "cooldown_s": 20},
            25,
            id="a repeat that has cooled down",
        ),
        pytest.param(
            Life(Phase.FIRING, 5000, 7000, last_alert_ms=5000),
            {"keep_firing_for_s": 20},
            27,
            id="it has been false for long enough",
        ),
        pytest.param(
            Life(Phase.PENDING, 5000, last_alert_ms=1, disarmed=True),
            {"once": True},
            None,
            id="nothing is due once it is disarmed",
        ),
    ],
)
def test_a_level_is_due(life: Life, keys: dict[str, object], due_s: float | None):
    assert due_ms(life, rule(LEVEL, **keys), 10_000) == (due_s and due_s * 1000)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Rule, list[tuple[int, bool]]]:
    """A level's rule and at which seconds it was true."""
    seconds = st.sampled_from([0, 1, 3, 10, 61])
    once = draw(st.booleans())
    lived = of_life(
        LEVEL,
        for_s=draw(seconds),
        keep_firing_for_s=draw(seconds),
        cooldown_s=draw(seconds),
        once=once,
        expires_s=draw(st.sampled_from([100, 1000])),
        active=draw(st.sampled_from([None, SECOND_MINUTE])),
    )
    if not once and draw(st.booleans()):
        lived = attrs.evolve(lived, repeat_ms=1000 * draw(st.sampled_from([1, 3, 10, 61])))
    pauses = draw(st.lists(st.sampled_from([1, 1, 2, 5, 30]), min_size=1, max_size=60))
    times = [1000 * sum(pauses[: count + 1]) for count in range(len(pauses))]
    return lived, [(time_ms, draw(st.booleans())) for time_ms in times]


@given(lives())
def test_a_level_need_not_be_stepped_before_its_truth_changes_or_it_is_due(story):
    lived, moments = story
    always, seldom, truth, due = Life(), Life(), None, None
    for now_ms, true in moments:
        always, expected = step_level(always, lived, true=true, now_ms=now_ms)
        if true is truth and (due is None or now_ms < due):
            assert expected not in ALERTS
            continue
        seldom, verdict = step_level(seldom, lived, true=true, now_ms=now_ms)
        truth, due = true, due_ms(seldom, lived, now_ms)
        assert seldom == always
        assert verdict is expected


@given(lives())
def test_a_second_step_at_the_same_time_changes_nothing(story):
    lived, moments = story
    life = Life()
    for now_ms, true in moments:
        life, _ = step_level(life, lived, true=true, now_ms=now_ms)
        again, verdict = step_level(life, lived, true=true, now_ms=now_ms)
        assert again == life
        assert verdict not in ALERTS
