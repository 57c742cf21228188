"""What `crosses_every` says at a ticker, by all that it has said before."""

from collections.abc import Sequence
from decimal import Decimal

from alertd.engine.alert import Reading
from alertd.engine.condition import Amount, Comparison
from tests.engine.naive_comparisons import Sight, Story, settled


def climb(comparison: Comparison, story: Story, said: Sequence[Reading]) -> Sight:
    """The threshold is the last rung passed, or the nearer one of the two where none is."""
    index = len(story.tickers) - 1
    value, previous = (story.value(comparison.metric, at) for at in (index, index - 1))
    if value is None:
        return Sight(None, previous, None, None)
    known = [reading for reading in said if reading.value is not None]
    below, above = _rungs(comparison, value, known)
    passed = _last_rung(comparison, value, below, above) if known else None
    if passed is not None:
        return Sight(value, previous, passed, holds=True)
    nearer = min((below, above), key=lambda rung: abs(rung - value))
    return Sight(value, previous, nearer, False if known else None)


def _rungs(comparison: Comparison, first: float, known: Sequence[Reading]) -> tuple[float, float]:
    """The rungs beside the last one passed, or beside the first value of all."""
    assert isinstance(comparison.level, Amount)
    passed = next((reading for reading in reversed(known) if reading.holds), None)
    if passed is not None:
        start = passed.value if comparison.level.percent else passed.threshold
    else:
        start = known[0].value if known else first
    assert isinstance(start, float)
    return _rungs_beside(comparison, start, is_rung=passed is not None)


def _rungs_beside(comparison: Comparison, start: float, *, is_rung: bool) -> tuple[float, float]:
    """The rungs below and above.

    `start` is the first value or, where `is_rung`, the last rung passed; of a percentage it is the
    value at which that happened.
    """
    step = comparison.level
    assert isinstance(step, Amount)
    if step.percent:
        size = start * step.value / 100
        below, above = settled(start - size), settled(start + size)
        # Of a tiny price, settling may leave nothing of the step.
        return (below if below < start else start - size, above if above > start else start + size)
    nearest = round(start / step.value)
    below, above = nearest - 1, nearest + 1
    if not is_rung and _rung(nearest, step) < start:
        below = nearest
    elif not is_rung and _rung(nearest, step) > start:
        above = nearest
    return _rung(below, step), _rung(above, step)


def _last_rung(comparison: Comparison, value: float, below: float, above: float) -> float | None:
    """The last rung that a value has reached, None where it is still between two."""
    step = comparison.level
    assert isinstance(step, Amount)
    if below < value < above:
        return None
    rung, way = (above, 1) if value >= above else (below, -1)
    if step.percent:
        return rung
    number = round(rung / step.value)
    while (_rung(number + way, step) - value) * way <= 0:
        number += way
    return _rung(number, step)


def _rung(number: int, step: Amount) -> float:
    return float(number * Decimal(repr(step.value)))
