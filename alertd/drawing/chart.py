"""What a picture of a market shows, before anything is drawn."""

from datetime import tzinfo

import attrs


@attrs.frozen(kw_only=True)
class PricePath:
    """How a price went, in slots of time in rising order: the last close of each, and its extremes.

    `times_ms` are those of the closes, in milliseconds since 1970; all four are of one length.
    """

    times_ms: tuple[int, ...]
    closes: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


@attrs.frozen(kw_only=True)
class Mark:
    """A moment on the path that is pointed at: an alert."""

    time_ms: int
    price: float


@attrs.frozen(kw_only=True)
class Chart:
    """One symbol's price over some hours, and what stands beside it.

    `levels` are prices that something was compared with, `bands` pairs of them; `stretch` is a
    window of time in milliseconds that is set off (from, to); `day_low` and `day_high` are the
    24 hours' range at the last mark. Times are shown in `zone`.
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
