"""Klines of one symbol as its tickers: every metric at every minute, by pandas.

Prices and volumes are taken as whole numbers of their smallest decimals, so that sums, differences
and comparisons of them are exact; what is divided is divided once, and is right to the last bit.
"""

from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Floats, Ints

MINUTE_MS = 60_000
DAY_MINUTES = 1440
POWERS_OF_TEN = [10**digits for digits in range(9)]


@attrs.frozen(eq=False)
class Market:
    """A symbol's tickers: their event times in ms since 1970 (UTC), each metric at each of them."""

    symbol: str
    times: Ints
    metrics: Mapping[str, Floats]

    def metric(self, name: str) -> Floats:
        return self.metrics[name]

    def later(self, place: int, duration_ms: int) -> int:
        """Return the first place that is at least so much later, the end where there is none."""
        if place >= len(self.times):
            return len(self.times)
        return int(np.searchsorted(self.times, self.times[place] + duration_ms))


def read_market(file: Path) -> Market:
    """Read `SYMBOL_*.csv.gz`: one ticker at the close of each kline that has a day behind it."""
    klines = pd.read_csv(file)
    opened = klines["open_time_ms"].to_numpy()
    assert (np.diff(opened) == MINUTE_MS).all(), f"{file}: there is a gap, where none should be"
    prices, price = whole_numbers(klines[["open", "high", "low", "close"]])
    volumes, lot = whole_numbers(klines[["volume"]])
    volume = volumes["volume"]
    day = pd.DataFrame(
        {
            "close": prices["close"],
            "open": prices["open"].shift(DAY_MINUTES - 1),
            "high": prices["high"].rolling(DAY_MINUTES).max(),
            "low": prices["low"].rolling(DAY_MINUTES).min(),
            "volume": day_sum(volume),
            # Estimated, as the data has none: volume x (high + low + close) / 3.
            "thirds": day_sum(volume * (prices["high"] + prices["low"] + prices["close"])),
        }
    ).iloc[DAY_MINUTES - 1 :]
    return Market(
        symbol=file.name.split("_")[0],
        times=opened[DAY_MINUTES - 1 :] + MINUTE_MS - 1,
        metrics=metrics_of(day.astype("int64"), price, lot),
    )


def metrics_of(day: pd.DataFrame, price: int, lot: int) -> Mapping[str, Floats]:
    """Return the metrics of 24 hours that are counted in parts of a price and of a lot."""
    close, low, high = day["close"], day["low"], day["high"]
    change, width = close - day["open"], high - low
    metrics = {
        "close": close / price,
        "open": day["open"] / price,
        "high": high / price,
        "low": low / price,
        "volume": day["volume"] / lot,
        "quote_volume": day["thirds"] / (3 * price * lot),
        "change": change / price,
        "change_percent": 100 * change / day["open"],
        "range": width / price,
        "range_percent": 100 * width / low,
        "range_position": 100 * (close - low) / width,
        "drawdown_percent": 100 * (high - close) / high,
        "rebound_percent": 100 * (close - low) / low,
        "vwap": day["thirds"] / (3 * price * day["volume"]),
    }
    return {name: column.to_numpy() for name, column in metrics.items()}


def whole_numbers(columns: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return decimals in parts of one, and how many parts make one."""
    for parts in POWERS_OF_TEN:
        scaled = columns * parts
        if (scaled - scaled.round()).abs().to_numpy().max() < 1e-3:
            return scaled.round().astype("int64"), parts
    raise AssertionError("more decimals than the exchange uses")


def day_sum(column: "pd.Series[int]") -> "pd.Series[int]":
    """Return the sum over the 1,440 klines that end with each, in whole numbers."""
    total: pd.Series[int] = column.cumsum()
    assert column.astype("float64").sum() < 2**62, "too large to be counted in 64 bits"
    before: pd.Series[int] = total.shift(DAY_MINUTES, fill_value=0)
    return total.sub(before)
