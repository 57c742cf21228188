"""The rungs of `crosses_every`: where a value has to get to for a further whole step."""

from math import ceil, floor

import attrs

from alertd.engine.condition import Amount
from alertd.engine.metrics import settled


@attrs.frozen
class Rungs:
    """The next rung below, the next one above, and the last one that was passed, if one was.

    Reaching a rung is passing it.
    """

    low: float
    high: float
    last: float | None = None


def first_rungs(step: Amount, value: float) -> Rungs:
    """Return the rungs around a ladder's first value; a value at a rung counts as that rung."""
    if step.percent:
        return _around(step, value, None)
    below, above = _last_below(step, value), _first_above(step, value)
    return Rungs(below, above) if below < above else _beside(step, below, None)


def after(step: Amount, rungs: Rungs, value: float) -> Rungs:
    """Return the rungs after a value: the same where it has passed none."""
    if rungs.low < value < rungs.high:
        return rungs
    upwards = value >= rungs.high
    if step.percent:
        return _around(step, value, rungs.high if upwards else rungs.low)
    # Of several the last one counts, as seen from where the value came.
    last = _last_below(step, value) if upwards else _first_above(step, value)
    return _beside(step, last, last)


def _around(step: Amount, value: float, last: float | None) -> Rungs:
    size = abs(value) * step.value / 100
    return Rungs(settled(value - size), settled(value + size), last)


def _beside(step: Amount, rung: float, last: float | None) -> Rungs:
    count = round(rung / step.value)
    return Rungs(_rung(step, count - 1), _rung(step, count + 1), last)


def _rung(step: Amount, count: int) -> float:
    return settled(count * step.value)


def _last_below(step: Amount, value: float) -> float:
    """Return the highest multiple of the step that is at most the value."""
    count = floor(settled(value / step.value))
    rung = _rung(step, count)
    return rung if rung <= value else _rung(step, count - 1)


def _first_above(step: Amount, value: float) -> float:
    """Return the lowest multiple of the step that is at least the value."""
    count = ceil(settled(value / step.value))
    rung = _rung(step, count)
    return rung if rung >= value else _rung(step, count + 1)
