"""Formulas: statements about where series are among cuts.

Every comparison of the language is made of one kind of atom: a series is at a cut or above it, or
it is not. `close above 100` asks whether close has reached the next number after 100; `between` is
two such atoms; a crossing is the moment at which a formula becomes true. So whatever a rule asks
for, its truth can only change when a series passes one of its cuts, and only then is it looked at.
"""

from collections.abc import Iterator
from math import inf, nextafter

import attrs

from alertd.engine.series import Values


@attrs.frozen
class Side:
    """A side of a cut: the series is at it or above, or, not `over`, below it."""

    series: int
    cut: float
    over: bool

    def holds(self, now: Values) -> bool:
        """Tell whether the series, which is defined, is on this side."""
        return (now[self.series] >= self.cut) is self.over


@attrs.frozen
class Formula:
    """True where all its sides hold, or, not `every`, where one does."""

    sides: tuple[Side, ...]
    every: bool = True

    def holds(self, now: Values) -> bool:
        """Tell whether it is true of series that are defined."""
        for side in self.sides:
            if side.holds(now) is not self.every:
                return not self.every
        return self.every

    def becomes_true(self, now: Values, before: Values) -> bool:
        """Tell whether it is true and was not at the previous ticker."""
        return self.holds(now) and not self.holds(before)

    def cuts(self) -> Iterator[tuple[int, float]]:
        """Yield the cuts (series, value) at which its truth may change."""
        for side in self.sides:
            yield side.series, side.cut


# A level on a series: its index, and the number with which it is compared.
Mark = tuple[int, float]


def above(mark: Mark) -> Formula:
    """Return: value > level."""
    return Formula((_above(mark),))


def below(mark: Mark) -> Formula:
    """Return: value < level."""
    return Formula((_below(mark),))


def at_least(mark: Mark) -> Formula:
    """Return: value >= level."""
    return Formula((_at_least(mark),))


def at_most(mark: Mark) -> Formula:
    """Return: value <= level."""
    return Formula((_at_most(mark),))


def between(low: Mark, high: Mark) -> Formula:
    """Return: low <= value <= high."""
    return Formula((_at_least(low), _at_most(high)))


def outside(low: Mark, high: Mark) -> Formula:
    """Return: value < low or value > high."""
    return Formula((_below(low), _above(high)), every=False)


def beyond(low: Mark, high: Mark) -> Formula:
    """Return: value <= low or value >= high."""
    return Formula((_at_most(low), _at_least(high)), every=False)


def _at_least(mark: Mark) -> Side:
    return Side(*mark, over=True)


def _below(mark: Mark) -> Side:
    return Side(*mark, over=False)


def _above(mark: Mark) -> Side:
    return Side(mark[0], nextafter(mark[1], inf), over=True)


def _at_most(mark: Mark) -> Side:
    return Side(mark[0], nextafter(mark[1], inf), over=False)
