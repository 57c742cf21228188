"""Series: the numbers of a symbol that its rules compare, taken anew at every ticker.

A series is a metric, or is derived from metrics: how far one is from another, how far it has moved
within a window, by how much it exceeds all of a window. Inside the engine an undefined number is
NaN, which is on neither side of any threshold.

To settle a number takes longer than to derive it, so what nothing else is derived from is left
rough until it is so near to a cut that its noise could matter.
"""

from collections.abc import Callable, Iterable, Sequence
from math import nan

import attrs

from alertd.engine.condition import Amount
from alertd.engine.metrics import Metric, settled
from alertd.engine.operator import Operator
from alertd.engine.window import Window
from alertd.market.ticker import Ticker

# What has no percentage: 0, and amounts so near to it that one could overflow.
_NOTHING = 1e-18

Values = Sequence[float]
Input = Callable[[Ticker], float]
# The values so far at this ticker, those at the previous one (empty at the first), the windows.
Derivation = Callable[[Values, Values, Sequence[Window]], float]


@attrs.frozen
class Against:
    """By how much a metric is above another, or above that plus an offset (settled)."""

    metric: Metric
    other: Metric
    offset: Amount


@attrs.frozen
class Move:
    """How far a metric is above the lowest of a window, below its highest, or the greater of both."""

    metric: Metric
    within_ms: int
    operator: Operator
    percent: bool


@attrs.frozen
class Former:
    """A window's extreme without the newest ticker, the highest or the lowest; undefined until the window is covered."""

    metric: Metric
    within_ms: int
    highest: bool


@attrs.frozen
class Previous:
    """A metric at the previous ticker."""

    metric: Metric


@attrs.frozen
class Excess:
    """By how much a metric is above another series, or below it."""

    metric: Metric
    former: Former | Previous
    upwards: bool


Derived = Against | Move | Former | Previous | Excess


def shifted(value: float, offset: Amount) -> float:
    """Return a level moved by an offset; a percentage is of the level."""
    by = abs(value) * offset.value / 100 if offset.percent else offset.value
    return settled(value + by) if by else value


class Board:
    """The series that some rules need, each once: metrics first, then what is derived from them."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.metrics = tuple(dict.fromkeys(metrics))
        self.windows: dict[tuple[Metric, int], int] = {}
        self.derivations: list[Derivation] = []
        self._sources: set[int] = set()
        self._places: dict[Metric | Derived, int] = {
            metric: place for place, metric in enumerate(self.metrics)
        }

    def place(self, series: Metric | Derived) -> int:
        """Return the index of a series among the values of a ticker; a metric must be on the board."""
        if series not in self._places:
            assert not isinstance(series, Metric), "metrics are there from the start"  # noqa: S101
            derivation = self._derivation(series)
            self._places[series] = len(self._places)
            self.derivations.append(derivation)
        return self._places[series]

    def inputs(self) -> tuple[Input, ...]:
        """Return what takes each metric from a ticker: settled where something is derived from it."""
        return tuple(
            _input(metric.of if metric.noisy and place in self._sources else metric.rough, metric)
            for place, metric in enumerate(self.metrics)
        )

    def noisy(self) -> tuple[int, ...]:
        """Return the series that have yet to be settled."""
        return tuple(
            place
            for series, place in self._places.items()
            if isinstance(series, Move)
            or (isinstance(series, Metric) and series.noisy and place not in self._sources)
        )

    def _source(self, metric: Metric) -> int:
        self._sources.add(self._places[metric])
        return self._places[metric]

    def _derivation(self, series: Derived) -> Derivation:
        match series:
            case Against(metric, other, offset):
                return _against(self._source(metric), self._source(other), offset)
            case Move(metric, within_ms, operator, percent):
                value, window = self._source(metric), self._window(metric, within_ms)
                return _MOVES[operator](value, window, percent=percent)
            case Former(metric, within_ms, highest):
                return _former(self._window(metric, within_ms), highest=highest)
            case Previous(metric):
                return _previous(self._source(metric))
            case Excess(metric, former, upwards):
                return _excess(self._source(metric), self.place(former), 1 if upwards else -1)

    def _window(self, metric: Metric, within_ms: int) -> int:
        return self.windows.setdefault((metric, within_ms), len(self.windows))


def _against(metric: int, other: int, offset: Amount) -> Derivation:
    return lambda now, _before, _windows: now[metric] - shifted(now[other], offset)


def _rise(metric: int, window: int, *, percent: bool) -> Derivation:
    def rise(now: Values, _before: Values, windows: Sequence[Window]) -> float:
        lowest = windows[window].lowest
        by = now[metric] - lowest
        if not percent:
            return by
        return 100 * by / lowest if lowest > _NOTHING else nan

    return rise


def _fall(metric: int, window: int, *, percent: bool) -> Derivation:
    def fall(now: Values, _before: Values, windows: Sequence[Window]) -> float:
        highest = windows[window].highest
        by = highest - now[metric]
        if not percent:
            return by
        return 100 * by / highest if highest > _NOTHING else nan

    return fall


def _move(metric: int, window: int, *, percent: bool) -> Derivation:
    def move(now: Values, _before: Values, windows: Sequence[Window]) -> float:
        value, lowest, highest = now[metric], windows[window].lowest, windows[window].highest
        up, down = value - lowest, highest - value
        if not percent:
            return max(up, down)
        if highest <= _NOTHING:
            return nan
        down = 100 * down / highest
        # A rise from 0 has no percentage, and the fall beside it has one.
        return max(100 * up / lowest, down) if lowest > _NOTHING else down

    return move


_MOVES = {Operator.RISES: _rise, Operator.FALLS: _fall, Operator.MOVES: _move}


def _former(window: int, *, highest: bool) -> Derivation:
    def former(_now: Values, _before: Values, windows: Sequence[Window]) -> float:
        found = windows[window]
        if not found.is_covered:
            return nan
        return found.former_highest if highest else found.former_lowest

    return former


def _previous(metric: int) -> Derivation:
    return lambda _now, before, _windows: before[metric] if before else nan


def _excess(metric: int, former: int, sign: int) -> Derivation:
    return lambda now, _before, _windows: sign * (now[metric] - now[former])


def _input(take: Callable[[Ticker], float | None], metric: Metric) -> Input:
    if not metric.may_be_undefined:
        return take  # type: ignore[return-value]  # it is never None then

    def taken(ticker: Ticker) -> float:
        value = take(ticker)
        return nan if value is None else value

    return taken
