"""What the demo plays: a generated market, or the liveliest day of somebody's klines."""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from alertd.market.past.kline_files import find_klines
from alertd.market.past.klines import DAY_MS, KlineSeries, KlinesError, utc_text
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.scenarios import SCENARIOS, generate
from alertd.market.past.tape import Tape


@attrs.frozen
class Programme:
    """A tape with what to call it, and how many of its seconds pass in one of ours."""

    title: str
    tape: Tape
    speed: float


def generated(scenario: str, *, seed: int, seconds: float) -> Programme:
    """Return a scenario of the generator, lasting so many seconds."""
    chosen = SCENARIOS[scenario]
    minutes = 30
    tape = Tape(generate(chosen, seed=seed, minutes=minutes), path=KlinePath.OHLC)
    return Programme(f"{scenario}: {chosen.description}", tape, speed=60 * minutes / seconds)


def recorded(paths: Sequence[str], *, seconds: float) -> Programme:
    """Return the liveliest day of the klines, lasting so many seconds.

    Raises `KlinesError` for files that are no klines, or that hold less than two days.
    """
    series = find_klines(paths)
    ranges = {each: _ranges(each) for each in series}
    start_ms = _liveliest_day(ranges.values())
    there = tuple(each for each in series if start_ms in ranges[each])
    tape = Tape(there, start_ms=start_ms, end_ms=start_ms + DAY_MS)
    day = utc_text(start_ms)[:10]
    title = f"your klines of {len(there)} symbols on {day}, the liveliest of their days"
    return Programme(title, tape, speed=DAY_MS / 1000 / seconds)


def _liveliest_day(ranges: Iterable[Mapping[int, float]]) -> int:
    """Return when the UTC day begins on which some symbol's range was the widest."""
    widths = [(width, day) for days in ranges for day, width in days.items()]
    if not widths:
        raise KlinesError("a whole UTC day is needed, and 24 hours of klines before it")
    return max(widths)[1]


def _ranges(series: KlineSeries) -> dict[int, float]:
    """Return the symbol's high over its low of each whole UTC day with 24 hours before it."""
    days: dict[int, tuple[float, float, int]] = {}
    first_ms = None
    for kline in series.klines:
        first_ms = kline.open_time_ms if first_ms is None else first_ms
        day = kline.open_time_ms // DAY_MS * DAY_MS
        low, high, count = days.get(day, (float("inf"), 0.0, 0))
        days[day] = (min(low, float(kline.low)), max(high, float(kline.high)), count + 1)
    return {
        day: high / low
        for day, (low, high, count) in days.items()
        if count == DAY_MS // series.interval_ms and day >= (first_ms or 0) + DAY_MS
    }
