"""Prices as a picture writes them: `104,250.5` and `0.00001234`, never `1e-05`."""

import math
from collections.abc import Iterable
from decimal import Decimal

# What has more digits is no price of its own but a quotient.
_DIGITS = 8
_MOST_DECIMALS = 15


def written(price: float, decimals: int) -> str:
    """Write a price with commas between its thousands and so many decimals."""
    return f"{price:,.{min(decimals, _MOST_DECIMALS)}f}"


def exact(price: float) -> str:
    """Write a price with all of its own digits, at most 8 of them."""
    return written(price, decimals_of(price))


def decimals_of(price: float) -> int:
    """Return how many decimals it takes to write this price: its own, but no more than 8 digits."""
    exponent = Decimal(repr(price)).normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else 0
    magnitude = math.floor(math.log10(abs(price))) if price else 0
    return max(0, min(own, _DIGITS - 1 - magnitude))


def common_decimals(prices: Iterable[float]) -> int:
    """Return how many decimals the prices of one market are written with."""
    return max(map(decimals_of, prices))
