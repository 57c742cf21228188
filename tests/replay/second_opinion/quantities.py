"""What stands in the rules as text: numbers, amounts, durations."""

import re

import attrs
import numpy as np

from tests.replay.second_opinion.arrays import Floats

UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
SHORT = {"k": 1e3, "M": 1e6, "B": 1e9}


def duration_ms(text: str) -> int:
    """Return `1h30m` in milliseconds."""
    parts = re.findall(r"(\d+)(ms|[smhd])", text)
    assert "".join(number + unit for number, unit in parts) == text, text
    return sum(int(number) * UNITS_MS[unit] for number, unit in parts)


def number(written: object) -> float:
    """Return `2.5k` as a number."""
    text = str(written)
    if text[-1] in SHORT:
        return round(float(text[:-1]) * SHORT[text[-1]], 8)
    return float(text)


@attrs.frozen
class Amount:
    """So much, or so many percent of something."""

    size: float
    is_percent: bool

    @classmethod
    def of(cls, written: object) -> "Amount":
        text = str(written)
        return cls(number(text.removesuffix("%")), text.endswith("%"))

    def over(self, base: Floats) -> Floats:
        """Return it in the unit of what a percentage would be of."""
        return np.abs(base) * self.size / 100 if self.is_percent else np.full_like(base, self.size)
