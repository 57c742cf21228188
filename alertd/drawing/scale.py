"""From values to pixels, and which values make good ticks."""

import math

import attrs

_STEPS = (1, 2, 5, 10)


@attrs.frozen
class Scale:
    """A straight line from values to pixels: `low` is at `start`, `high` (which is above it) at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the pixel of a value, which may lie outside."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def shows(self, value: float) -> bool:
        """Say whether the value lies inside, its ends included."""
        return self.low <= value <= self.high


def nice_step(span: float, most: int) -> float:
    """Return the smallest step of 1, 2 or 5 times a power of ten that cuts `span` into at most `most`."""
    least = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    # The last, 10, is not below `least` except by a rounding error.
    return next((step * power for step in _STEPS if step * power >= least), 10 * power)


def price_ticks(low: float, high: float, most: int) -> tuple[list[float], int]:
    """Return the round prices from `low` to `high`, none below 0, and the decimals that they need."""
    step = nice_step(high - low, most)
    # A step such as 0.02 is a hair less than that.
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = max(0, math.ceil(low / step)), math.floor(high / step)
    return [round(count * step, decimals) for count in range(first, last + 1)], decimals
