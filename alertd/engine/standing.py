"""How a rule stands for a symbol: its life, and what its parts have been through."""

from collections.abc import Mapping, Sequence
from math import isnan
from types import MappingProxyType

import attrs

from alertd.engine.alert import Alert, AlertState, Reading
from alertd.engine.condition import Amount
from alertd.engine.explanation import HeldBack
from alertd.engine.ladder import Rungs, after, first_rungs
from alertd.engine.life import Life, Phase, Verdict, step_event, step_level
from alertd.engine.node import Truth
from alertd.engine.part import Part
from alertd.engine.program import Task
from alertd.engine.series import Values
from alertd.market.ticker import Ticker

_NEWBORN = Life()
_NO_RUNGS: Mapping[int, Rungs] = MappingProxyType({})


@attrs.frozen
class Moment:
    """A ticker of a symbol, the values of the series at it and at the previous one (empty at the first)."""

    ticker: Ticker
    now: Values
    before: Values
    gap_ms: int


@attrs.define
class Standing:
    """How a task stands for one symbol.

    `latched` are the numbers of parts that, since the rule has fired, count as true until their value
    has come back, or, of an event, are not ready until it has. `rungs` are by the number of the part.
    `truths` are those of the tree's nodes when it was last looked at, none before the first ticker;
    `since_ms` the event time at which each became so, of an event that at which it last happened.
    """

    life: Life = _NEWBORN
    latched: frozenset[int] = frozenset()
    rungs: Mapping[int, Rungs] = _NO_RUNGS
    truths: tuple[Truth, ...] = ()
    since_ms: tuple[int | None, ...] = ()
    verdict: Verdict | None = None
    held_back: HeldBack | None = None
    last_alert: Alert | None = None

    @property
    def state(self) -> tuple[Life, frozenset[int], Mapping[int, Rungs]]:
        """What of it has to be remembered."""
        return self.life, self.latched, self.rungs

    def step(self, task: Task, moment: Moment) -> Alert | None:
        """Look at the condition, step the rule's life, and return the alert that this gives."""
        before, time_ms = self.life, moment.ticker.time_ms
        seen = self._seen(task, moment)
        truths = task.tree.truths(seen)
        self._note(truths, task, time_ms)
        step = step_event if task.is_event else step_level
        true = truths[0] is True
        self.life, self.verdict = step(before, task.rule, true=true, now_ms=time_ms)
        if task.rearmed:
            self._latch(task, seen, moment)
            if before.phase is Phase.FIRING and self.life.phase is Phase.QUIET:
                # What only its rearm kept true is not so any more.
                self._note(task.tree.truths(self._seen(task, moment)), task, time_ms)
        if self.verdict.holds_back:
            self.held_back = HeldBack(self.verdict, time_ms)
        if not _speaks(self.verdict, task, time_ms):
            return None
        alert = self._alert(task, seen, before, moment)
        if alert.state is AlertState.FIRING:
            self.last_alert = alert
        return alert

    def take_up(self, task: Task) -> None:
        """Go on with a task that asks for the same, but for how far its parts have to come back."""
        true = set[int]()
        if not task.is_event and self.life.phase is Phase.FIRING:
            truths = zip(task.tree.walk(), self.truths, strict=False)
            true = {node.part for node, truth in truths if node.part is not None and truth}
        self.latched = (self.latched | true) & frozenset(task.rearmed)

    def readings(self, task: Task, seen: Sequence[Truth], moment: Moment) -> tuple[Reading, ...]:
        """Return what each part of the task sees."""
        return tuple(
            self._reading(number, part, moment, holds)
            for (number, part), holds in zip(enumerate(task.parts), seen, strict=True)
        )

    def _seen(self, task: Task, moment: Moment) -> list[Truth]:
        """Return the truth of each part, by itself and by what it has been through."""
        seen = [
            self._climb(number, part, moment)
            if part.is_ladder
            else part.truth(moment.now, moment.before)
            for number, part in enumerate(task.parts)
        ]
        for number in self.latched:
            if task.is_event:
                seen[number] = False if seen[number] else seen[number]
            elif seen[number] is False:
                seen[number] = not task.parts[number].is_back(moment.now)
        return seen

    def _climb(self, number: int, part: Part, moment: Moment) -> Truth:
        """Move the rungs with the value, and tell whether it has passed one."""
        value, step, rungs = moment.now[part.value], part.comparison.level, self.rungs.get(number)
        assert isinstance(step, Amount)  # noqa: S101 - by the operator
        if isnan(value):
            return None
        moved = after(step, rungs, value) if rungs else first_rungs(step, value)
        if moved is not rungs:
            self.rungs = {**self.rungs, number: moved}
        return None if rungs is None else moved is not rungs

    def _note(self, truths: tuple[Truth, ...], task: Task, time_ms: int) -> None:
        """Keep since when each node of the tree is what it is."""
        if truths == self.truths and not task.is_event:
            return
        former = self.truths or (None,) * len(truths)
        since_ms = self.since_ms or tuple(None if event else time_ms for event in task.events)
        self.since_ms = tuple(
            time_ms if (truth if event else truth is not before) else since
            for truth, before, event, since in zip(
                truths, former, task.events, since_ms, strict=True
            )
        )
        self.truths = truths

    def _latch(self, task: Task, seen: Sequence[Truth], moment: Moment) -> None:
        """Note which parts have to come back from now on."""
        true = {number for number in task.rearmed if seen[number]}
        if not task.is_event:
            # What is undefined for the moment has not come back either.
            kept = true | {number for number in self.latched if seen[number] is None}
            self.latched = frozenset(kept if self.life.phase is Phase.FIRING else ())
            return
        waiting = self.latched | true if self.verdict is Verdict.FIRES else self.latched
        self.latched = frozenset(
            number for number in waiting if not task.parts[number].is_back(moment.now)
        )

    def _alert(self, task: Task, seen: Sequence[Truth], before: Life, moment: Moment) -> Alert:
        time_ms = moment.ticker.time_ms
        over = self.verdict is Verdict.RESOLVES
        life, until_ms, repeats = self.life, time_ms, self.life.repeats
        if over:
            life, repeats = before, before.repeats + 1
            until_ms = time_ms if before.false_since_ms is None else before.false_since_ms
        return Alert(
            rule=task.rule,
            symbol=moment.ticker.symbol,
            state=AlertState.RESOLVED if over else AlertState.FIRING,
            time_ms=time_ms,
            held_for_ms=life.held_for_ms(until_ms),
            readings=self.readings(task, seen, moment),
            ticker=moment.ticker,
            repeats=repeats,
            dropped=before.dropped,
            gap_ms=moment.gap_ms,
        )

    def _reading(self, number: int, part: Part, moment: Moment, holds: Truth) -> Reading:
        reading = part.reading(moment.now, moment.before, holds=holds)
        rungs = self.rungs.get(number)
        if rungs is None:
            return reading
        return attrs.evolve(reading, threshold=rungs.last if holds else _nearer(rungs, reading))


def _nearer(rungs: Rungs, reading: Reading) -> float | None:
    """Return the rung that is nearer to the value."""
    value = reading.value
    return None if value is None else min(rungs.low, rungs.high, key=lambda it: abs(it - value))


def _speaks(verdict: Verdict, task: Task, time_ms: int) -> bool:
    """Tell whether a verdict gives an alert; outside its hours a rule does not say that it is over."""
    if verdict is Verdict.RESOLVES:
        hours = task.rule.active
        return task.rule.notify_resolved and (hours is None or hours.includes(time_ms))
    return verdict in (Verdict.FIRES, Verdict.REPEATS)
