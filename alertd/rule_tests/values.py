"""Readers of the values that only tests of rules have: a start, a course, what was compared."""

from collections.abc import Callable

import attrs

from alertd.config.mistakes import WrongError, read_each
from alertd.config.quantities import number
from alertd.config.symbol_patterns import symbol_pattern
from alertd.config.times import moment_ms
from alertd.config.wording import shown
from alertd.engine.alert import Interval
from alertd.market.listing import is_glob

# A Monday's noon: within the active hours that most people would write.
DEFAULT_START_MS = 1_767_614_400_000
# A ticker's time ends with the year 2099, and a test may go on for a year.
_FIRST_MS, _LAST_MS = moment_ms("2000-01-01T00:00Z"), moment_ms("2098-01-01T00:00Z")
_ARROW = "->"
_BOUNDS = 2


@attrs.frozen
class Course:
    """What a field does over a stretch of ticks: it goes evenly from one value to another."""

    first: float
    last: float

    def at(self, fraction: float) -> float:
        """Return the value at a fraction of the way, 0 to 1, in 12 digits: no noise of the float's."""
        if self.first == self.last:
            return self.first
        return float(f"{self.first + (self.last - self.first) * fraction:.12g}")

    @property
    def is_flat(self) -> bool:
        """Whether it stays where it is."""
        return self.first == self.last


def price(value: object) -> Course:
    """Read a price, or its course such as `100 -> 110`. Raises `WrongError`."""
    return _course(value, _price)


def amount(value: object) -> Course:
    """Read a traded volume, or its course. Raises `WrongError`."""
    return _course(value, _amount)


def _course(value: object, read: Callable[[object], float]) -> Course:
    if not isinstance(value, str) or _ARROW not in value:
        only = read(value)
        return Course(only, only)
    first, _, last = value.partition(_ARROW)
    return Course(read(first.strip()), read(last.strip()))


def _price(value: object) -> float:
    found = number(value)
    if found <= 0:
        raise WrongError(f"{shown(value)}: a price is above zero")
    return found


def _amount(value: object) -> float:
    found = number(value)
    if found < 0:
        raise WrongError(f"{shown(value)}: a volume is not below zero")
    return found


def compared_with(value: object) -> float | Interval:
    """Read what was compared with: a number, or `[low, high]`. Raises `WrongError`."""
    if not isinstance(value, list):
        return number(value)
    if len(value) != _BOUNDS:
        raise WrongError(f"a number or [low, high] is expected here, not a list of {len(value)}")
    low, high = read_each(enumerate(value), lambda _, bound: number(bound)).values()
    return Interval(low, high)


def one_symbol(value: object) -> str:
    """Read the name of one symbol. Raises `WrongError`."""
    word = symbol_pattern(value)
    if is_glob(word):
        raise WrongError(f"{shown(word)}: one symbol is expected here, like BTCUSDT")
    return word


def start_ms(value: object) -> int:
    """Read a time with its zone as an event time in milliseconds. Raises `WrongError`."""
    found = moment_ms(value)
    if not _FIRST_MS <= found <= _LAST_MS:
        raise WrongError(f"{shown(value)} is not from 2000 to 2098")
    return found
