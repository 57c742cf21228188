"""The tests of one metric: operators and their levels, and `within` and `rearm` beside them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from alertd.config.levels import amount, level, window
from alertd.config.mistakes import WrongError, Wrongs
from alertd.config.rearms import rearmed
from alertd.config.values import unknown_key
from alertd.config.wording import kind, shown
from alertd.engine.condition import Comparison
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator

_Value = TypeVar("_Value")

_OPERATORS: Mapping[str, Operator] = {operator.value: operator for operator in Operator}
_MOVES = tuple(operator.value for operator in Operator if operator.is_move)
_WITHIN, _REARM = "within", "rearm"
OPTIONS = (_WITHIN, _REARM)
# Keys of a rule that people look for beside what they are about.
KEYS_OF_THE_RULE = (
    "for", "keep_firing_for", "cooldown", "repeat", "once", "expires", "active", "notify_resolved",
)  # fmt: skip
_OTHER_NAMES = {
    ">": "above", "gt": "above", "over": "above", "<": "below", "lt": "below", "under": "below",
    ">=": "at_least", "gte": "at_least", "<=": "at_most", "lte": "at_most", "inside": "between",
    "drops": "falls", "increases": "rises", "decreases": "falls", "exits": "leaves",
    "reaches": "touches", "hits": "touches", "crosses_up": "crosses_above",
    "crosses_over": "crosses_above", "crosses_down": "crosses_below",
    "crosses_under": "crosses_below",
    # TradingView's, docs/tradingview.md.
    "crossing": "touches", "crossing_up": "crosses_above", "crossing_down": "crosses_below",
    "greater_than": "above", "less_than": "below", "entering_channel": "enters",
    "exiting_channel": "leaves", "inside_channel": "between", "outside_channel": "outside",
    "moving_up": "rises", "moving_down": "falls",
}  # fmt: skip


def comparisons(name: str, value: object, *, inside_not: bool) -> tuple[Comparison, ...]:
    """Read what is asked of a metric; inside of `not` nothing may happen on single ticks.

    Raises `WrongError`, or a group of them.
    """
    if not isinstance(value, dict) or not value:
        raise WrongError(
            f"a test is expected here, like {{above: 100}} or {{between: [1, 2]}}, not "
            f"{kind(value) if value != {} else 'an empty one'}"
        )
    tests = _Tests(METRICS[name], value, inside_not)
    found = tests.read()
    tests.wrongs.raise_any()
    return found


@attrs.frozen
class _Tests:
    """The mapping of a metric's tests while it is read."""

    metric: Metric
    written: dict[str, object]
    inside_not: bool
    wrongs: Wrongs = attrs.field(factory=Wrongs)

    def read(self) -> tuple[Comparison, ...]:
        keys = [key for key in self.written if key not in OPTIONS]
        if not keys:
            self.wrongs.add("no operator here: write one, like above: 100", ())
        within_ms = self._option(_WITHIN, window)
        self._check_within([key for key in keys if key in _MOVES])
        read = [self.wrongs.read(key, self.written[key], self._comparison) for key in keys]
        tests = [
            attrs.evolve(test, within_ms=within_ms or 0) if test.operator.is_move else test
            for test in read
            if test is not None
        ]
        return tuple(self._rearmed(tests, keys))

    def _option(self, key: str, read: Callable[[object], _Value]) -> _Value | None:
        if key not in self.written:
            return None
        return self.wrongs.read(key, self.written[key], lambda _, it: read(it))

    def _comparison(self, key: str, value: object) -> Comparison:
        operator = _OPERATORS.get(key)
        if operator is None:
            raise _unknown_operator(key, value)
        if operator.is_event and self.inside_not:
            raise WrongError(
                f"`{key}` happens on single ticks, and `not` takes what holds", on_key=True
            )
        if operator is Operator.TOUCHES and self.metric.name != "close":
            raise WrongError("`touches` is for close only: use `crosses`", on_key=True)
        if operator.is_record:
            return Comparison(self.metric, operator, None, within_ms=window(value))
        return Comparison(self.metric, operator, level(self.metric, operator, value))

    def _check_within(self, moves: list[str]) -> None:
        """Note a `within` that lacks its move, or a move that lacks its `within`."""
        if _WITHIN in self.written and len(moves) != 1:
            told = f"not for {' and '.join(map(shown, moves))} at once" if moves else _no_move(self)
            text = f"`within` is for one of `rises`, `falls`, `moves`, {told}"
            self.wrongs.add(text, (_WITHIN,), on_key=True)
        for move in moves if _WITHIN not in self.written else ():
            text = f"`{move}` lacks its window: write `within: 5m` beside it"
            self.wrongs.add(text, (move,), on_key=True)

    def _rearmed(self, tests: list[Comparison], keys: list[str]) -> list[Comparison]:
        rearm = self._option(_REARM, amount)
        if _REARM not in self.written:
            return tests
        if self.inside_not:
            text = "`rearm` is not for what stands inside of `not`: turn the operator round"
            self.wrongs.add(text, (_REARM,), on_key=True)
        elif len(keys) > 1:
            text = "`rearm` is for one operator: write a test for each below `all:`"
            self.wrongs.add(text, (_REARM,), on_key=True)
        elif tests and rearm is not None:
            found = self.wrongs.read(_REARM, rearm, lambda _, it: rearmed(tests[0], it))
            return tests if found is None else [found]
        return tests


def _no_move(tests: _Tests) -> str:
    records = [it for it in ("new_high", "new_low") if it in tests.written]
    return f"and {shown(records[0])} has its window behind it" if records else "and none is here"


def _unknown_operator(key: str, value: object) -> WrongError:
    meant = _OTHER_NAMES.get(key.lower().strip(" %").replace(" ", "_"))
    if meant is not None:
        return WrongError(
            f"unknown operator {shown(key)} (did you mean {shown(meant)}?)", on_key=True
        )
    if key in KEYS_OF_THE_RULE:
        return WrongError(
            f"{shown(key)} is a key of the rule: it stands beside `when`", on_key=True
        )
    if key.isdecimal() and value is None:
        return WrongError(
            f"unknown operator {shown(key)}: is it part of a number? 100,000 is written 100_000",
            on_key=True,
        )
    return unknown_key(key, (*_OPERATORS, *OPTIONS), what="operator", listed=True)
