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

    `holds_after` tells where it is true after alerts at some places.
    """

    is_event: bool
    now: Flags
    holds_after: Callable[[Sequence[int]], Flags]
    parts: Sequence["Condition"] = ()
    comparison: Comparison | None = None

    def comparisons(self) -> Sequence["Condition"]:
        """Return the conditions that are a single comparison."""
        if self.comparison:
            return (self,)
        return [each for part in self.parts for each in part.comparisons()]


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
    return Condition(one.is_event, one.now, one.holds_after, comparison=one)


def _turned(part: Condition) -> Condition:
    """Return its opposite. There is no `rearm` inside of `not`."""
    assert not part.is_event
    if part.comparison:
        now = ~part.now
        return attrs.evolve(part, now=now, holds_after=lambda _: now)
    turned = [_turned(each) for each in part.parts]
    now = ~part.now
    return Condition(is_event=False, now=now, holds_after=lambda _: now, parts=turned)


def _joined(parts: Sequence[Condition], join: np.ufunc) -> Condition:
    """Return several as one. Beside an event a level is as strict as it reads."""
    is_event = any(part.is_event for part in parts)

    def holds_after(alerts: Sequence[int]) -> Flags:
        flags: Flags = reduce(
            join,
            [part.holds_after(alerts) if part.is_event == is_event else part.now for part in parts],
        )
        return flags

    now = reduce(join, [part.now for part in parts])
    return Condition(is_event, now, holds_after, parts)
