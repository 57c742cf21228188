"""Points in time on the command line: as people say and read them, in their own zone."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TypeVar

import click

from alertd.cli.common import UsersMistake, now_ms
from alertd.config.mistakes import WrongError
from alertd.config.quantities import duration_ms
from alertd.config.wording import shown
from alertd.delivery.facts import moment

_Given = TypeVar("_Given")
_Read = TypeVar("_Read")
_DAY = timedelta(days=1)

utc_option = click.option("--utc", is_flag=True, help="Show times in UTC, not in your own zone.")


def when(time_ms: int, *, utc: bool) -> datetime:
    """Return the moment in UTC, or in the zone of the machine."""
    found = moment(time_ms)
    return found if utc else found.astimezone()


def full(time_ms: int, *, utc: bool) -> str:
    """Return a time with its day and zone."""
    return f"{when(time_ms, utc=utc):%Y-%m-%d %H:%M:%S %Z}"


def before(_: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Read an option that says since when: how long ago, or a time; of an hour the last one."""
    return None if value is None else _moment(option, value, direction=-1)


def ahead(_: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Read an option that says until when: a time; of an hour the next one."""
    return None if value is None else _moment(option, value, direction=1)


def length(_: click.Context, option: click.Parameter, value: str | None) -> int | None:
    """Read an option that is a duration, as milliseconds."""
    try:
        return None if value is None else duration_ms(value)
    except WrongError as wrong:
        raise UsersMistake(f"{option.opts[0]}: {wrong.text}") from None


def _moment(option: click.Parameter, value: str, *, direction: int) -> int:
    now = now_ms()
    try:
        return now + direction * duration_ms(value)
    except WrongError:
        pass
    found = _tried(datetime.fromisoformat, value) or _hour(value, now, direction)
    seconds = None if found is None else _tried(datetime.timestamp, found)
    if seconds is None:
        raise UsersMistake(
            f"{option.opts[0]}: {shown(value)} is no time: write it like 2h, 18:00, "
            "2026-12-31T23:59 or 2026-12-31T23:59Z"
        )
    return max(0, round(seconds * 1000))


def _hour(value: str, now_ms: int, direction: int) -> datetime | None:
    """Return the nearest moment in that direction at which clocks here show this hour."""
    hour = _tried(time.fromisoformat, value)
    if hour is None:
        return None
    # A zone that is written counts, and today is today there.
    now = datetime.fromtimestamp(now_ms / 1000, hour.tzinfo)
    found = datetime.combine(now.date(), hour)
    return found if (found - now) * direction > timedelta(0) else found + direction * _DAY


def _tried(read: Callable[[_Given], _Read], value: _Given) -> _Read | None:
    try:
        return read(value)
    except (ValueError, OverflowError):
        return None
