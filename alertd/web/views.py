"""The engine's explanations as the control room's answers: values into plain data, no decisions."""

from collections.abc import Iterable
from math import inf

from alertd.engine import alert as engine_alert
from alertd.engine import explanation as engine_explanation
from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not, is_event
from alertd.engine.explanation import Explanation
from alertd.engine.metrics import Unit
from alertd.engine.rearmed import way_back
from alertd.engine.rule import Rule
from alertd.engine.words import in_words
from alertd.web import answers, explain_answers
from alertd.web.hurdle import Hurdle, hurdle_of, is_in_percent


def explained(
    rule: Rule, standings: Iterable[explain_answers.Standing]
) -> explain_answers.Explained:
    """Return how a rule stands, for the symbol nearest to firing first."""
    return explain_answers.Explained(
        rule=_rule(rule), symbols=tuple(sorted(standings, key=_nearness))
    )


def _nearness(standing: explain_answers.Standing) -> tuple[bool, float, str]:
    true = standing.condition is not None and standing.condition.true is True
    percent = standing.hurdle.percent if standing.hurdle else inf
    return not true, percent, standing.symbol


def _rule(rule: Rule) -> explain_answers.RuleFacts:
    return explain_answers.RuleFacts(
        name=rule.name,
        when=in_words(rule.when),
        event=is_event(rule.when),
        severity=rule.severity.value,
        for_ms=rule.hold_for_ms,
        keep_firing_for_ms=rule.keep_firing_for_ms,
        cooldown_ms=rule.cooldown_ms,
        repeat_ms=rule.repeat_ms,
        once=rule.once,
        expires_ms=rule.expires_ms,
    )


def standing(explanation: Explanation, *, streaming: bool = True) -> explain_answers.Standing:
    """Return how a rule stands for one symbol, whose tickers are coming in or not."""
    rule, life, ticker = explanation.rule, explanation.life, explanation.ticker
    now_ms = ticker.time_ms if ticker else None
    verdict, last_alert = explanation.verdict, explanation.last_alert
    return explain_answers.Standing(
        symbol=explanation.symbol,
        streaming=streaming,
        time_ms=now_ms,
        close=ticker.close if ticker else None,
        phase=life.phase.value,
        verdict=verdict.name.lower() if verdict else None,
        words=verdict.value if verdict else None,
        held_for_ms=life.held_for_ms(now_ms) if now_ms is not None else 0,
        due_ms=explanation.due_ms,
        cooldown_left_ms=explanation.cooldown_left_ms,
        opens_ms=_opens_ms(rule, now_ms),
        disarmed=life.disarmed,
        expired=_has_expired(rule, now_ms),
        repeats=life.repeats,
        dropped=life.dropped,
        condition=_part(explanation.condition) if explanation.condition else None,
        hurdle=hurdle_answer(hurdle_of(explanation.condition)) if explanation.condition else None,
        last_alert=_last_alert(last_alert) if last_alert else None,
        held_back=_held_back(explanation.held_back) if explanation.held_back else None,
    )


def _has_expired(rule: Rule, now_ms: int | None) -> bool:
    return rule.expires_ms is not None and now_ms is not None and now_ms >= rule.expires_ms


def _opens_ms(rule: Rule, now_ms: int | None) -> int | None:
    if rule.active is None or now_ms is None or rule.active.includes(now_ms):
        return None
    return rule.active.opens_ms(now_ms)


def _part(part: engine_explanation.Explained) -> explain_answers.Part:
    return explain_answers.Part(
        kind=_kind(part.condition),
        event=is_event(part.condition),
        true=part.true,
        since_ms=part.since_ms,
        reading=_reading(part.reading, latched=part.latched) if part.reading else None,
        distance=part.distance,
        distance_percent=part.distance_percent,
        parts=tuple(map(_part, part.parts)),
    )


def _kind(condition: Condition) -> str:
    match condition:
        case AllOf():
            return "all"
        case AnyOf():
            return "any"
        case Not():
            return "not"
        case Comparison():
            return "comparison"


def hurdle_answer(hurdle: Hurdle | None) -> explain_answers.Hurdle | None:
    """Return what is furthest from letting a condition be true, None where that cannot be told."""
    if hurdle is None or hurdle.part.reading is None:
        return None
    return explain_answers.Hurdle(
        percent=hurdle.percent,
        reading=_reading(hurdle.part.reading),
        distance=hurdle.part.distance,
    )


def _reading(reading: engine_alert.Reading, *, latched: bool = False) -> explain_answers.Reading:
    comparison = reading.comparison
    waits = latched if comparison.operator.is_event else reading.kept
    return explain_answers.Reading(
        comparison=in_words(comparison),
        metric=comparison.metric.name,
        operator=comparison.operator.value,
        unit=(Unit.PERCENT if is_in_percent(comparison) else comparison.metric.unit).value,
        value=reading.value,
        previous=reading.previous,
        threshold=_range(reading.threshold),
        fixed=comparison.has_own_numbers,
        back=_range(way_back(reading)) if waits else None,
        true=reading.holds,
    )


def _range(number: float | engine_alert.Interval | None) -> float | answers.Range | None:
    if isinstance(number, engine_alert.Interval):
        return answers.Range(low=number.low, high=number.high)
    return number


def _last_alert(alert: engine_alert.Alert) -> explain_answers.LastAlert:
    return explain_answers.LastAlert(
        state=alert.state.value,
        time_ms=alert.time_ms,
        held_for_ms=alert.held_for_ms,
        repeats=alert.repeats,
        dropped=alert.dropped,
        readings=tuple(map(_reading, alert.readings)),
    )


def _held_back(held_back: engine_explanation.HeldBack) -> explain_answers.HeldBack:
    verdict = held_back.verdict
    return explain_answers.HeldBack(
        verdict=verdict.name.lower(), words=verdict.value, time_ms=held_back.time_ms
    )
