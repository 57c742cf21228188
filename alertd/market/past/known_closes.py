"""Klines as the closes that tickers would have shown: what a window over the close can be told.

A window asks for its lowest and its highest close. The prices within a kline were closes too, of
tickers every two seconds or of trades between two of them: with the kline's own close alone, a
minute's plunge would be missing, and a price below it would pass for a new low. So all four prices
count, in the order and at the times that `KlinePath.OHLC` gives them. When within the kline a price was
traded is not known: it may leave a window by three quarters of a kline too early or too late.
"""

from collections.abc import Iterable, Sequence

from alertd.market.past.klines import Kline, KlineSeries
from alertd.market.past.rolling_day import likely_path

KnownCloses = list[tuple[int, float]]


def known_closes(series: Iterable[KlineSeries], *, until_ms: int) -> KnownCloses:
    """Return event times and closes, none later than `until_ms`, without a gap between them.

    `series` are of one symbol, the finest first: each goes on into the past where the one before it
    ends. What is older than a missing kline is left out, as nobody knows what else is missing.
    """
    known: KnownCloses = []
    begin_ms: int | None = None
    for each in series:
        klines = _unbroken(tuple(each.klines), each.interval_ms)
        if begin_ms is not None:
            klines = [kline for kline in klines if kline.open_time_ms < begin_ms]
            if klines and klines[-1].open_time_ms + each.interval_ms < begin_ms:
                break
        if klines:
            begin_ms = klines[0].open_time_ms
        for kline in klines:
            path = likely_path(kline, each.interval_ms)
            known += ((min(end_ms - 1, until_ms), float(price)) for end_ms, price in path)
    return known


def _unbroken(klines: Sequence[Kline], interval_ms: int) -> list[Kline]:
    """Return the newest ones between which none is missing."""
    found: list[Kline] = []
    for kline in reversed(klines):
        if found and found[-1].open_time_ms - kline.open_time_ms != interval_ms:
            break
        found.append(kline)
    return found[::-1]
