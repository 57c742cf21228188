"""The lowest and highest of windows that go by time."""

from typing import Literal

import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Floats
from tests.replay.second_opinion.market import Market
from tests.replay.second_opinion.quantities import duration_ms


def lowest(market: Market, values: Floats, within: str | None) -> Floats:
    """Return the lowest from `t - within` to `t`, both included."""
    return np.asarray(_rolling(market, values, within, "both").min(), np.float64)


def highest(market: Market, values: Floats, within: str | None) -> Floats:
    return np.asarray(_rolling(market, values, within, "both").max(), np.float64)


def lowest_before(market: Market, values: Floats, within: str) -> Floats:
    """Return the lowest from `t - within` up to but without `t`."""
    return np.asarray(_rolling(market, values, within, "left").min(), np.float64)


def highest_before(market: Market, values: Floats, within: str) -> Floats:
    return np.asarray(_rolling(market, values, within, "left").max(), np.float64)


def _rolling(
    market: Market, values: Floats, within: str | None, closed: Literal["both", "left"]
) -> "pd.api.typing.Rolling[pd.Series[float]]":
    assert within is not None
    series = pd.Series(values, index=pd.to_datetime(market.times, unit="ms"))
    return series.rolling(pd.Timedelta(milliseconds=duration_ms(within)), closed=closed)
