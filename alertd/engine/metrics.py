"""Metrics: what a symbol is, as numbers taken from its newest ticker."""

import enum
from collections.abc import Callable, Mapping
from math import inf
from operator import attrgetter
from types import MappingProxyType

import attrs

from alertd.market.ticker import Ticker

# Prices reach us as decimal text and are kept as binary floats, so 100 * (0.112 - 0.1) / 0.1 is
# 11.999999999999996, and a rule "at least 12" would be wrong about it. What is derived from them
# is therefore settled to 10 decimals: finer than any tick size of the exchange (8 decimals) or any
# percentage that a person writes, coarser than the noise (below 1e-10 for prices up to 100,000).
DECIMALS = 10


def settled(value: float) -> float:
    """Return a derived number without the noise of binary fractions."""
    return round(value, DECIMALS)


class Unit(enum.Enum):
    """What a metric's number counts."""

    PRICE = "price"
    BASE = "base asset"
    QUOTE = "quote asset"
    PERCENT = "%"


@attrs.frozen
class Metric:
    """A named number of a symbol.

    `rough` takes it from a ticker, None where it is undefined (0 / 0). Of a `noisy` metric, one
    that is derived from prices, it has yet to be settled.
    """

    name: str
    unit: Unit
    rough: Callable[[Ticker], float | None] = attrs.field(repr=False, eq=False)
    noisy: bool = False

    def of(self, ticker: Ticker) -> float | None:
        """Return the metric at a ticker; None where it is undefined."""
        value = self.rough(ticker)
        return settled(value) if self.noisy and value is not None else value

    @property
    def may_be_undefined(self) -> bool:
        """Whether it may be None: no other metric divides by what may be 0."""
        return self.name in {"range_position", "vwap"}


def _change(ticker: Ticker) -> float:
    return ticker.close - ticker.open


def _change_percent(ticker: Ticker) -> float:
    return 100 * (ticker.close - ticker.open) / ticker.open


def _range(ticker: Ticker) -> float:
    return ticker.high - ticker.low


def _range_percent(ticker: Ticker) -> float:
    return 100 * (ticker.high - ticker.low) / ticker.low


def _range_position(ticker: Ticker) -> float | None:
    # Settled first: where the range is small, dividing by it would blow up the noise.
    extent = settled(ticker.high - ticker.low)
    return 100 * settled(ticker.close - ticker.low) / extent if extent else None


def _drawdown_percent(ticker: Ticker) -> float:
    return 100 * (ticker.high - ticker.close) / ticker.high


def _rebound_percent(ticker: Ticker) -> float:
    return 100 * (ticker.close - ticker.low) / ticker.low


def _vwap(ticker: Ticker) -> float | None:
    if ticker.volume == 0:
        return None
    value = ticker.quote_volume / ticker.volume
    # To as many digits as a float keeps of any decimal: what was traded at one price has that price.
    return float(f"{value:.15g}") if value < inf else None


def _catalogue(*metrics: Metric) -> Mapping[str, Metric]:
    return MappingProxyType({metric.name: metric for metric in metrics})


METRICS = _catalogue(
    Metric("close", Unit.PRICE, attrgetter("close")),
    Metric("open", Unit.PRICE, attrgetter("open")),
    Metric("high", Unit.PRICE, attrgetter("high")),
    Metric("low", Unit.PRICE, attrgetter("low")),
    Metric("volume", Unit.BASE, attrgetter("volume")),
    Metric("quote_volume", Unit.QUOTE, attrgetter("quote_volume")),
    Metric("change", Unit.PRICE, _change, noisy=True),
    Metric("change_percent", Unit.PERCENT, _change_percent, noisy=True),
    Metric("range", Unit.PRICE, _range, noisy=True),
    Metric("range_percent", Unit.PERCENT, _range_percent, noisy=True),
    Metric("range_position", Unit.PERCENT, _range_position, noisy=True),
    Metric("drawdown_percent", Unit.PERCENT, _drawdown_percent, noisy=True),
    Metric("rebound_percent", Unit.PERCENT, _rebound_percent, noisy=True),
    Metric("vwap", Unit.PRICE, _vwap),
)
CLOSE = METRICS["close"]
