"""The rolling day and a few rules once more, as plainly as can be: no code of alertd's.

Everything is looked up anew for every minute, in exact arithmetic.
"""

import csv
import gzip
import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import attrs

DAY = 1440  # minutes


@attrs.frozen
class Minute:
    """A symbol's statistics over the 24 hours that end with a minute."""

    time_ms: int
    close: Decimal
    open: Decimal
    high: Decimal
    low: Decimal
    quote_volume: Decimal

    @property
    def range_percent(self) -> Decimal:
        return 100 * (self.high - self.low) / self.low

    @property
    def change_percent(self) -> Decimal:
        return 100 * (self.close - self.open) / self.open

    @property
    def drawdown_percent(self) -> Decimal:
        return 100 * (self.high - self.close) / self.high


def minutes(path: Path, until_ms: int) -> Iterator[Minute]:
    """Yield the statistics of each minute that has 24 hours before it, up to `until_ms`."""
    with gzip.open(path, "rt") as file:
        rows = [row for row in csv.DictReader(file) if int(row["open_time_ms"]) < until_ms]
    opens, highs, lows, closes, volumes = (
        [Decimal(row[name]) for row in rows] for name in ("open", "high", "low", "close", "volume")
    )
    quotes = [
        volume * (high + low + close) / 3
        for volume, high, low, close in zip(volumes, highs, lows, closes, strict=True)
    ]
    for last in range(DAY - 1, len(rows)):
        day = slice(last - DAY + 1, last + 1)
        yield Minute(
            time_ms=int(rows[last]["open_time_ms"]) + 59_999,
            close=closes[last],
            open=opens[day.start],
            high=max(highs[day]),
            low=min(lows[day]),
            quote_volume=sum(quotes[day], Decimal(0)),
        )


def crossings(
    day: list[Minute], value: Callable[[Minute], Decimal], level: str, cooldown_min: int
) -> list[int]:
    """The times at which a value goes from at or below the level to above it."""
    found: list[int] = []
    for before, now in itertools.pairwise(day):
        crossed = value(before) <= Decimal(level) < value(now)
        if crossed and not (found and now.time_ms - found[-1] < cooldown_min * 60_000):
            found.append(now.time_ms)
    return found


def holdings(
    day: list[Minute], true: Callable[[Minute], bool], for_min: int, cooldown_min: int
) -> list[int]:
    """The times at which something has held so long, once for each stretch of its holding."""
    found: list[int] = []
    start, told = None, False
    for now in day:
        if not true(now):
            start, told = None, False
            continue
        start = start or now.time_ms
        cooling = found and now.time_ms - found[-1] < cooldown_min * 60_000
        if not told and not cooling and now.time_ms - start >= for_min * 60_000:
            found.append(now.time_ms)
            told = True
    return found
