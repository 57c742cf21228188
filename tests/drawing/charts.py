"""Charts for the tests of drawing: a price that wanders, minute by minute."""

import math
from zoneinfo import ZoneInfo

from alertd.drawing.chart import Chart, Mark, PricePath

UTC = ZoneInfo("UTC")
MINUTE_MS = 60_000
# 2025-05-08 12:00 UTC.
NOON_MS = 1_746_705_600_000


def path_of(closes: list[float], *, start_ms: int = NOON_MS, slot_ms: int = MINUTE_MS) -> PricePath:
    """A path with these closes in one slot after the other, each 0.4 % wide."""
    return PricePath(
        times_ms=tuple(start_ms + slot_ms * slot for slot in range(len(closes))),
        closes=tuple(closes),
        lows=tuple(close * 0.998 for close in closes),
        highs=tuple(close * 1.002 for close in closes),
        slot_ms=slot_ms,
    )


def wandering(slots: int = 360) -> PricePath:
    return path_of([round(100 + 3 * math.sin(slot / 40) + slot / 90, 2) for slot in range(slots)])


def an_alert() -> Chart:
    """All that an alert's picture may show."""
    path = wandering()
    return Chart(
        title="SOLUSDT above 104",
        subtitle="close 105.29, +4.1% in 24h",
        path=path,
        levels=(104.0,),
        bands=((99.0, 101.0),),
        stretch=(path.times_ms[-61], path.times_ms[-1]),
        day_low=98.4,
        day_high=120.0,
        marks=(Mark(time_ms=path.times_ms[-1], price=path.closes[-1]),),
        zone=UTC,
    )
