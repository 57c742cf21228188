"""The life of a rule, by a table of exact times."""

import attrs
import pytest

from alertd.engine.life import Life, Phase, Verdict, step_event, step_level
from alertd.engine.rule import Rule
from tests.engine.tickers import BEGIN_MS, SECOND_MINUTE, check_of, rule

LEVEL = check_of("close", "above", 100)
EVENT = check_of("close", "crosses_above", 100)

NOT_TRUE, NOT_HELD, FIRES = Verdict.NOT_TRUE, Verdict.NOT_HELD, Verdict.FIRES
STILL, COOLING, OVER = Verdict.STILL_FIRING, Verdict.COOLING_DOWN, Verdict.RESOLVES
KEPT, REPEATS, INACTIVE = Verdict.KEPT_FIRING, Verdict.REPEATS, Verdict.INACTIVE
DISARMED, EXPIRED = Verdict.DISARMED, Verdict.EXPIRED


def of_life(when, **keys) -> Rule:
    """A rule whose times are counted from 0, as these stories are."""
    made = rule(when, **keys)
    if made.expires_ms is None:
        return made
    return attrs.evolve(made, expires_ms=made.expires_ms - BEGIN_MS)


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
            [(0, True, FIRES), (2, True, STILL), (4, False, OVER), (6, True, FIRES)],
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
                (2, False, OVER),
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
                (2, False, OVER),
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
                (32, False, OVER),
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
                (32, False, OVER),
                (40, True, NOT_HELD),
                (70, True, COOLING),
                (120, True, FIRES),
            ],
            id="for and cooldown run side by side: cooldown wins",
        ),
        pytest.param(
            {"keep_firing_for_s": 10},
            [
                (0, True, FIRES),
                (2, False, KEPT),
                (11.999, False, KEPT),
                (12, False, OVER),
                (14, False, NOT_TRUE),
            ],
            id="it is kept firing until it has been false for exactly that long",
        ),
        pytest.param(
            {"keep_firing_for_s": 10},
            [
                (0, True, FIRES),
                (2, False, KEPT),
                (9, True, STILL),
                (11, False, KEPT),
                (20, False, KEPT),
                (21, False, OVER),
                (22, True, FIRES),
            ],
            id="flapping while it is kept firing gives no second alert, and begins the wait anew",
        ),
        pytest.param(
            {"keep_firing_for_s": 10},
            [(0, True, FIRES), (2, False, KEPT), (60, True, STILL), (62, False, KEPT)],
            id="nobody knows that it was over in a gap",
        ),
        pytest.param(
            {"repeat_s": 10},
            [
                (0, True, FIRES),
                (9.999, True, STILL),
                (10, True, REPEATS),
                (19, True, STILL),
                (25, True, REPEATS),
                (30, True, STILL),
                (35, True, REPEATS),
            ],
            id="it repeats when the last alert is exactly that old",
        ),
        pytest.param(
            {"repeat_s": 10, "keep_firing_for_s": 20},
            [(0, True, FIRES), (8, False, KEPT), (10, False, KEPT), (11, True, REPEATS)],
            id="what is no longer true does not repeat, until it is again",
        ),
        pytest.param(
            {"repeat_s": 10, "cooldown_s": 15},
            [(0, True, FIRES), (10, True, STILL), (15, True, REPEATS), (25, True, STILL)],
            id="repeats are bound by the cooldown: the longer of both",
        ),
        pytest.param(
            {"repeat_s": 30, "cooldown_s": 15},
            [(0, True, FIRES), (15, True, STILL), (30, True, REPEATS)],
            id="and the other way round",
        ),
        pytest.param(
            {"once": True},
            [
                (0, True, FIRES),
                (2, True, STILL),
                (4, False, OVER),
                (6, True, DISARMED),
                (8, False, NOT_TRUE),
            ],
            id="once it has fired it goes round unheard",
        ),
        pytest.param(
            {"expires_s": 10},
            [(0, True, FIRES), (4, False, OVER), (5, True, FIRES), (10, True, EXPIRED)],
            id="it has expired at that very time",
        ),
        pytest.param(
            {"expires_s": 10, "for_s": 10},
            [(0, True, NOT_HELD), (9.999, True, NOT_HELD), (10, True, EXPIRED)],
            id="what would fire at the very time of its expiry does not",
        ),
        pytest.param(
            {"expires_s": 10},
            [(0, True, FIRES), (10, False, EXPIRED)],
            id="what has expired is not said to be over",
        ),
        pytest.param(
            {"active": SECOND_MINUTE},
            [
                (0, True, INACTIVE),
                (59.999, True, INACTIVE),
                (60, True, FIRES),
                (90, False, OVER),
                (119.999, True, FIRES),
                (120, True, STILL),
            ],
            id="a level that is still true when the hours begin fires then",
        ),
        pytest.param(
            {"active": SECOND_MINUTE, "for_s": 50},
            [(20, True, NOT_HELD), (60, True, NOT_HELD), (70, True, FIRES)],
            id="it is held outside its hours as well",
        ),
        pytest.param(
            {"active": SECOND_MINUTE, "repeat_s": 10},
            [(60, True, FIRES), (110, True, REPEATS), (120, True, STILL), (3660, True, REPEATS)],
            id="it repeats within its hours only",
        ),
        pytest.param(
            {"active": SECOND_MINUTE},
            [(0, True, INACTIVE), (58, False, NOT_TRUE), (60, False, NOT_TRUE), (62, True, FIRES)],
            id="a level that was over before the hours began does not fire",
        ),
    ],
)
def test_a_level(keys, story):
    verdicts = live(step_level, of_life(LEVEL, **keys), [(at, true) for at, true, _ in story])
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
        pytest.param(
            {"once": True},
            [(0, True, FIRES), (2, False, NOT_TRUE), (4, True, DISARMED)],
            id="once",
        ),
        pytest.param(
            {"expires_s": 10},
            [(9.999, True, FIRES), (10, True, EXPIRED), (12, False, EXPIRED)],
            id="it has expired at that very time",
        ),
        pytest.param(
            {"active": SECOND_MINUTE},
            [
                (59.999, True, INACTIVE),
                (60, True, FIRES),
                (119.999, True, FIRES),
                (120, True, INACTIVE),
            ],
            id="an event outside the hours is dropped",
        ),
    ],
)
def test_an_event(keys, story):
    verdicts = live(step_event, of_life(EVENT, **keys), [(at, true) for at, true, _ in story])
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


