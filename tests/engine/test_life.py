"""The life of a rule, by a table of exact times."""

import pytest

from alertd.engine.life import Life, Phase, Verdict, step_event, step_level
from tests.engine.tickers import check_of, rule

LEVEL = check_of("close", "above", 100)
EVENT = check_of("close", "crosses_above", 100)

NOT_TRUE, NOT_HELD, FIRES = Verdict.NOT_TRUE, Verdict.NOT_HELD, Verdict.FIRES
STILL, COOLING = Verdict.STILL_FIRING, Verdict.COOLING_DOWN


def live(step, tested, story):
    """Step through (second, whether the condition is true); return the verdicts."""
    life, verdicts = Life(), []
    for at_s, true in story:
        life, verdict = step(life, tested, true=true, now_ms=round(at_s * 1000))
        verdicts.append(verdict)
    return verdicts


@pytest.mark.parametrize(
    ("keys", "story"),
    [
        pytest.param(
            {},
            [(0, True, FIRES), (2, True, STILL), (4, False, NOT_TRUE), (6, True, FIRES)],
            id="already true when first seen fires, then once for each time it comes true",
        ),
        pytest.param(
            {"for_s": 10},
            [
                (0, True, NOT_HELD),
                (9.999, True, NOT_HELD),
                (10, True, FIRES),
                (12, True, STILL),
            ],
            id="for is met on the tick that is exactly that old",
        ),
        pytest.param(
            {"for_s": 10},
            [(0, True, NOT_HELD), (60, True, FIRES)],
            id="for may be passed over by a gap between ticks",
        ),
        pytest.param(
            {"for_s": 10},
            [
                (0, True, NOT_HELD),
                (8, False, NOT_TRUE),
                (9, True, NOT_HELD),
                (18, True, NOT_HELD),
                (19, True, FIRES),
            ],
            id="one false tick starts the hold anew",
        ),
        pytest.param(
            {"cooldown_s": 60},
            [
                (0, True, FIRES),
                (2, False, NOT_TRUE),
                (10, True, COOLING),
                (59.999, True, COOLING),
                (60, True, FIRES),
                (61, True, STILL),
            ],
            id="a level that came true during the cooldown fires when it ends",
        ),
        pytest.param(
            {"cooldown_s": 60},
            [
                (0, True, FIRES),
                (2, False, NOT_TRUE),
                (10, True, COOLING),
                (20, False, NOT_TRUE),
                (60, False, NOT_TRUE),
                (70, True, FIRES),
            ],
            id="a level that was over before the cooldown ended does not",
        ),
        pytest.param(
            {"cooldown_s": 60},
            [(0, True, FIRES), (61, True, STILL), (3600, True, STILL)],
            id="the cooldown's end does not repeat an alert that still fires",
        ),
        pytest.param(
            {"for_s": 30, "cooldown_s": 60},
            [
                (0, True, NOT_HELD),
                (30, True, FIRES),
                (32, False, NOT_TRUE),
                (70, True, NOT_HELD),
                (90, True, NOT_HELD),
                (100, True, FIRES),
            ],
            id="for and cooldown run side by side: held wins",
        ),
        pytest.param(
            {"for_s": 30, "cooldown_s": 90},
            [
                (0, True, NOT_HELD),
                (30, True, FIRES),
                (32, False, NOT_TRUE),
                (40, True, NOT_HELD),
                (70, True, COOLING),
                (120, True, FIRES),
            ],
            id="for and cooldown run side by side: cooldown wins",
        ),
    ],
)
def test_a_level(keys, story):
    verdicts = live(step_level, rule(LEVEL, **keys), [(at, true) for at, true, _ in story])
    assert verdicts == [expected for _, _, expected in story]


@pytest.mark.parametrize(
    ("keys", "story"),
    [
        pytest.param(
            {},
            [(0, True, FIRES), (2, True, FIRES), (4, False, NOT_TRUE), (6, True, FIRES)],
            id="an event fires on every tick on which it happens",
        ),
        pytest.param(
            {"cooldown_s": 60},
            [(0, True, FIRES), (59.999, True, COOLING), (60, False, NOT_TRUE), (62, True, FIRES)],
            id="an event during the cooldown is dropped, not kept",
        ),
        pytest.param(
            {"cooldown_s": 60},
            [(0, True, FIRES), (60, True, FIRES), (119, True, COOLING), (120, True, FIRES)],
            id="a dropped event does not lengthen the cooldown",
        ),
    ],
)
def test_an_event(keys, story):
    verdicts = live(step_event, rule(EVENT, **keys), [(at, true) for at, true, _ in story])
    assert verdicts == [expected for _, _, expected in story]


def test_a_level_remembers_which_tick_made_it_true():
    held = rule(LEVEL, for_s=10)
    life, _ = step_level(Life(), held, true=True, now_ms=5000)
    assert life == Life(Phase.PENDING, true_since_ms=5000)
    life, _ = step_level(life, held, true=True, now_ms=16_000)
    assert life == Life(Phase.FIRING, true_since_ms=5000, last_alert_ms=16_000)
    assert life.held_for_ms(16_000) == 11_000


def test_a_level_that_is_over_remembers_only_its_last_alert():
    life = Life(Phase.FIRING, true_since_ms=5000, last_alert_ms=6000)
    life, _ = step_level(life, rule(LEVEL), true=False, now_ms=7000)
    assert life == Life(Phase.QUIET, true_since_ms=None, last_alert_ms=6000)


def test_an_event_is_never_held():
    life, _ = step_event(Life(), rule(EVENT), true=True, now_ms=7000)
    assert life.held_for_ms(9000) == 0
    assert life.phase is Phase.QUIET
