"""What a comparison says at a ticker: the definitions of the rule language, once more.

This is the half of the naive model that knows the operators. It is written to be read beside the
language's table, and works by looking back over the whole story: no sorted thresholds, no deques,
nothing kept from one ticker to the next. Here as there, `v` is the value now, `p` the value at the
previous ticker, `t` the event time, `D` a length of time, `L` a level, `H` what `rearm` asks for.
"""

from collections.abc import Callable
from operator import ge, gt, le, lt

import attrs

from alertd.engine.alert import Interval
from alertd.engine.condition import Amount, Band, Bound, Comparison
from alertd.engine.metrics import Metric
from alertd.engine.operator import Operator as Op
from alertd.market.ticker import Ticker

# Neither where it cannot be told: a metric is undefined, or an event has no previous ticker.
Truth = bool | None
Threshold = float | Interval | None

UNUSUAL_GAP_MS = 120_000


def settled(number: float) -> float:
    """What is calculated from decimals, as a decimal again."""
    return round(number, 10)


@attrs.define
class Story:
    """All tickers of a symbol, and with which of them each window (metric, length) has begun.

    `closes` are what a window over the close was told of the past: before which ticker it was told,
    time and price. `unseen_ms` is for how long nobody had looked before the newest, after a restart.
    """

    tickers: list[Ticker] = attrs.field(factory=list)
    windows: dict[tuple[str, int], int] = attrs.field(factory=dict)
    closes: dict[tuple[str, int], list[tuple[int, int, float]]] = attrs.field(factory=dict)
    resumed: bool = False
    unseen_ms: int = 0

    def disbelieve(self, ticker: Ticker) -> None:
        """What was told of a time far beyond a ticker is of another market."""
        told_ms = [at_ms for told in self.closes.values() for _, at_ms, _ in told]
        if told_ms and max(told_ms) - ticker.time_ms > UNUSUAL_GAP_MS:
            self.closes = {}
            begun = {window: len(self.tickers) for window in self.windows if window[0] == "close"}
            self.windows |= begun

    def take(self, ticker: Ticker) -> None:
        gap_ms = ticker.time_ms - self.tickers[-1].time_ms if self.tickers else 0
        self.unseen_ms = gap_ms if self.resumed and gap_ms > UNUSUAL_GAP_MS else 0
        self.resumed = False
        self.tickers.append(ticker)

    def value(self, metric: Metric, index: int) -> float | None:
        return metric.of(self.tickers[index]) if index >= 0 else None

    def window(self, comparison: Comparison, index: int) -> list[float]:
        """The values at the tickers from `t - D` to `t`, both included, the newest first."""
        oldest_ms = self.tickers[index].time_ms - comparison.within_ms
        values = []
        for earlier in range(index, self._first(comparison) - 1, -1):
            if self.tickers[earlier].time_ms < oldest_ms:
                break
            values.append(comparison.metric.of(self.tickers[earlier]))
        told = [close for at_ms, close in self._told(comparison, index) if oldest_ms <= at_ms]
        return [value for value in values if value is not None] + told

    def is_covered(self, comparison: Comparison, index: int) -> bool:
        """Whether the first that the window has seen, or was told of, is at least `D` old."""
        first_ms = self.tickers[self._first(comparison)].time_ms
        first_ms = min([first_ms, *(at_ms for at_ms, _ in self._told(comparison, index))])
        return self.tickers[index].time_ms - first_ms >= comparison.within_ms

    def _told(self, comparison: Comparison, index: int) -> list[tuple[int, float]]:
        """What the window had been told of by the ticker at `index`."""
        told = self.closes.get((comparison.metric.name, comparison.within_ms), [])
        return [(at_ms, close) for before, at_ms, close in told if before <= index]

    def _first(self, comparison: Comparison) -> int:
        return self.windows[comparison.metric.name, comparison.within_ms]


@attrs.frozen
class Sight:
    """What there is to see at a ticker before `rearm` has had its say."""

    value: float | None
    previous: float | None
    threshold: Threshold
    holds: Truth


def look(comparison: Comparison, story: Story, index: int) -> Sight:
    """What a comparison sees at the ticker at `index`; `crosses_every` needs more than the story."""
    if comparison.is_days_record:
        return _days_record(comparison, story, index)
    if comparison.operator.is_move:
        return _move(comparison, story, index)
    if comparison.operator.is_record:
        return _record(comparison, story, index)
    now, before = story.tickers[index], story.tickers[index - 1] if index else None
    value = comparison.metric.of(now)
    previous = comparison.metric.of(before) if before else None
    level = level_at(comparison, now)
    former = level_at(comparison, before) if before else None
    if value is None or level is None:
        return Sight(value, previous, level, None)
    if not comparison.operator.is_event:
        return Sight(value, previous, level, _LEVELS[comparison.operator](value, level))
    if before is None or previous is None or former is None:
        return Sight(value, previous, level, None)
    happens = _EVENTS[comparison.operator](previous, former, value, level)
    if isinstance(level, float) and isinstance(former, float):
        is_touched = before.high < former and level <= now.high
        is_touched |= before.low > former and level >= now.low
        happens |= comparison.operator is Op.TOUCHES and is_touched
    return Sight(value, previous, level, happens)


