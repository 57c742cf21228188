"""The keys of a test of rules as they stand in its file, and how their values are read.

What is missing, and what does not fit the rest of the test, is found by `reading`.
"""

from collections.abc import Callable
from typing import TypeVar

import attrs

from alertd.config.mistakes import WrongError, read_each
from alertd.config.quantities import duration_ms, number
from alertd.config.structure import key, reader
from alertd.config.values import member_of, several, text
from alertd.config.values import name as one_name
from alertd.config.wording import kind
from alertd.engine.alert import AlertState, Interval
from alertd.rule_tests.values import Course, amount, compared_with, one_symbol, price
from alertd.rule_tests.values import start_ms as read_start_ms


@attrs.frozen
class WrittenTick:
    """A tick, or a stretch of them from `at` to `to`; what it does not say is carried over."""

    at_ms: int | None = key(duration_ms, name="at")
    to_ms: int | None = key(duration_ms, name="to")
    every_ms: int | None = key(duration_ms, name="every")
    symbol: str | None = key(one_symbol)
    close: Course | None = key(price)
    open: Course | None = key(price)
    high: Course | None = key(price)
    low: Course | None = key(price)
    volume: Course | None = key(amount)
    quote_volume: Course | None = key(amount)


@attrs.frozen
class WrittenAlert:
    """An alert that is expected; what it does not say may be anything."""

    at_ms: int | None = key(duration_ms, name="at")
    rule: str | None = key(one_name)
    symbol: str | None = key(one_symbol)
    state: AlertState = key(member_of(AlertState), default=AlertState.FIRING)
    value: float | None = key(number)
    threshold: float | Interval | None = key(compared_with)
    title: str | None = key(text)
    message: str | None = key(text)


_Item = TypeVar("_Item")

_read_tick = reader(WrittenTick)
_read_alert = reader(WrittenAlert)


def _ticks(value: object) -> tuple[WrittenTick, ...]:
    ticks = _items(value, "ticks, like [{at: 0s, close: 100}]", _read_tick)
    if not ticks:
        raise WrongError("no ticks here: write one, like {at: 0s, close: 100}")
    return ticks


def _alerts(value: object) -> tuple[WrittenAlert, ...]:
    return _items(value, "alerts, like [{at: 2s}]; [] for none", _read_alert)


def _items(value: object, what: str, read: Callable[[object], _Item]) -> tuple[_Item, ...]:
    if not isinstance(value, list):
        raise WrongError(f"a list is expected here ({what}), not {kind(value)}")
    return tuple(read_each(enumerate(value), lambda _, item: read(item)).values())


@attrs.frozen
class WrittenTest:
    """One test. `alerts` of None were not written; an empty tuple means that there are none."""

    name: str | None = key(one_name)
    rules: tuple[str, ...] | None = key(several(one_name))
    symbol: str | None = key(one_symbol)
    start_ms: int | None = key(read_start_ms, name="start")
    ticks: tuple[WrittenTick, ...] | None = key(_ticks)
    alerts: tuple[WrittenAlert, ...] | None = key(_alerts)
