"""How far the price went in a stretch of time, as far as klines tell for certain.

A kline that is partly outside the stretch has extremes that may be from outside: it does not count.
"""

from collections.abc import Iterable, Iterator

import attrs

from alertd.market.past.klines import Kline, KlineSeries


@attrs.frozen
class Extremes:
    """The lowest and the highest price, and when the klines began that have them, in milliseconds.

    `is_whole` says that no kline is missing in between; what the first and the last, which are partly outside,
    would have told is not known in any case.
    """

    low: float
    low_ms: int
    high: float
    high_ms: int
    is_whole: bool


def extremes_between(
    series: Iterable[KlineSeries], *, since_ms: int, until_ms: int
) -> Extremes | None:
    """Return the extremes of one symbol's klines between two times; None where none lies wholly there."""
    inside = sorted(_inside(series, since_ms, until_ms), key=lambda it: (it[0].open_time_ms, it[1]))
    if not inside:
        return None
    klines = [kline for kline, _ in inside]
    lowest = min(klines, key=lambda kline: kline.low)
    highest = max(klines, key=lambda kline: kline.high)
    return Extremes(
        float(lowest.low),
        lowest.open_time_ms,
        float(highest.high),
        highest.open_time_ms,
        _is_whole(inside, since_ms, until_ms),
    )


def _inside(
    series: Iterable[KlineSeries], since_ms: int, until_ms: int
) -> Iterator[tuple[Kline, int]]:
    for each in series:
        for kline in each.klines:
            if since_ms <= kline.open_time_ms and kline.open_time_ms + each.interval_ms <= until_ms:
                yield kline, each.interval_ms


def _is_whole(inside: list[tuple[Kline, int]], since_ms: int, until_ms: int) -> bool:
    (first, interval_ms), reach_ms = inside[0], since_ms
    if first.open_time_ms - since_ms < interval_ms:
        reach_ms = first.open_time_ms
    for kline, interval_ms in inside:
        if kline.open_time_ms > reach_ms:
            return False
        reach_ms = max(reach_ms, kline.open_time_ms + interval_ms)
    return until_ms - reach_ms < interval_ms
