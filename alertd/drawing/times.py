"""Ticks of time: on whole hours and quarters of the clock on the wall, over its changes."""

import math
from datetime import datetime, timedelta, tzinfo

import attrs

_DAY = 24 * 60
# In minutes.
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY)
_MINUTE_MS = 60_000


@attrs.frozen
class TimeTick:
    """A moment with what the clock on the wall shows then; a date at midnight."""

    time_ms: int
    text: str
    is_midnight: bool


def time_ticks(start_ms: int, end_ms: int, zone: tzinfo, most: int) -> list[TimeTick]:
    """Return the round moments of a span in rising order, about `most` at the most."""
    minutes = (end_ms - start_ms) / _MINUTE_MS
    step = next((step for step in _STEPS if minutes / step <= most), _STEPS[-1])
    stride = _stride_ms(start_ms, end_ms, zone, step)
    moments = range(-(-start_ms // stride) * stride, end_ms + 1, stride)
    return [_tick(moment, zone) for moment in moments if _is_round(wall(moment, zone), step)]


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


def _stride_ms(start_ms: int, end_ms: int, zone: tzinfo, step: int) -> int:
    """Return the longest stride over UTC's clock that misses none of the zone's round moments."""
    offsets = (wall(time_ms, zone).utcoffset() or timedelta() for time_ms in (start_ms, end_ms))
    common = math.gcd(60, *(offset // timedelta(minutes=1) for offset in offsets))
    return min(step, common) * _MINUTE_MS


def _is_round(moment: datetime, step: int) -> bool:
    days = moment.toordinal() if step > _DAY else 0
    return (days * _DAY + moment.hour * 60 + moment.minute) % step == 0


def _tick(time_ms: int, zone: tzinfo) -> TimeTick:
    moment = wall(time_ms, zone)
    is_midnight = moment.hour == moment.minute == 0
    text = f"{moment.day} {moment:%b}" if is_midnight else f"{moment:%H:%M}"
    return TimeTick(time_ms, text, is_midnight)
