"""Ticks of time: on whole hours and quarters of the clock on the wall, over its changes."""

import math
from datetime import date, datetime, time, timedelta, tzinfo

import attrs

_DAY = 24 * 60
# In minutes; all of them divide a day.
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
_DAYS = (1, 2, 7, 14, 28)
_MINUTE_MS = 60_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@attrs.frozen
class TimeTick:
    """A moment with what the clock on the wall shows then; a date at midnight."""

    time_ms: int
    text: str
    is_midnight: bool


def time_ticks(start_ms: int, end_ms: int, zone: tzinfo, most: int) -> list[TimeTick]:
    """Return round moments of a span in rising order, about `most` (at least 1) at the most."""
    minutes = (end_ms - start_ms) / _MINUTE_MS
    step = next((step for step in _STEPS if minutes / step <= most), None)
    if step is None:
        days = next((days for days in _DAYS if minutes / _DAY / days <= most), None)
        return _midnights(start_ms, end_ms, zone, days or math.ceil(minutes / _DAY / most))
    # Offsets of zones are whole minutes; over a change of the clock they share this stride.
    stride = math.gcd(step, *(_offset(time_ms, zone) for time_ms in (start_ms, end_ms)))
    stride_ms = stride * _MINUTE_MS
    moments = range(-(-start_ms // stride_ms) * stride_ms, end_ms + 1, stride_ms)
    return [_tick(moment, zone) for moment in moments if _minute(moment, zone) % step == 0]


def wall(time_ms: int, zone: tzinfo) -> datetime:
    """Return what calendar and clock show in the zone."""
    return datetime.fromtimestamp(time_ms / 1000, zone)


def zone_name(time_ms: int, zone: tzinfo) -> str:
    """Return what people call the zone at that moment: `CEST`, or its offset, `UTC+05:45`."""
    moment = wall(time_ms, zone)
    name = moment.tzname() or ""
    if name[:1].isalpha():
        return name
    offset = f"{moment:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def dated(moment: datetime) -> str:
    """Return the day and the month, in English whatever the process's language."""
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def length(span_ms: int) -> str:
    """Write how long a window is: `90s`, `5m`, `1h`, `1h 30m`, `7d`."""
    seconds = round(span_ms / 1000)
    if seconds % 60 and seconds < 10 * 60:
        return f"{seconds}s"
    minutes = round(seconds / 60)
    parts = ((minutes // _DAY, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "m"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count)


def _midnights(start_ms: int, end_ms: int, zone: tzinfo, days: int) -> list[TimeTick]:
    """Return where days begin, every so many of them; at 1:00 where the clock has no midnight."""
    # The first day of the first year was a Monday: weeks are counted from it.
    first, last = (wall(time_ms, zone).toordinal() - 1 for time_ms in (start_ms, end_ms))
    numbers = range(-(-first // days) * days, last + 1, days)
    dates = (date.fromordinal(1 + number) for number in numbers)
    begun = [datetime.combine(day, time.min, zone) for day in dates]
    moments = [(round(day.timestamp() * 1000), dated(day)) for day in begun]
    return [TimeTick(at, text, is_midnight=True) for at, text in moments if start_ms <= at]


def _offset(time_ms: int, zone: tzinfo) -> int:
    return (wall(time_ms, zone).utcoffset() or timedelta()) // timedelta(minutes=1)


def _minute(time_ms: int, zone: tzinfo) -> int:
    moment = wall(time_ms, zone)
    return moment.hour * 60 + moment.minute


def _tick(time_ms: int, zone: tzinfo) -> TimeTick:
    moment = wall(time_ms, zone)
    is_midnight = moment.hour == moment.minute == 0
    text = dated(moment) if is_midnight else f"{moment:%H:%M}"
    return TimeTick(time_ms, text, is_midnight)
