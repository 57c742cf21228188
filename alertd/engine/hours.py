"""When a rule may speak: days of the week and hours of the day, on a wall clock of its own."""

from datetime import UTC, datetime, time, timedelta, tzinfo

import attrs

EVERY_DAY = frozenset(range(7))
DAY_MINUTES = 24 * 60
_MINUTE_MS = 60_000
# A week and a day: every day of the week begins once in it.
_HORIZON_DAYS = 8


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
        local = datetime.fromtimestamp(time_ms // 1000, self.zone)
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
        opening = min((it for it in self._openings(time_ms) if it > time_ms), default=None)
        if opening is None or self._offset(time_ms) == self._offset(opening):
            return opening
        # The clock is changed before that, twice a year: minute by minute, as it can be anything.
        first = time_ms // _MINUTE_MS * _MINUTE_MS + _MINUTE_MS
        minutes = range(first, opening + 1, _MINUTE_MS)
        return next((minute for minute in minutes if self.includes(minute)), opening)

    def _openings(self, time_ms: int) -> list[int]:
        today = datetime.fromtimestamp(time_ms // 1000, self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(_HORIZON_DAYS + 1))
        return [
            self._utc_ms(datetime.combine(day, time()) + timedelta(minutes=span.start))
            for day in days
            if day.weekday() in self.days
            for span in self.spans
        ]

    def _utc_ms(self, local: datetime) -> int:
        return round(local.replace(tzinfo=self.zone).timestamp() * 1000)

    def _offset(self, time_ms: int) -> timedelta | None:
        return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(self.zone).utcoffset()
