"""The answer to `klines` into klines, for every market of the exchange."""

import enum
from itertools import pairwise

import msgspec

from alertd.market.past.klines import Kline, parse_kline


class Interval(enum.Enum):
    """How long a kline is: by the exchange's name."""

    MINUTE = "1m"
    QUARTER = "15m"

    @property
    def ms(self) -> int:
        """The same in milliseconds."""
        return _MS[self]


_MS = {Interval.MINUTE: 60_000, Interval.QUARTER: 900_000}


class BadKlinesError(ValueError):
    """The exchange's mistake: what came are no klines. Its text says why."""


# Open time, open, high, low, close, volume, close time, quote volume, and four more. Source: Binance,
# "Kline/Candlestick Data" of each market.
_decoder = msgspec.json.Decoder(list[list[int | str]])
_OPEN_TIME_TO_VOLUME, _QUOTE_VOLUME = slice(6), 7


def parse_klines(body: bytes, interval: Interval) -> tuple[Kline, ...]:
    """Return the klines in an answer of usdm, coinm or spot. Raises `BadKlinesError`.

    They are in rising order of time, each in its place; some may be missing.
    """
    try:
        klines = tuple(map(_kline, _decoder.decode(body)))
    except (ValueError, RecursionError) as error:
        raise BadKlinesError(f"no klines: {error}") from None
    if any(kline.open_time_ms % interval.ms for kline in klines):
        raise BadKlinesError(f"no klines of {interval.value}: one begins in between")
    if any(later.open_time_ms <= kline.open_time_ms for kline, later in pairwise(klines)):
        raise BadKlinesError("the klines are not in the order of time")
    return klines


def _kline(row: list[int | str]) -> Kline:
    if len(row) <= _QUOTE_VOLUME:
        raise ValueError(f"one of {len(row)} values")
    return parse_kline([str(cell) for cell in (*row[_OPEN_TIME_TO_VOLUME], row[_QUOTE_VOLUME])])
