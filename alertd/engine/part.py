"""A comparison made ready: whether it is true at a ticker, has come back, and what it sees."""

from collections.abc import Callable, Iterator
from math import isnan

import attrs

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import Comparison
from alertd.engine.formula import Formula
from alertd.engine.node import Truth
from alertd.engine.operator import Operator
from alertd.engine.series import Values

Threshold = Callable[[Values], float]


@attrs.frozen
class Part:
    """A comparison on the values of two consecutive tickers of a symbol.

    It is true where its first formula is, or, `on_edges`, where one of them becomes true. `back` is
    true where the value has come back by the comparison's `rearm`. `value` is the series that is
    compared; `thresholds` give the number that it is compared with, or the two of a band. Where one of
    the series in `doubts` (with a cut each) is undefined, it may be true, but is not known to be false.
    """

    comparison: Comparison
    value: int
    thresholds: tuple[Threshold, ...]
    formulas: tuple[Formula, ...]
    on_edges: bool = False
    back: Formula | None = None
    doubts: tuple[tuple[int, float], ...] = ()
    _series: tuple[int, ...] = attrs.field(init=False)

    @_series.default
    def _all_series(self) -> tuple[int, ...]:
        doubtful = {series for series, _ in self.doubts}
        return tuple({self.value, *(series for series, _ in self.cuts())} - doubtful)

    @property
    def is_ladder(self) -> bool:
        """Whether its truth is that of rungs, which each symbol has its own of."""
        return self.comparison.operator is Operator.CROSSES_EVERY

    @property
    def is_record(self) -> bool:
        """Whether it may be true on consecutive tickers, which no cut tells apart."""
        return self.comparison.operator.is_record

    def truth(self, now: Values, before: Values) -> Truth:
        """Tell whether it is true; None where that cannot be told. `before` is empty at the first ticker."""
        if not self._is_defined(now):
            return None
        if not self.on_edges:
            return self.formulas[0].holds(now) or (None if self._is_doubtful(now) else False)
        if not before or not self._is_defined(before):
            return None
        return any(each.becomes_true(now, before) for each in self.formulas)

    def is_back(self, now: Values) -> bool:
        """Tell whether the value has come back as far as `rearm` asks; not known is no."""
        return self.back is not None and self._is_defined(now) and self.back.holds(now)

    def cuts(self) -> Iterator[tuple[int, float]]:
        """Yield the cuts (series, value) at which its truth, or whether it is back, may change."""
        for each in (*self.formulas, *((self.back,) if self.back else ())):
            yield from each.cuts()
        yield from self.doubts

    def reading(self, now: Values, before: Values, *, holds: Truth) -> Reading:
        """Return what it sees."""
        previous = _defined(before[self.value]) if before else None
        numbers = [_defined(threshold(now)) for threshold in self.thresholds]
        return Reading(self.comparison, _defined(now[self.value]), previous, _one(numbers), holds)

    def _is_doubtful(self, now: Values) -> bool:
        return any(isnan(now[series]) for series, _ in self.doubts)

    def _is_defined(self, values: Values) -> bool:
        return not any(isnan(values[series]) for series in self._series)


def _defined(value: float) -> float | None:
    return None if isnan(value) else value


def _one(numbers: list[float | None]) -> float | Interval | None:
    if len(numbers) < 2:  # noqa: PLR2004 - a band has two
        return numbers[0] if numbers else None
    low, high = numbers
    return None if low is None or high is None else Interval(low, high)
