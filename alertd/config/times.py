"""Points in time and the pace of repeats, as people write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from alertd.config.mistakes import WrongError
from alertd.config.quantities import duration_ms
from alertd.config.wording import kind, shown

_Moment = TypeVar("_Moment")

_EPOCH = datetime.fromtimestamp(0, UTC)
# Everywhere on Earth and with any offset the years around them can be told as well.
_FIRST_YEAR, _LAST_YEAR = 1970, 9998
_LEAST_REPEAT_MS = 1_000


def moment_ms(value: object) -> int:
    """Return the milliseconds since 1970 of `2026-12-31T23:59:00+01:00`, or with a `Z` for UTC.

    A space may stand for the T. Raises `WrongError`, also where there is no zone.
    """
    if not isinstance(value, str):
        raise WrongError(
            f"a time with a zone is expected here, like 2026-12-31T23:59Z, not {kind(value)}"
        )
    if (day := _read(date.fromisoformat, value)) is not None:
        raise WrongError(f"{shown(value)} is a day: add the time and the zone, like `{day}T23:59Z`")
    found = _read(datetime.fromisoformat, value)
    if found is None:
        raise WrongError(
            f"{shown(value)} is no time: write it like 2026-12-31T23:59Z, or with another zone's "
            f"offset, 2026-12-31T23:59+01:00"
        )
    if found.tzinfo is None:
        raise WrongError(
            f"{shown(value)} has no zone: write {shown(f'{value}Z')} for UTC, or its offset, "
            f"{shown(f'{value}+01:00')}"
        )
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise WrongError(f"{shown(value)} is not from {_FIRST_YEAR} to {_LAST_YEAR}")
    return (found - _EPOCH) // timedelta(milliseconds=1)


def _read(read: Callable[[str], _Moment], value: str) -> _Moment | None:
    try:
        return read(value)
    except ValueError:
        return None


def repeat_ms(value: object) -> int:
    """Return the milliseconds between two alerts of the same firing. Raises `WrongError`."""
    found = duration_ms(value)
    if found < _LEAST_REPEAT_MS:
        raise WrongError(f"{shown(value)} is less than 1s (did you mean `never`?)")
    return found
