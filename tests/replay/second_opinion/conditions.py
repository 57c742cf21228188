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

OPERATORS: Mapping[str, Callable[[Asked], Comparison]] = LEVELS | EVENTS
Compared = tuple[float | None, float | tuple[float, float] | None]


@attrs.frozen(eq=False)
class Condition:
    """Where it is true, where it counts as true while the rule fires, and what it is made of.

    `holding` has each comparison, in the order of the text, with where it does its part: below a
    `not` that is where it is false.
    """

    is_event: bool
    now: Flags
    held: Flags
    holding: tuple[tuple[Comparison, Flags], ...]

    def is_ready(self, place: int, fired: int) -> bool:
        """Tell whether an event that comes then is ready again after the last alert."""
        events = [comparison.ready for comparison, _ in self.holding if comparison.ready]
        return all(ready.any_in(fired, place) for ready in events)

    def compared(self, place: int) -> Compared:
        """Return what was compared, and with what: the first event, else the first that holds."""
        happened = [one for one, does in self.holding if one.is_event and does[place]]
        held = [one for one, does in self.holding if does[place]]
        chosen = (happened or held or [self.holding[0][0]])[0]
        threshold = [float(each[place]) for each in chosen.threshold]
        return float(chosen.value[place]), (
            threshold[0] if len(threshold) == 1 else (threshold[0], threshold[1])
        )


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
    assert (one.held | ~one.now).all(), "what is true holds"
    return Condition(one.is_event, one.now, one.held, ((one, one.now),))


def _turned(part: Condition) -> Condition:
    assert not part.is_event
    turned = tuple((one, ~does) for one, does in part.holding)
    return Condition(is_event=False, now=~part.now, held=~part.now, holding=turned)


def _joined(parts: Sequence[Condition], join: "np.ufunc") -> Condition:
    return Condition(
        is_event=any(part.is_event for part in parts),
        now=reduce(join, [part.now for part in parts]),
        held=reduce(join, [part.held for part in parts]),
        holding=tuple(each for part in parts for each in part.holding),
    )