def test_what_was_false_while_it_was_kept_firing_does_not_shorten_how_long_it_was_true():
    kept = rule(LEVEL, keep_firing_for_s=60)
    life = Life()
    for now_ms, true in ((0, True), (2000, False), (4000, True)):
        life, _ = step_level(life, kept, true=true, now_ms=now_ms)
    assert life == Life(Phase.FIRING, true_since_ms=0, last_alert_ms=0)


def test_repeats_are_counted_within_a_firing():
    repeated = rule(LEVEL, repeat_s=2)
    life, counted = Life(), []
    for second, true in enumerate([True, True, True, True, True, False, True]):
        life, _ = step_level(life, repeated, true=true, now_ms=2000 * second)
        counted.append(life.repeats)
    assert counted == [0, 1, 2, 3, 4, 0, 0]


def test_dropped_events_are_counted_until_the_next_alert():
    cooled = rule(EVENT, cooldown_s=5)
    life, counted = Life(), []
    for second in range(8):
        life, _ = step_event(life, cooled, true=True, now_ms=1000 * second)
        counted.append(life.dropped)
    assert counted == [0, 1, 2, 3, 4, 0, 1, 2]


def test_a_rule_that_is_no_longer_to_fire_once_is_not_disarmed():
    life, _ = step_event(Life(), rule(EVENT, once=True), true=True, now_ms=0)
    assert step_event(life, rule(EVENT, once=True), true=True, now_ms=1)[1] is DISARMED
    assert step_event(life, rule(EVENT), true=True, now_ms=1)[1] is FIRES
