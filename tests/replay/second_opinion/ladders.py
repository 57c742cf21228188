"""The rungs of ladders that a value passes, one after the other."""

import math
from fractions import Fraction

import numpy as np

from tests.replay.second_opinion.arrays import Floats, told_apart


def passed(values: Floats, step: float) -> Floats:
    """Return, at every ticker, the last rung that it passed, NaN where it passed none.

    The rungs are the multiples of the step; only the ones next to the last one passed count.
    """
    exact = Fraction(str(step))
    rungs = np.full(len(values), np.nan)
    first = Fraction(str(values[0])) / exact
    low, high = math.ceil(first) - 1, math.floor(first) + 1
    place = 0
    while (place := _next(values, float(low * exact), float(high * exact), place)) < len(values):
        now = Fraction(str(values[place])) / exact
        last = math.floor(now) if now >= high else math.ceil(now)
        rungs[place] = float(last * exact)
        low, high = last - 1, last + 1
    return rungs


def climbed(values: Floats, percent: float) -> Floats:
    """The same for steps in percent: of the first value, then of the one that passed a rung."""
    rungs = np.full(len(values), np.nan)
    place, base = 0, values[0]
    while True:
        low = round(base * (100 - percent) / 100, 10)
        high = round(base * (100 + percent) / 100, 10)
        place = _next(values, low, high, place)
        if place == len(values):
            return rungs
        base = values[place]
        rungs[place] = high if base >= high else low


def _next(values: Floats, low: float, high: float, place: int) -> int:
    """Return where the value next is at one of two rungs or past it."""
    ahead = values[place + 1 :]
    reached = (ahead <= low) | (ahead >= high)
    found = int(reached.argmax()) if reached.any() else len(ahead)
    for rung in (low, high):
        told_apart(ahead[: found + 1], rung)
    return place + 1 + found
