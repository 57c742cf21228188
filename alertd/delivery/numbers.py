"""Numbers as a person reads them on a phone: never `1e-05`, never more digits than mean something."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

UNDEFINED = "n/a"

# The exchange's finest tick has 8 decimals (USDⓈ-M exchangeInfo, `tickSize`): what has more is no
# price of its own but a quotient, such as a vwap.
_FINEST_DECIMALS = 8
MOST_PLACES = 12
_STEPS = ((12, "T"), (9, "B"), (6, "M"), (3, "k"))
# The largest float has 309 digits before the point.
_ROUNDING = Context(prec=309 + MOST_PLACES, rounding=ROUND_HALF_UP)
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def plain(value: float) -> str:
    """Return the shortest decimals that mean exactly this number, without an exponent."""
    return format(_decimal(value), "f").removesuffix(".0")


def price(value: float, decimals: int) -> str:
    """Return a price in full; a quotient (more than 8 decimals) is rounded to `decimals`.

    Where those are more than 12, prices are the noise of binary fractions, or next to nothing: then
    it is 12 digits.
    """
    if decimals_in(value) <= _FINEST_DECIMALS:
        return plain(value)
    return fixed(value, decimals) if decimals <= MOST_PLACES else significant(value, MOST_PLACES)


def decimals_in(value: float) -> int:
    """Return how many decimals the number has when written in full."""
    _, _, fraction = plain(value).partition(".")
    return len(fraction)


def fixed(value: float, places: int) -> str:
    """Return the number with exactly `places` decimals (0 to 12), half rounded away from zero."""
    if not 0 <= places <= MOST_PLACES:
        raise ValueError(f"fixed takes 0 to {MOST_PLACES} decimals, not {places}")
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), context=_ROUNDING)
    return format(abs(rounded) if rounded == 0 else rounded, "f")


def significant(value: float, digits: int) -> str:
    """Return the number rounded to so many digits, wherever its point is."""
    return plain(float(f"{value:.{digits}g}"))


def si(value: float, places: int = 1) -> str:
    """Return the number in thousands (k), millions (M), billions (B) or trillions (T): `1.2M`."""
    for exponent, letter in _STEPS:
        # What would round to 1000 of a step is 1 of the next.
        if abs(value) >= 10.0**exponent * (1 - 0.0005 * 10.0**-places):
            return _short(value / 10.0**exponent, places) + letter
    return _short(value, places) if abs(value) >= 1 else significant(value, places + 1)


def si_exact(value: float) -> str:
    """Return the number like `si`, but with every digit that it has: `51.25M`."""
    for exponent, letter in _STEPS:
        if abs(value) >= 10.0**exponent:
            return format(_decimal(value).scaleb(-exponent).normalize(), "f") + letter
    return plain(value)


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: `45s`, `2m 30s`, `1d 4h`."""
    left = round(seconds)
    parts: list[str] = []
    for size, letter in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count}{letter}" if count else "")
    return " ".join(filter(None, parts[:2])) or "0s"


def ago(then: datetime, now: datetime) -> str:
    """Return how long before `now` a moment was: `5m ago`, `just now`, `in 2h`."""
    seconds = (now - then) / timedelta(seconds=1)
    if abs(seconds) < 1:
        return "just now"
    return f"{duration(seconds)} ago" if seconds > 0 else f"in {duration(-seconds)}"


def _short(value: float, places: int) -> str:
    return fixed(value, places).rstrip("0").removesuffix(".")


def _decimal(value: float) -> Decimal:
    # repr() is the shortest text that reads back as the same float; adding 0 turns -0 into 0.
    return Decimal(repr(value + 0))
