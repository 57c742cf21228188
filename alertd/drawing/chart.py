"""What a picture of a market shows, before anything is drawn."""

from collections.abc import Iterable
from datetime import tzinfo
from itertools import chain, pairwise

import attrs

# No market has prices beyond these, and within them every step of a scale is an exact enough float.
_LOWEST, _HIGHEST = 1e-12, 1e13
# The year 9999 has begun: what comes later has no date.
_END_OF_TIME_MS = 253_370_764_800_000


@attrs.frozen(kw_only=True)
class PricePath:
    """How a price went, in slots of time in rising order: the last close of each, and its extremes.

    `times_ms` are those of the closes, in milliseconds since 1970; all four are of one length, and
    there is at least one slot. A slot in which nothing is known is left out. `slot_ms` is how long
    each is; where several are missing, the picture stays empty. Prices are above 0.

    Raises `ValueError` for what cannot be drawn.
    """

    times_ms: tuple[int, ...]
    closes: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    slot_ms: int

    def __attrs_post_init__(self) -> None:
        lengths = {len(self.times_ms), len(self.closes), len(self.lows), len(self.highs)}
        if len(lengths) != 1 or lengths == {0}:
            raise ValueError(f"a path has as many times as prices, and some: {sorted(lengths)}")
        if self.slot_ms <= 0:
            raise ValueError(f"a slot lasts some milliseconds, not {self.slot_ms}")
        if any(later <= earlier for earlier, later in pairwise(self.times_ms)):
            raise ValueError("the times of a path rise")
        _check_times(self.times_ms[0], self.times_ms[-1])
        _check_prices(chain(self.closes, self.lows, self.highs), least=_LOWEST)


@attrs.frozen(kw_only=True)
class Mark:
    """A moment on the path that is pointed at: an alert, or its end (`is_resolved`)."""

    time_ms: int
    price: float
    is_resolved: bool = False

    def __attrs_post_init__(self) -> None:
        _check_times(self.time_ms)
        _check_prices([self.price], least=_LOWEST)


@attrs.frozen(kw_only=True)
class Chart:
    """One symbol's price over some hours, and what stands beside it.

    `levels` are prices that something was compared with, `bands` pairs of them; `stretch` is a
    window of time in milliseconds that is set off (from, to); `day_low` and `day_high` are the
    24 hours' range at the last mark. Times are shown in `zone`.

    Raises `ValueError` for what cannot be drawn.
    """

    title: str
    subtitle: str = ""
    path: PricePath
    levels: tuple[float, ...] = ()
    bands: tuple[tuple[float, float], ...] = ()
    stretch: tuple[int, int] | None = None
    day_low: float | None = None
    day_high: float | None = None
    marks: tuple[Mark, ...] = ()
    zone: tzinfo

    def __attrs_post_init__(self) -> None:
        day = (price for price in (self.day_low, self.day_high) if price is not None)
        _check_prices(chain(self.thresholds, day), least=-_HIGHEST)
        if self.stretch and self.stretch[0] >= self.stretch[1]:
            raise ValueError("a stretch ends after it has begun")

    @property
    def thresholds(self) -> tuple[float, ...]:
        """All levels and both edges of all bands, each once, in rising order."""
        return tuple(sorted({*self.levels, *chain.from_iterable(self.bands)}))


def _check_times(*times_ms: int) -> None:
    if not all(0 <= time_ms < _END_OF_TIME_MS for time_ms in times_ms):
        raise ValueError(f"no times that can be drawn: {times_ms}")


def _check_prices(prices: Iterable[float], *, least: float) -> None:
    # A comparison with NaN is false.
    if not all(least <= price <= _HIGHEST for price in prices):
        raise ValueError(f"prices can be drawn from {least} to {_HIGHEST}")
