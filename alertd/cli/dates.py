"""Parts of the past on the command line, in UTC: days, months and times of day.

A day or a month is meant as a whole, by `--from` as by `--to`; a time of day is a moment, and
`--to` ends just before it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import click

from alertd.cli.common import UsersMistake
from alertd.config.wording import shown

_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_DAY = timedelta(days=1)


def days_of(text: str) -> tuple[date, date]:
    """Return the first and the last day of a month, or of a day. Raises `ValueError`."""
    if not _MONTH.fullmatch(text):
        return date.fromisoformat(text), date.fromisoformat(text)
    first = date.fromisoformat(f"{text}-01")
    return first, (first + 31 * _DAY).replace(day=1) - _DAY


def since(_: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """Read an option that says from when on, as milliseconds since 1970."""
    return _read(option, text, lambda text: days_of(text)[0])


def until(_: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """Read an option that says until when, as milliseconds since 1970, which are excluded."""
    return _read(option, text, lambda text: days_of(text)[1] + _DAY)


def _read(option: click.Parameter, text: str | None, day_of: Callable[[str], date]) -> int | None:
    if text is None:
        return None
    try:
        return _ms(text, day_of)
    except (ValueError, OverflowError):
        example = '2025-05, 2025-05-08 or "2025-05-08 14:30", UTC'
        raise UsersMistake(
            f"{option.opts[0]}: {shown(text)} is no date: write it like {example}"
        ) from None


def _ms(text: str, day_of: Callable[[str], date]) -> int:
    try:
        moment = datetime.combine(day_of(text), time.min, UTC)
    except ValueError:
        moment = datetime.fromisoformat(text)
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(known.timestamp() * 1000)
