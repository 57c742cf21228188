"""A rule's life in the naive model: found by walking back through all of its moments."""

import enum
from collections.abc import Sequence
from itertools import pairwise, takewhile

import attrs

from alertd.engine.alert import Alert, AlertState, Reading
from alertd.engine.condition import is_event
from alertd.engine.rule import Rule
from tests.engine.naive_comparisons import UNUSUAL_GAP_MS, Story


class Turn(enum.Enum):
    """Where a rule stands in its life; an event is always quiet."""

    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"


@attrs.frozen
class Moment:
    """What became of a rule at a ticker.

    `back` tells of each comparison whether its value was where it makes it ready again.
    `disarmed` is how the moment left the rule. `unseen_ms` is for how long nobody had looked before it.
    """

    time_ms: int
    readings: tuple[Reading, ...]
    back: tuple[bool, ...]
    true: bool
    turn: Turn = Turn.QUIET
    said: AlertState | None = None
    dropped: bool = False
    disarmed: bool = False
    unseen_ms: int = 0


Past = list[Moment]


def live(rule: Rule, now: Moment, past: Past) -> Moment:
    """What the rule makes of a moment at which its condition is true or not."""
    if rule.expires_ms is not None and now.time_ms >= rule.expires_ms:
        return now
    return _event(rule, now, past) if is_event(rule.when) else _level(rule, now, past)


def _event(rule: Rule, now: Moment, past: Past) -> Moment:
    if not now.true:
        return now
    if _is_forbidden(rule, now, past):
        return attrs.evolve(now, dropped=True)
    return attrs.evolve(now, said=AlertState.FIRING, disarmed=rule.once)


def _level(rule: Rule, now: Moment, past: Past) -> Moment:
    if past and past[-1].turn is Turn.FIRING:
        return _firing(rule, now, past)
    if not now.true:
        return now
    now = attrs.evolve(now, turn=Turn.PENDING)
    if now.time_ms - _true_since(now, past) < rule.hold_for_ms or _is_forbidden(rule, now, past):
        return now
    return attrs.evolve(now, turn=Turn.FIRING, said=AlertState.FIRING, disarmed=rule.once)


def _firing(rule: Rule, now: Moment, past: Past) -> Moment:
    if not now.true:
        if now.time_ms - _false_since(now, past) < rule.keep_firing_for_ms:
            return attrs.evolve(now, turn=Turn.FIRING)
        is_told = rule.notify_resolved and _is_active(rule, now)
        return attrs.evolve(now, said=AlertState.RESOLVED if is_told else None)
    now = attrs.evolve(now, turn=Turn.FIRING)
    last_ms = _last_alert(past)
    assert last_ms is not None
    is_due = rule.repeat_ms is not None and now.time_ms - last_ms >= rule.repeat_ms
    if is_due and not _is_forbidden(rule, now, past):
        return attrs.evolve(now, said=AlertState.FIRING, disarmed=rule.once)
    return now


def _is_forbidden(rule: Rule, now: Moment, past: Past) -> bool:
    last_ms = _last_alert(past)
    cools_down = last_ms is not None and now.time_ms - last_ms < rule.cooldown_ms
    is_disarmed = rule.once and now.disarmed
    return is_disarmed or cools_down or not _is_active(rule, now)


def _is_active(rule: Rule, now: Moment) -> bool:
    return rule.active is None or rule.active.includes(now.time_ms)


def _last_alert(past: Past) -> int | None:
    alerts = (it.time_ms for it in reversed(past) if it.said is AlertState.FIRING)
    return next(alerts, None)


def _course(past: Sequence[Moment]) -> list[Moment]:
    """The moments since the level came true, the newest first."""
    return list(takewhile(lambda moment: moment.turn is not Turn.QUIET, reversed(past)))


def _true_since(now: Moment, past: Past) -> int:
    course = [now, *_course(past)]
    pairs = pairwise(course)
    unseen_ms = sum(it.unseen_ms for it, before in pairs if before.turn is Turn.PENDING)
    return course[-1].time_ms + unseen_ms


def _false_since(now: Moment, past: Past) -> int:
    course = [now, *takewhile(lambda moment: not moment.true, reversed(past))]
    return course[-1].time_ms + sum(moment.unseen_ms for moment in course[:-1])


def alert_of(rule: Rule, story: Story, past: Past) -> Alert:
    *earlier, now = past
    course = _course(earlier)
    gap_ms = now.time_ms - story.tickers[-2].time_ms if len(story.tickers) > 1 else 0
    assert now.said is not None
    return Alert(
        rule=rule,
        symbol=story.tickers[-1].symbol,
        state=now.said,
        time_ms=now.time_ms,
        held_for_ms=_held_for(rule, now, earlier),
        readings=now.readings,
        ticker=story.tickers[-1],
        repeats=sum(moment.said is not None for moment in course),
        dropped=_dropped_since_last_alert(earlier),
        gap_ms=gap_ms if gap_ms > UNUSUAL_GAP_MS else 0,
    )


def _held_for(rule: Rule, now: Moment, earlier: Past) -> int:
    """How long the condition had been true: of one that is over, until it became false."""
    if is_event(rule.when):
        return 0
    until_ms = now.time_ms if now.true else _false_since(now, earlier)
    return until_ms - _true_since(now, earlier)


def _dropped_since_last_alert(earlier: Past) -> int:
    since = takewhile(lambda moment: moment.said is None, reversed(earlier))
    return sum(moment.dropped for moment in since)
