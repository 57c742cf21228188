"""The filters of the template language, and how a value is written without one.

What is undefined (a vwap without volume) is written `n/a` by each of them.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import jinja2
from jinja2.runtime import Context

from alertd.delivery import numbers
from alertd.engine.alert import Interval

# Finer than any price, coarser than the noise of a float: `close - open` is 3162.2 and not
# 3162.199999999997. The engine settles its metrics at the same place.
_DECIMALS = 10


def written(value: object) -> object:
    """Write what stands in `{{ }}` without a filter the way a person would.

    Raises `TypeError` for what is not to be read, and `ValueError` for an infinite number.
    """
    match value:
        case None:
            return numbers.UNDEFINED
        case float():
            return numbers.plain(round(_finite(value), _DECIMALS))
        case Interval(low, high):
            return f"{numbers.plain(low)} to {numbers.plain(high)}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S %Z}"
        case complex():
            raise TypeError("the root of a negative number")
        case jinja2.Undefined():
            return value  # which says what is wrong with it when it is written
    if callable(value):
        raise TypeError(f"{getattr(value, '__name__', 'it')} is a function: write () after it")
    return value


def require_number(value: object, what: str) -> float:
    """Return the value if it is a number. Raises `TypeError` in the words of a template."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{what} takes a number, not {value!r}")
    return _finite(value)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("too large a number")
    return value


def _each_written(value: object, what: str, write: Callable[[float], str]) -> str:
    """Write a number, or both ends of an interval."""
    match value:
        case None:
            return numbers.UNDEFINED
        case Interval(low, high):
            return f"{write(low)} to {write(high)}"
    return write(require_number(value, what))


@jinja2.pass_context
def price(context: Context, value: object) -> str:
    """Write a price in the digits that the exchange uses for the symbol."""
    prices = (context["close"], context["open"], context["high"], context["low"])
    decimals = max(numbers.decimals_in(each) for each in prices)
    return _each_written(value, "price", lambda number: numbers.price(number, decimals))


def fixed(value: object, places: object) -> str:
    """Write a number with exactly so many decimals."""
    exactly = int(require_number(places, "fixed"))
    return _each_written(value, "fixed", lambda number: numbers.fixed(number, exactly))


def si(value: object) -> str:
    """Write a number as `1.2M`."""
    return _each_written(value, "si", numbers.si)


def ago(value: object) -> str:
    """Write how long ago a time was; or a length of time in seconds such as `held_for`, as being past."""
    match value:
        case None:
            return numbers.UNDEFINED
        case datetime():
            return numbers.ago(value, datetime.now(UTC))
    seconds = require_number(value, "ago")
    return f"in {numbers.duration(-seconds)}" if seconds < 0 else f"{numbers.duration(seconds)} ago"


def rounded(value: object, places: object = 0) -> float | None:
    """Round half away from zero. Jinja2's own `round` calculates `10 ** places` for any places."""
    if value is None:
        return None
    return float(fixed(require_number(value, "round"), require_number(places, "round")))


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"price": price, "fixed": fixed, "si": si, "ago": ago, "round": rounded}
)
