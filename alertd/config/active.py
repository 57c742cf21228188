"""`active:` into hours: days of the week, hours of the day, and the zone of their clock."""

import re
import zoneinfo
from datetime import UTC, tzinfo

import attrs

from alertd.config.mistakes import WrongError, read_each
from alertd.config.structure import key, reader
from alertd.config.values import text
from alertd.config.wording import did_you_mean, kind, part_of, shown
from alertd.engine.hours import DAY_MINUTES, EVERY_DAY, Hours, Span
from alertd.engine.words import DAYS

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_MINUTES_OF_AN_HOUR = 60
_LONGEST_ZONE = 64
_MOST_SPANS = 48


def _days(value: object) -> frozenset[int]:
    """Read `mon-fri`, `sat`, or a list of those."""
    if not isinstance(value, list):
        return _stretch(value)
    if not value:
        raise WrongError("no day here: write some, like [mon-fri, sun]")
    read = read_each(enumerate(value), lambda _, item: _stretch(item))
    return frozenset[int]().union(*read.values())


def _stretch(value: object) -> frozenset[int]:
    words = [word.strip().lower() for word in text(value).split("-")]
    if len(words) > 2:  # noqa: PLR2004 - a stretch has two ends
        raise WrongError(f"{shown(value)} is no stretch of days: write it like mon-fri")
    first, last = (_day(word, part_of(value, word)) for word in (words[0], words[-1]))
    if len(words) > 1 and first == last:
        raise WrongError(f"{shown(value)} begins and ends on the same day: write {DAYS[first]}")
    # On over the end of the week: sat-mon is three days.
    return frozenset((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))


def _day(word: str, written: str) -> int:
    if word in DAYS:
        return DAYS.index(word)
    if word[:3] in DAYS:
        raise WrongError(f"{shown(written)} is no day (did you mean {shown(word[:3])}?)")
    raise WrongError(f"{shown(written)} is none of {', '.join(DAYS)}")


def _spans(value: object) -> tuple[Span, ...]:
    """Read `08:00-22:00`, or a list of those."""
    if not isinstance(value, list):
        return (_span(value),)
    if not value:
        raise WrongError("no hours here: write some, like [08:00-12:00, 13:00-18:00]")
    if len(value) > _MOST_SPANS:
        raise WrongError(f"a list of {len(value):,}: {_MOST_SPANS} are the most")
    return tuple(read_each(enumerate(value), lambda _, item: _span(item)).values())


def _span(value: object) -> Span:
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise WrongError(f"hours are expected here, like 08:00-22:00, not {kind(value)}")
    ends = (found[1], found[2]), (found[3], found[4])
    start, end = (_minute(*each, part_of(value, ":".join(each))) for each in ends)
    if start == end:
        raise WrongError(f"{shown(value)} begins and ends at once: a whole day is 00:00-24:00")
    if start == DAY_MINUTES:
        raise WrongError(f"{shown(value)}: the day begins at 00:00 and ends at 24:00")
    return Span(start, end)


def _minute(hour: str, minute: str, written: str) -> int:
    total = int(hour) * _MINUTES_OF_AN_HOUR + int(minute)
    if int(minute) >= _MINUTES_OF_AN_HOUR or total > DAY_MINUTES:
        raise WrongError(f"{shown(written)} is no time of a day")
    return total


def time_zone(value: object) -> tzinfo:
    """Read the name of a time zone, such as Europe/Berlin."""
    name = text(value)
    if name == "UTC":
        return UTC  # which needs no database
    try:
        if len(name) <= _LONGEST_ZONE:
            return zoneinfo.ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        pass  # not a name, no text that could be one, or a folder of zones
    raise WrongError(f"unknown time zone {shown(name)}{_zone_that_was_meant(name)}")


def _zone_that_was_meant(name: str) -> str:
    known = sorted(zoneinfo.available_timezones())
    city = name.rpartition("/")[2].replace(" ", "_").lower()
    of_city = [zone for zone in known if zone.rpartition("/")[2].lower() == city]
    if of_city:
        return f" (did you mean {shown(of_city[0])}?)"
    is_folder = any(zone.startswith(f"{name}/") for zone in known)
    near = "" if is_folder else did_you_mean(name, known)
    return near or ": write it like Europe/Berlin"


@attrs.frozen
class WrittenHours:
    """Days, hours and the zone of their clock, as they are written."""

    days: frozenset[int] | None = key(_days)
    hours: tuple[Span, ...] | None = key(_spans)
    timezone: tzinfo = key(time_zone, default=UTC)


_read_written = reader(WrittenHours)


def active_hours(value: object) -> Hours:
    """Read the hours in which a rule may speak. Raises `WrongError`, or a group of them."""
    return hours_of(_read_written(value))


def hours_of(written: WrittenHours) -> Hours:
    """Return the hours that are meant. Raises `WrongError` without days and without hours."""
    if written.days is None and written.hours is None:
        raise WrongError("`days`, `hours` or both are missing here, like {days: mon-fri}")
    hours = Hours(written.timezone, EVERY_DAY if written.days is None else written.days)
    return hours if written.hours is None else attrs.evolve(hours, spans=written.hours)
