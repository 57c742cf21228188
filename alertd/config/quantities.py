"""Quantities as people write them: durations, numbers, rates."""

import math
import re
from collections.abc import Callable

from alertd.config.mistakes import WrongError
from alertd.config.wording import Filled, kind, shown
from alertd.engine.words import UNITS_MS
from alertd.rate import Rate

LONGEST_MS = 366 * UNITS_MS["d"]
# Largest unit first, each at most once: the order in which people say it.
_DURATION = re.compile("".join(f"(?:([0-9]{{1,15}}){unit}(?![a-z]))?" for unit in UNITS_MS))
_IN_WORDS = re.compile(
    r"(?P<count>[0-9]{1,15}) *(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)",
    re.IGNORECASE,
)

_SUFFIXES = {"": 0, "k": 3, "M": 6, "B": 9}
_NUMBER = re.compile(
    r"(?P<digits>[-+]?(?:[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?)(?:e(?P<power>[-+]?[0-9]{1,4}))?(?P<suffix>[kMB]?)",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 64
_WHOLE = re.compile(r"[0-9]{1,15}")
# 100,000 but not 100,5, which is a hundred and a half to half of the world.
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_RATE = re.compile(r"([0-9]{1,6})/([smh])")


def duration_ms(value: object) -> int:
    """Return the milliseconds of `500ms`, `30s`, `15m`, `4h`, `7d` or a sum such as `1h30m`.

    A plain 0 is a duration, other numbers lack their unit. Raises `WrongError`.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _unitless(value)
    if not isinstance(value, str):
        raise WrongError(f"a duration such as 30s is expected here, not {kind(value)}")
    found = _DURATION.fullmatch(value)
    if found is None or not value:
        raise WrongError(
            f"{shown(value)} is no duration: write it like 500ms, 30s, 15m, 4h, 7d, 1h30m"
            f"{_plain_duration(value)}"
        )
    counts = zip(found.groups(), UNITS_MS.values(), strict=True)
    total = sum(int(count) * unit for count, unit in counts if count)
    if total > LONGEST_MS:
        raise WrongError(f"{shown(value)} is longer than a year")
    return total


def _plain_duration(text: str) -> str:
    """Return a suggestion for a duration in words, such as `5 minutes`; else nothing."""
    found = _IN_WORDS.fullmatch(text)
    # The unit begins with its own letter, whichever of its names it is.
    return f" (did you mean {shown(found['count'] + found['unit'][0].lower())}?)" if found else ""


def duration_between(least: str, most: str) -> Callable[[object], int]:
    """Return the reader of a duration from `least` to `most`; it raises `WrongError`."""
    allowed = range(duration_ms(least), duration_ms(most) + 1)

    def read(value: object) -> int:
        found = duration_ms(value)
        if found not in allowed:
            raise WrongError(f"{shown(value)} is not from {least} to {most}")
        return found

    return read


def _unitless(value: float) -> int:
    if value == 0:
        return 0
    if value < 0:
        raise WrongError(f"{shown(value)} is below zero: a duration is not")
    if value * UNITS_MS["s"] > LONGEST_MS:
        raise WrongError(f"{shown(value)} of what? even in seconds it is longer than a year")
    raise WrongError(
        f"{shown(value)} of what? write {value:g}s for seconds, {value:g}m for minutes"
    )


def number(value: object) -> float:
    """Return the finite number of `100000`, `100_000`, `1e6`, `2.5k`, `50M` or `1.2B`.

    It is exactly the float that is nearest to the decimal number written. Raises `WrongError`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise WrongError(f"a number is expected here, not {kind(value)}")
    try:
        result = _parsed(value) if isinstance(value, str) else float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise WrongError(f"{shown(value)} is no finite number")
    return result


def whole_number_between(least: int, most: int) -> Callable[[object], int]:
    """Return the reader of a whole number from `least` to `most`; it raises `WrongError`."""
    allowed = f"from {least:,} to {most:,}"

    def read(value: object) -> int:
        if isinstance(value, Filled) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongError(f"a whole number {allowed} is expected here, not {kind(value)}")
        if not least <= value <= most:
            raise WrongError(f"{shown(value)} is not {allowed}")
        return value

    return read


def _parsed(text: str) -> float:
    found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if found is None:
        raise WrongError(
            f"{shown(text)} is no number: write it like 100000, 0.25, 1e6, 2.5k, 50M, 1.2B"
            f"{_plain_number(text)}"
        )
    suffix = found["suffix"]
    if suffix not in _SUFFIXES:
        meant = suffix.swapcase()
        raise WrongError(
            f"{shown(text)}: k is a thousand, M a million, B a billion (did you mean {shown(text[:-1] + meant)}?)"
        )
    # The power of ten goes into the text: multiplying afterwards would round a second time.
    power = int(found["power"] or 0) + _SUFFIXES[suffix]
    return float(f"{found['digits']}e{power}")


def _plain_number(text: str) -> str:
    """Return a suggestion for a number with a `$`, spaces, or commas between thousands; else nothing."""
    if len(text) > _LONGEST_NUMBER:
        return ""
    bare = text.replace("$", "").replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "_")
    return f" (did you mean {shown(bare)}?)" if bare != text and _NUMBER.fullmatch(bare) else ""


def rate(value: object) -> Rate:
    """Return the rate of `1/s`, `20/m` or `100/h`. Raises `WrongError`."""
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise WrongError(f"a rate such as 1/s, 20/m or 100/h is expected here, not {kind(value)}")
    if int(found[1]) == 0:
        raise WrongError(f"{shown(value)}: a rate is at least 1")
    return Rate(int(found[1]), _SECONDS[found[2]])
