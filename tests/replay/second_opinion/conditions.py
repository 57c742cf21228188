"""A rule's whole condition, at every ticker at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import attrs
import numpy as np

from tests.replay.second_opinion.arrays import Flags
from tests.replay.second_opinion.comparison import Asked, Comparison
from tests.replay.second_opinion.events import EVENTS
from tests.replay.second_opinion.levels import LEVELS
from tests.replay.second_opinion.market import Market

OPERATORS: Mapping[str, Callable[[Asked], Comparison]] = {**LEVELS, **EVENTS}
Threshold = float | tuple[float, float]


@attrs.frozen(eq=False)
class Condition:
    """Where it is true, and what it is made of, in the order of the text.

    `held_since` tells, for a rule that fired at a place, where from there on it counts as true.
    """

    is_event: bool
    now: Flags
    held_since: Callable[[int], Flags]
    parts: Sequence["Condition"] = ()
    comparison: Comparison | None = None

    def comparisons(self) -> Sequence["Condition"]:
        """Return the conditions that are a single comparison."""
        if self.comparison:
            return (self,)
        return [each for part in self.parts for each in part.comparisons()]

    def is_ready(self, place: int, fired: int) -> bool:
        """Tell whether an event that comes then is ready again after the last alert."""
        comparisons = [part.comparison for part in self.comparisons()]
        return all(one is None or one.is_ready(place, fired) for one in comparisons)


def condition_of(market: Market, when: Mapping[str, Any], rearm: object = None) -> Condition:
    """Read a mapping, all of which must hold. A rule's own `rearm` is for its only comparison."""
    parts = [_part(market, name, written, rearm) for name, written in when.items()]
    return _joined(parts, np.logical_and)


def _part(market: Market, name: str, written: Any, rearm: object) -> Condition:
    if name in {"all", "any"}:
        join = np.logical_and if name == "all" else np.logical_or
        return _joined([condition_of(market, each) for each in written], join)
    if name == "not":
        return _turned(condition_of(market, written))
    test = written if rearm is None else written | {"rearm": rearm}
    comparisons = [
        OPERATORS[operator](Asked.of(market, name, operator, test))
        for operator in test
        if operator not in {"within", "rearm"}
    ]
    return _joined([_alone(each) for each in comparisons], np.logical_and)


def _alone(one: Comparison) -> Condition:
    return Condition(one.is_event, one.now, one.held_since, comparison=one)


def _turned(part: Condition) -> Condition:
    """Return its opposite. There is no `rearm` inside of `not`."""
    assert not part.is_event
    if part.comparison:
        now = ~part.now
        return attrs.evolve(part, now=now, held_since=lambda _: now)
    turned = [_turned(each) for each in part.parts]
    now = ~part.now
    return Condition(is_event=False, now=now, held_since=lambda _: now, parts=turned)


def _joined(parts: Sequence[Condition], join: np.ufunc) -> Condition:
    return Condition(
        is_event=any(part.is_event for part in parts),
        now=reduce(join, [part.now for part in parts]),
        held_since=lambda fired: reduce(join, [part.held_since(fired) for part in parts]),
        parts=parts,
    )
