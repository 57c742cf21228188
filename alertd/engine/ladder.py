"""The rungs of `crosses_every`: where a value has to get to for a further whole step."""

from fractions import Fraction

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
    return Rungs(_off(value, -size), _off(value, size), last)


def _off(value: float, by: float) -> float:
    """Return a rung that far off, which settling must not put back on the value itself."""
    rung = settled(value + by)
    return rung if rung != value else value + by


def _beside(step: Amount, rung: float, last: float | None) -> Rungs:
    size = _exact(step.value)
    count = round(_exact(rung) / size)
    return Rungs(float((count - 1) * size), float((count + 1) * size), last)


def _last_below(step: Amount, value: float) -> float:
    """Return the highest multiple of the step that is at most the value."""
    size = _exact(step.value)
    return float(_exact(value) // size * size)


def _first_above(step: Amount, value: float) -> float:
    """Return the lowest multiple of the step that is at least the value."""
    size = _exact(step.value)
    return float(-(-_exact(value) // size) * size)


def _exact(value: float) -> Fraction:
    """Return the decimal number that is meant, of which a float is only the nearest one.

    A rung is hundreds of thousands of steps away from 0, and no rounding helps a quotient as large.
    """
    return Fraction(repr(value))
