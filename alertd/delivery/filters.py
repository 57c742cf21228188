"""The filters of the template language, and how a value is written without one.

What is undefined (a vwap without volume) is written `n/a` by each of them.
"""

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
    """Write what stands in `{{ }}` without a filter the way a person would."""
    match value:
        case None:
            return numbers.UNDEFINED
        case float():
            return numbers.plain(round(value, _DECIMALS))
        case Interval(low=low, high=high):
            return f"{numbers.plain(low)} to {numbers.plain(high)}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S %Z}"
    return value


def require_number(value: object, what: str) -> float:
    """Return the value if it is a number. Raises `TypeError` in the words of a template."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{what} takes a number, not {value!r}")
    return value


@jinja2.pass_context
def price(context: Context, value: object) -> str:
    """Write a price in the digits that the exchange uses for the symbol."""
    if value is None or isinstance(value, Interval):
        return str(written(value))
    prices = (context["close"], context["open"], context["high"], context["low"])
    decimals = max(numbers.decimals_in(each) for each in prices)
    return numbers.price(require_number(value, "price"), decimals)


def fixed(value: object, places: object) -> str:
    """Write a number with exactly so many decimals."""
    if value is None:
        return numbers.UNDEFINED
    return numbers.fixed(require_number(value, "fixed"), int(require_number(places, "fixed")))


def si(value: object) -> str:
    """Write a number as `1.2M`."""
    return numbers.UNDEFINED if value is None else numbers.si(require_number(value, "si"))


def ago(value: object) -> str:
    """Write how long ago a time was; or a length of time in seconds such as `held_for`, as being past."""
    match value:
        case None:
            return numbers.UNDEFINED
        case datetime():
            return numbers.ago(value, datetime.now(UTC))
    return f"{numbers.duration(require_number(value, 'ago'))} ago"


def rounded(value: object, places: object = 0) -> float | None:
    """Round half away from zero. Jinja2's own `round` calculates `10 ** places` for any places."""
    return None if value is None else float(fixed(value, places))


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"price": price, "fixed": fixed, "si": si, "ago": ago, "round": rounded}
)
