"""Klines of one symbol as its tickers: every metric at every minute, by pandas.

Prices and volumes are taken as whole numbers of their smallest decimals, so that sums, differences
and comparisons of them are exact; what is divided is divided once, and is right to the last bit.
"""

from pathlib import Path

import attrs
import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Floats, Ints

MINUTE_MS = 60_000
DAY_MINUTES = 1440
MOST_DECIMALS = 8


@attrs.frozen(eq=False)
class Market:
    """A symbol's tickers: their event times in ms since 1970 (UTC), and each metric at each of them.

    `digits` is how many decimals the prices have.
    """

    symbol: str
    times: Ints
    metrics: pd.DataFrame
    digits: int

    def metric(self, name: str) -> Floats:
        return self.metrics[name].to_numpy()

    def at_or_after(self, time_ms: int) -> int:
        """Return the place of the first ticker that is not before a time."""
        return int(np.searchsorted(self.times, time_ms))


def read_market(file: Path) -> Market:
    """Read `SYMBOL_*.csv.gz`: one ticker at the close of each kline that has a day behind it."""
    klines = pd.read_csv(file)
    opened = klines["open_time_ms"].to_numpy()
    assert (np.diff(opened) == MINUTE_MS).all(), f"{file}: there is a gap, where none should be"
    digits = decimals(klines[["open", "high", "low", "close"]])
    lots = decimals(klines[["volume"]])
    whole = klines.apply(lambda column: whole_numbers(column, digits))
    amounts = whole_numbers(klines["volume"], lots)
    day = pd.DataFrame(
        {
            "close": whole["close"],
            "open": whole["open"].shift(DAY_MINUTES - 1),
            "high": whole["high"].rolling(DAY_MINUTES).max(),
            "low": whole["low"].rolling(DAY_MINUTES).min(),
            "volume": day_sum(amounts),
            # Estimated, as the data has none: volume x (high + low + close) / 3.
            "thirds": day_sum(amounts * (whole["high"] + whole["low"] + whole["close"])),
        }
    ).iloc[DAY_MINUTES - 1 :]
    return Market(
        symbol=file.name.split("_")[0],
        times=opened[DAY_MINUTES - 1 :] + MINUTE_MS - 1,
        metrics=metrics_of(day.astype("int64"), 10**digits, 10**lots),
        digits=digits,
    )


def metrics_of(day: pd.DataFrame, price: int, lot: int) -> pd.DataFrame:
    """Return the metrics of 24 hours that are counted in parts of a price and of a lot."""
    close, low, high = day["close"], day["low"], day["high"]
    change, width = close - day["open"], high - low
    return pd.DataFrame(
        {
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
    )


def decimals(prices: pd.DataFrame) -> int:
    """Return how many decimals the numbers have."""
    for digits in range(MOST_DECIMALS + 1):
        scaled = prices * 10**digits
        if (scaled - scaled.round()).abs().to_numpy().max() < 1e-3:
            return digits
    raise AssertionError("more decimals than the exchange uses")


def whole_numbers(column: "pd.Series[float]", digits: int) -> "pd.Series[int]":
    return (column * 10**digits).round().astype("int64")


def day_sum(column: "pd.Series[int]") -> "pd.Series[int]":
    """Return the sum over the 1,440 klines that end with each, in whole numbers."""
    total = column.cumsum()
    assert column.astype("float64").sum() < 2**62, "too large to be counted in 64 bits"
    return total - total.shift(DAY_MINUTES, fill_value=0)