def level_at(comparison: Comparison, ticker: Ticker) -> Threshold:
    """The level or the band in numbers, None where a metric in it is undefined."""
    level = comparison.level
    if isinstance(level, Amount):
        return level.value
    if isinstance(level, Band):
        low, high = _number(level.low, ticker), _number(level.high, ticker)
        return None if low is None or high is None else Interval(low, high)
    assert level is not None
    return _number(level, ticker)


def _number(bound: Bound, ticker: Ticker) -> float | None:
    return bound.of(ticker) if isinstance(bound, Metric) else bound


def _inside(value: float, band: Interval) -> bool:
    return band.low <= value <= band.high


_LEVELS: dict[Op, Callable[..., bool]] = {
    Op.ABOVE: gt,
    Op.BELOW: lt,
    Op.AT_LEAST: ge,
    Op.AT_MOST: le,
    Op.BETWEEN: _inside,
    Op.OUTSIDE: lambda v, band: not _inside(v, band),
}

# (p, L at p, v, L at v)
_EVENTS: dict[Op, Callable[..., bool]] = {
    Op.CROSSES_ABOVE: lambda p, lp, v, lv: p <= lp and lv < v,
    Op.CROSSES_BELOW: lambda p, lp, v, lv: p >= lp and lv > v,
    Op.CROSSES: lambda p, lp, v, lv: (p <= lp and lv < v) or (p >= lp and lv > v),
    Op.ENTERS: lambda p, lp, v, lv: not _inside(p, lp) and _inside(v, lv),
    Op.LEAVES: lambda p, lp, v, lv: _inside(p, lp) and not _inside(v, lv),
    Op.TOUCHES: lambda p, lp, v, lv: (p < lp and lv <= v) or (p > lp and lv >= v),
}


# Windows: how far the value has moved in one, and whether it leaves it behind.


def _move(comparison: Comparison, story: Story, index: int) -> Sight:
    amount = comparison.level
    assert isinstance(amount, Amount)
    moved = _moved(comparison, story, index)
    known = [far for far in moved if far is not None]
    earlier = [far for far in _moved(comparison, story, index - 1) if far is not None]
    holds: Truth = any(far >= amount.value for far in known)
    if not holds and len(known) < len(moved):
        holds = None
    return Sight(max(known, default=None), max(earlier, default=None), amount.value, holds)


def _moved(comparison: Comparison, story: Story, index: int) -> list[float | None]:
    """How far the value has risen and fallen, whichever the operator asks for, in its amount's unit."""
    value = story.value(comparison.metric, index)
    window = story.window(comparison, index) if index >= 0 else []
    if value is None or not window:
        return [None]
    lowest, highest = min(window), max(window)
    assert isinstance(comparison.level, Amount)
    percent = comparison.level.percent
    rise = _far(value - lowest, lowest, percent=percent)
    fall = _far(highest - value, highest, percent=percent)
    return {Op.RISES: [rise], Op.FALLS: [fall], Op.MOVES: [rise, fall]}[comparison.operator]


def _far(distance: float, base: float, *, percent: bool) -> float | None:
    if not percent:
        return settled(distance)
    return settled(100 * distance / base) if base else None


def _record(comparison: Comparison, story: Story, index: int) -> Sight:
    value = story.value(comparison.metric, index)
    previous = story.value(comparison.metric, index - 1)
    window = story.window(comparison, index)
    others = window if value is None else window[1:]  # without `t` itself
    if not others or not story.is_covered(comparison, index):
        return Sight(value, previous, None, None)
    former = max(others) if comparison.operator is Op.NEW_HIGH else min(others)
    return Sight(
        value, previous, former, None if value is None else _beats(comparison, value, former)
    )


def _days_record(comparison: Comparison, story: Story, index: int) -> Sight:
    """The exchange keeps the window of 24 h itself: the tickers' own `high` and `low`."""
    side = "high" if comparison.operator is Op.NEW_HIGH else "low"
    value = getattr(story.tickers[index], side)
    former = getattr(story.tickers[index - 1], side) if index else None
    return Sight(
        value, former, former, None if former is None else _beats(comparison, value, former)
    )


def _beats(comparison: Comparison, value: float, former: float) -> bool:
    return value > former if comparison.operator is Op.NEW_HIGH else value < former
