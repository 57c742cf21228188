"""Klines of one symbol as its tickers, and every metric at each of them.

What is divided is divided once, of whole numbers, and so is right to the last bit.
"""

from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Floats, Ints
from tests.replay.second_opinion.days import (
    DAY_MINUTES,
    four_a_kline,
    one_a_kline,
    whole_numbers,
)

MINUTE_MS = 60_000


@attrs.frozen(eq=False)
class Market:
    """A symbol's tickers: their event times in ms since 1970 (UTC), each metric at each of them."""

    symbol: str
    times: Ints
    metrics: Mapping[str, Floats]

    def metric(self, name: str) -> Floats:
        return self.metrics[name]

    def between(self, start_ms: int, end_ms: int) -> "Market":
        """Return it without what was before the start, or from the end on."""
        chosen = (self.times >= start_ms) & (self.times < end_ms)
        metrics = {name: values[chosen] for name, values in self.metrics.items()}
        return Market(self.symbol, self.times[chosen], metrics)

    def later(self, place: int, duration_ms: int) -> int:
        """Return the first place that is at least so much later, the end where there is none."""
        if place >= len(self.times):
            return len(self.times)
        return int(np.searchsorted(self.times, self.times[place] + duration_ms))


def read_market(file: Path, *, ohlc: bool = False) -> Market:
    """Read `SYMBOL_*.csv.gz`: a ticker, or four, of each kline that has a day behind it."""
    klines = pd.read_csv(file)
    opened = klines["open_time_ms"].to_numpy()
    assert (np.diff(opened) == MINUTE_MS).all(), f"{file}: there is a gap, where none should be"
    prices, price = whole_numbers(klines[["open", "high", "low", "close"]])
    volumes, lot = whole_numbers(klines[["volume"]])
    # In fourths, so that there are quarters of it.
    tickers = (four_a_kline if ohlc else one_a_kline)(prices, 4 * volumes["volume"])
    count = len(tickers) // len(klines)
    first = count * (DAY_MINUTES - 1)
    ends = opened[:, np.newaxis] + MINUTE_MS * np.arange(1, count + 1) // count - 1
    return Market(
        symbol=file.name.split("_")[0],
        times=ends.reshape(-1)[first:],
        metrics=metrics_of(tickers.iloc[first:].astype("int64"), price, 4 * lot),
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
