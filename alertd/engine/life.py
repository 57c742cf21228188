"""The life of a rule for one symbol: every phase and every way from one to the next.

Theory of operation. A rule's condition is either a *level*, which is true for as long as something
holds, or an *event*, which is true on single ticks. Each is stepped once for every ticker of the
symbol, with the ticker's own event time: there is no clock here, and the same tickers always give
the same verdicts.

A level goes round::

              true              held `for` long, and not cooling down
    quiet ──────────► pending ────────────────────────────────────────► firing
      ▲                  │ false                                           │ false
      └──────────────────┴─────────────────────────────────────────────────┘

Pending takes no time where `for` is 0: one step may go from quiet to firing. The cooldown keeps a
level pending, it does not forget it: a level that came true meanwhile, and still is, fires on the
first tick after.

An event has nothing to hold. It fires on the tick on which it happens; one that happens during the
cooldown is dropped, and the verdict says so, so that it can be counted.

A step returns its reason and not a bare yes or no: what kept a rule from firing is what its owner
asks first.
"""

import enum

import attrs

from alertd.engine.rule import Rule


class Phase(enum.Enum):
    """Where a level stands; an event is always quiet."""

    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"


class Verdict(enum.Enum):
    """What a step decided, and why."""

    FIRES = "fires"
    NOT_TRUE = "the condition is not true"
    NOT_HELD = "true, but not yet for long enough"
    COOLING_DOWN = "true, but the last alert is too recent"
    STILL_FIRING = "true, and it has fired already"


@attrs.frozen
class Life:
    """How a rule stands for a symbol. Times are event times in milliseconds.

    `true_since_ms` is the ticker that made the level true, None while it is quiet.
    """

    phase: Phase = Phase.QUIET
    true_since_ms: int | None = None
    last_alert_ms: int | None = None

    def held_for_ms(self, now_ms: int) -> int:
        """Return how long the level has been true; 0 for an event."""
        return 0 if self.true_since_ms is None else now_ms - self.true_since_ms


def step_level(life: Life, rule: Rule, *, true: bool, now_ms: int) -> tuple[Life, Verdict]:
    """Return the life of a level after a ticker at which its condition was true or not."""
    if not true:
        if life.phase is not Phase.QUIET:
            life = Life(last_alert_ms=life.last_alert_ms)
        return life, Verdict.NOT_TRUE
    if life.phase is Phase.FIRING:
        return life, Verdict.STILL_FIRING
    if life.phase is Phase.QUIET:
        life = Life(Phase.PENDING, now_ms, life.last_alert_ms)
    if life.held_for_ms(now_ms) < rule.hold_for_ms:
        return life, Verdict.NOT_HELD
    if _cools_down(life, rule, now_ms):
        return life, Verdict.COOLING_DOWN
    return Life(Phase.FIRING, life.true_since_ms, last_alert_ms=now_ms), Verdict.FIRES


def step_event(life: Life, rule: Rule, *, true: bool, now_ms: int) -> tuple[Life, Verdict]:
    """Return the life of an event after a ticker on which it happened or not."""
    if not true:
        return life, Verdict.NOT_TRUE
    if _cools_down(life, rule, now_ms):
        return life, Verdict.COOLING_DOWN
    return Life(last_alert_ms=now_ms), Verdict.FIRES


def _cools_down(life: Life, rule: Rule, now_ms: int) -> bool:
    return life.last_alert_ms is not None and now_ms - life.last_alert_ms < rule.cooldown_ms
