"""The life of a rule for one symbol: every phase and every way from one to the next.

Theory of operation. A rule's condition is either a *level*, which is true for as long as something
holds, or an *event*, which is true on single ticks. Each is stepped with a ticker's own event time:
there is no clock here, and the same tickers always give the same verdicts. A step with the truth
and the time of the last one changes nothing, so a rule may be stepped as often as one likes, and
need not be before its truth has changed or its `due_ms` has come.

A level goes round::

              true              held `for` long, and nothing forbids it
    quiet ──────────► pending ──────────────────────────────────────────► firing ──┐ still true: again
      ▲                  │ false                                             │     ┘ every `repeat`
      ├──────────────────┘                                                   │
      └──────────────────────────────────────────────────────────────────────┘
                        false for `keep_firing_for`: resolved

Pending takes no time where `for` is 0: one step may go from quiet to firing. What forbids an alert
(the cooldown, the hours) keeps a level pending, it does not forget it: one that came true
meanwhile, and still is, fires on the first tick after. What ends a rule for good (`once`, `expires`)
leaves the level to go round unheard.

An event has nothing to hold. It fires on the tick on which it happens; one that happens while
something forbids it is dropped, and counted.

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
    REPEATS = "fires again, as it is still true"
    RESOLVES = "is over"
    NOT_TRUE = "the condition is not true"
    NOT_HELD = "true, but not yet for long enough"
    COOLING_DOWN = "true, but the last alert is too recent"
    INACTIVE = "true, but outside its active hours"
    DISARMED = "true, but it has fired once and was not rearmed"
    EXPIRED = "it has expired"
    STILL_FIRING = "true, and it has fired already"
    KEPT_FIRING = "no longer true, but not yet for long enough to be over"

    @property
    def holds_back(self) -> bool:
        """Whether the condition was granted and something else kept the rule from firing."""
        return self in _HOLDING_BACK


_HOLDING_BACK = frozenset(
    {Verdict.NOT_HELD, Verdict.COOLING_DOWN, Verdict.INACTIVE, Verdict.DISARMED}
)


@attrs.frozen
class Life:
    """How a rule stands for a symbol. Times are event times in milliseconds.

    `true_since_ms` is the ticker that made the level true, None while it is quiet; `false_since_ms`
    the one that made it false while it is kept firing. `disarmed` is for `once`. `repeats` counts
    the alerts of this firing after its first, `dropped` the events dropped since the last alert.
    """

    phase: Phase = Phase.QUIET
    true_since_ms: int | None = None
    false_since_ms: int | None = None
    last_alert_ms: int | None = None
    disarmed: bool = False
    repeats: int = 0
    dropped: int = 0

    def held_for_ms(self, now_ms: int) -> int:
        """Return how long the level has been true; 0 for an event."""
        return 0 if self.true_since_ms is None else now_ms - self.true_since_ms


def step_level(life: Life, rule: Rule, *, true: bool, now_ms: int) -> tuple[Life, Verdict]:
    """Return the life of a level after a ticker at which its condition was true or not."""
    if _has_expired(rule, now_ms):
        return _quiet(life), Verdict.EXPIRED
    if life.phase is Phase.FIRING:
        return _step_firing(life, rule, true=true, now_ms=now_ms)
    if not true:
        return _quiet(life), Verdict.NOT_TRUE
    if life.phase is Phase.QUIET:
        life = attrs.evolve(life, phase=Phase.PENDING, true_since_ms=now_ms)
    if life.held_for_ms(now_ms) < rule.hold_for_ms:
        return life, Verdict.NOT_HELD
    forbidden = _forbidden(life, rule, now_ms)
    if forbidden is not None:
        return life, forbidden
    return _fired(attrs.evolve(life, phase=Phase.FIRING), rule, now_ms), Verdict.FIRES


def _step_firing(life: Life, rule: Rule, *, true: bool, now_ms: int) -> tuple[Life, Verdict]:
    if not true:
        since = now_ms if life.false_since_ms is None else life.false_since_ms
        if now_ms - since >= rule.keep_firing_for_ms:
            return _quiet(life), Verdict.RESOLVES
        return attrs.evolve(life, false_since_ms=since), Verdict.KEPT_FIRING
    if life.false_since_ms is not None:
        life = attrs.evolve(life, false_since_ms=None)
    if _is_repeat_due(life, rule, now_ms) and _forbidden(life, rule, now_ms) is None:
        return _fired(attrs.evolve(life, repeats=life.repeats + 1), rule, now_ms), Verdict.REPEATS
    return life, Verdict.STILL_FIRING


def step_event(life: Life, rule: Rule, *, true: bool, now_ms: int) -> tuple[Life, Verdict]:
    """Return the life of an event after a ticker on which it happened or not."""
    if _has_expired(rule, now_ms):
        return life, Verdict.EXPIRED
    if not true:
        return life, Verdict.NOT_TRUE
    forbidden = _forbidden(life, rule, now_ms)
    if forbidden is not None:
        return attrs.evolve(life, dropped=life.dropped + 1), forbidden
    return _fired(life, rule, now_ms), Verdict.FIRES


def after_outage(life: Life, unseen_ms: int) -> Life:
    """Return the life as if the time in which nobody looked had not passed.

    What has to hold for a while must be seen to: it goes on waiting where it was. What was said
    stays said when it was.
    """
    if life.false_since_ms is not None:
        return attrs.evolve(life, false_since_ms=life.false_since_ms + unseen_ms)
    if life.phase is Phase.PENDING and life.true_since_ms is not None:
        return attrs.evolve(life, true_since_ms=life.true_since_ms + unseen_ms)
    return life


def due_ms(life: Life, rule: Rule, now_ms: int) -> int | None:
    """Return the earliest time at which a level may alert or be over although its truth has not changed."""
    if life.phase is Phase.QUIET:
        return None
    due = _next_turn_ms(life, rule, now_ms)
    if due is None or rule.expires_ms is None:
        return due or rule.expires_ms
    return min(due, rule.expires_ms)


def _next_turn_ms(life: Life, rule: Rule, now_ms: int) -> int | None:
    if life.false_since_ms is not None:
        return life.false_since_ms + rule.keep_firing_for_ms
    if (rule.once and life.disarmed) or life.true_since_ms is None:
        return None
    if life.phase is Phase.PENDING:
        due = life.true_since_ms + rule.hold_for_ms
    elif rule.repeat_ms is not None and life.last_alert_ms is not None:
        due = life.last_alert_ms + rule.repeat_ms
    else:
        return None
    if life.last_alert_ms is not None:
        due = max(due, life.last_alert_ms + rule.cooldown_ms)
    return rule.active.opens_ms(max(due, now_ms)) if rule.active else due


def _quiet(life: Life) -> Life:
    if life.phase is Phase.QUIET:
        return life
    return Life(last_alert_ms=life.last_alert_ms, disarmed=life.disarmed)


def _fired(life: Life, rule: Rule, now_ms: int) -> Life:
    return attrs.evolve(life, last_alert_ms=now_ms, disarmed=rule.once, dropped=0)


def _has_expired(rule: Rule, now_ms: int) -> bool:
    return rule.expires_ms is not None and now_ms >= rule.expires_ms


def _is_repeat_due(life: Life, rule: Rule, now_ms: int) -> bool:
    if rule.repeat_ms is None or life.last_alert_ms is None:
        return False
    return now_ms - life.last_alert_ms >= rule.repeat_ms


def _forbidden(life: Life, rule: Rule, now_ms: int) -> Verdict | None:
    """Return what forbids an alert now although the condition is granted."""
    if rule.once and life.disarmed:
        return Verdict.DISARMED
    if rule.active is not None and not rule.active.includes(now_ms):
        return Verdict.INACTIVE
    if life.last_alert_ms is not None and now_ms - life.last_alert_ms < rule.cooldown_ms:
        return Verdict.COOLING_DOWN
    return None
