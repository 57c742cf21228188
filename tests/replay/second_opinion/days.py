"""The 24 hours behind each ticker, from klines by pandas, in whole numbers.

Prices and volumes are counted in parts of their smallest decimal, so that sums, differences and
comparisons of them are exact. `thirds` is 3 x the quote volume, which the data lacks: it is estimated
as volume x (high + low + close) / 3.
"""

import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Floats

DAY_MINUTES = 1440
POWERS_OF_TEN = [10**digits for digits in range(9)]


def whole_numbers(columns: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return decimals in parts of one, and how many parts make one."""
    for parts in POWERS_OF_TEN:
        scaled = columns * parts
        if (scaled - scaled.round()).abs().to_numpy().max() < 1e-3:
            return scaled.round().astype("int64"), parts
    raise AssertionError("more decimals than the exchange uses")


def one_a_kline(prices: pd.DataFrame, volume: "pd.Series[int]") -> pd.DataFrame:
    """Return what the 24 hours are that end with each kline."""
    return pd.DataFrame(
        {
            "close": prices["close"],
            "open": prices["open"].shift(DAY_MINUTES - 1),
            "high": prices["high"].rolling(DAY_MINUTES).max(),
            "low": prices["low"].rolling(DAY_MINUTES).min(),
            "volume": sum_over(DAY_MINUTES, volume),
            "thirds": sum_over(DAY_MINUTES, thirds_of(prices, volume)),
        }
    )


def four_a_kline(prices: pd.DataFrame, volume: "pd.Series[int]") -> pd.DataFrame:
    """Return what they are at each quarter of a kline: the klines before it, and its way so far."""
    former, way = DAY_MINUTES - 1, way_of(prices)
    columns = {
        "close": way,
        "open": np.repeat(column_of(prices["open"].shift(former)), 4, axis=1),
        "high": np.maximum(
            column_of(prices["high"].rolling(former).max().shift(1)),
            np.maximum.accumulate(way, axis=1),
        ),
        "low": np.minimum(
            column_of(prices["low"].rolling(former).min().shift(1)),
            np.minimum.accumulate(way, axis=1),
        ),
        "volume": by_quarters(former, volume),
        "thirds": by_quarters(former, thirds_of(prices, volume)),
    }
    return pd.DataFrame({name: column.reshape(-1) for name, column in columns.items()})


def way_of(prices: pd.DataFrame) -> Floats:
    """Return open, extremes and close of each kline: the high comes first where it falls."""
    falls = prices["close"] < prices["open"]
    first = prices["low"].where(~falls, prices["high"])
    second = prices["high"].where(~falls, prices["low"])
    return np.column_stack([prices["open"], first, second, prices["close"]])


def by_quarters(former: int, amounts: "pd.Series[int]") -> Floats:
    """Return the sum of so many klines before each, and of its quarters, in which as much is traded."""
    assert (amounts % 4 == 0).all(), "not in parts that have quarters"
    before, quarter = column_of(sum_over(former, amounts).shift(1)), column_of(amounts // 4)
    return np.add(before, quarter * np.arange(1, 5), dtype=np.float64)


def column_of(series: "pd.Series[float] | pd.Series[int]") -> Floats:
    return np.asarray(series, np.float64)[:, np.newaxis]


def thirds_of(prices: pd.DataFrame, volume: "pd.Series[int]") -> "pd.Series[int]":
    thirds: pd.Series[int] = (prices["high"] + prices["low"] + prices["close"]) * volume
    return thirds


def sum_over(count: int, column: "pd.Series[int]") -> "pd.Series[int]":
    """Return the sum over so many klines that end with each, in whole numbers."""
    assert column.astype("float64").sum() < 2**62, "too large to be counted in 64 bits"
    total: pd.Series[int] = column.cumsum()
    before: pd.Series[int] = total.shift(count, fill_value=0)
    return total.sub(before)
