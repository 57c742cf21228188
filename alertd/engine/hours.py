"""When a rule may speak: days of the week and hours of the day, on a wall clock of its own."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import chain

import attrs

EVERY_DAY = frozenset(range(7))
DAY_MINUTES = 24 * 60
_MINUTE_MS = 60_000
# Every day of the week begins twice in it: the clock may have passed over what begins on the first.
_HORIZON_DAYS = 15


@attrs.frozen
class Span:
    """From a minute of the day up to but without another; past midnight where it is not later."""

    start: int
    end: int

    def __contains__(self, minute: int) -> bool:
        """Tell for a minute counted from the midnight on whose day the span begins."""
        end = self.end if self.end > self.start else self.end + DAY_MINUTES
        return self.start <= minute < end


@attrs.frozen
class Hours:
    """Spans of the day on some days of the week (Monday is 0), by the wall clock of `zone`.

    A span that goes past midnight belongs to the day on which it begins. Where the clock is put
    back, an hour comes twice and counts twice; where it is put forward, an hour is missing and so
    is what would have begun in it, until the clock is past that.
    """

    zone: tzinfo
    days: frozenset[int] = EVERY_DAY
    spans: tuple[Span, ...] = (Span(0, DAY_MINUTES),)

    def includes(self, time_ms: int) -> bool:
        """Tell whether an event time (milliseconds since 1970) is within the hours."""
        local = self._local(time_ms)
        minute, today = local.hour * 60 + local.minute, local.weekday()
        return self._includes(today, minute) or self._includes(
            (today - 1) % 7, minute + DAY_MINUTES
        )

    def _includes(self, day: int, minute: int) -> bool:
        return day in self.days and any(minute in span for span in self.spans)

    def opens_ms(self, time_ms: int) -> int | None:
        """Return the first time from `time_ms` on that is within the hours; None where none is."""
        if self.includes(time_ms):
            return time_ms
        today = self._local(time_ms).date()
        for ahead in range(_HORIZON_DAYS):
            day = today + timedelta(days=ahead)
            # They begin where a span does, or where the clock is put into the middle of one.
            begins = chain(self._starts(day), self._change(day))
            openings = [it for it in begins if it > time_ms and self.includes(it)]
            if openings:
                return min(openings)
        return None

    def _starts(self, day: date) -> Iterator[int]:
        midnight = datetime.combine(day, time())
        for span in self.spans:
            # A clock that is put back shows the same time twice; in every other case both are one.
            for fold in (0, 1):
                local = midnight + timedelta(minutes=span.start)
                yield self._utc_ms(local.replace(fold=fold))

    def _change(self, day: date) -> Iterator[int]:
        """Yield when the clock is changed on a day; no zone does it twice."""
        midnight = datetime.combine(day, time())
        before, after = self._utc_ms(midnight), self._utc_ms(midnight + timedelta(days=1))
        old = self._offset(before)
        if old == self._offset(after):
            return
        while after - before > _MINUTE_MS:
            middle = (before + after) // (2 * _MINUTE_MS) * _MINUTE_MS
            before, after = (middle, after) if self._offset(middle) == old else (before, middle)
        yield after

    def _local(self, time_ms: int) -> datetime:
        return datetime.fromtimestamp(time_ms // 1000, self.zone)

    def _utc_ms(self, local: datetime) -> int:
        return round(local.replace(tzinfo=self.zone).timestamp()) * 1000

    def _offset(self, time_ms: int) -> timedelta | None:
        return self._local(time_ms).utcoffset()
