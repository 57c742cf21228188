"""Why a rule fires for a symbol, or does not, from how it stands at the newest ticker."""

from collections.abc import Iterator, Sequence
from math import isnan

from alertd.engine.alert import Reading
from alertd.engine.explanation import Explained, Explanation, Glance
from alertd.engine.life import Verdict, due_ms, step_level
from alertd.engine.node import Node, Truth
from alertd.engine.part import Part
from alertd.engine.program import Task
from alertd.engine.standing import Moment, Standing


def explain(symbol: str, task: Task, standing: Standing, moment: Moment | None) -> Explanation:
    """Return how a task stands; `moment` is the newest ticker's, None before the first."""
    rule, life = task.rule, standing.life
    known = moment is not None and standing.truths
    now_ms = moment.ticker.time_ms if moment is not None else 0
    last_ms = life.last_alert_ms
    return Explanation(
        rule=rule,
        symbol=symbol,
        ticker=moment.ticker if moment is not None else None,
        condition=_condition(task, standing, moment) if moment is not None and known else None,
        life=life,
        verdict=_verdict(task, standing, now_ms),
        due_ms=due_ms(life, rule, now_ms) if known and not task.is_event else None,
        cooldown_left_ms=0 if last_ms is None else max(last_ms + rule.cooldown_ms - now_ms, 0),
        held_back=standing.held_back,
        last_alert=standing.last_alert,
    )


def glance(task: Task, standing: Standing, moment: Moment | None) -> Glance:
    """Return in short how a task stands; `moment` is the newest ticker's, None before the first."""
    known = moment is not None and standing.truths
    return Glance(
        rule=task.rule,
        phase=standing.life.phase,
        ticker=moment.ticker if moment is not None else None,
        condition=_condition(task, standing, moment) if moment is not None and known else None,
        last_alert_ms=standing.life.last_alert_ms,
    )


def _verdict(task: Task, standing: Standing, now_ms: int) -> Verdict | None:
    """Return the verdict as of the newest ticker, although the task may not have been looked at then."""
    if not standing.truths or now_ms in (standing.life.last_alert_ms, standing.since_ms[0]):
        return standing.verdict
    if task.is_event:
        return Verdict.NOT_TRUE
    true = standing.truths[0] is True
    return step_level(standing.life, task.rule, true=true, now_ms=now_ms)[1]


def _condition(task: Task, standing: Standing, moment: Moment) -> Explained:
    seen = list(_seen_now(task, standing, moment))
    facts = zip(task.tree.walk(), task.tree.truths(seen), standing.since_ms, strict=True)
    return _explained(facts, standing.readings(task, seen, moment), standing.latched)


def _seen_now(task: Task, standing: Standing, moment: Moment) -> Iterator[Truth]:
    """Yield the truth of every part: of a level it has not changed since, an event is over by then."""
    nodes = zip(task.tree.walk(), standing.truths, standing.since_ms, strict=True)
    for node, truth, since_ms in nodes:
        if node.part is None:
            continue
        part = task.parts[node.part]
        if not part.comparison.operator.is_event:
            yield truth
        elif since_ms == moment.ticker.time_ms:
            yield True
        else:
            yield None if _cannot_be_told(part, moment) else False


def _cannot_be_told(part: Part, moment: Moment) -> bool:
    if part.is_ladder:
        return not moment.before or isnan(moment.now[part.value])
    return part.truth(moment.now, moment.before) is None


def _explained(
    facts: Iterator[tuple[Node, Truth, int | None]],
    readings: Sequence[Reading],
    latched: frozenset[int],
) -> Explained:
    """Return the next node of `facts`, which come in the order of the tree, with all below it."""
    node, true, since_ms = next(facts)
    if node.part is not None:
        reading, kept = readings[node.part], node.part in latched
        return Explained(node.condition, true, since_ms, reading, latched=kept)
    parts = tuple(_explained(facts, readings, latched) for _ in node.nodes)
    return Explained(node.condition, true, since_ms, parts=parts)
