"""Times, lengths of time and counts of a replay, as people read them. Times are in UTC."""

import attrs

from alertd.delivery import numbers
from alertd.delivery.facts import moment
from alertd.replay.periods import Hour, Pause
from alertd.replay.printed.lines import printable
from alertd.replay.replayed import Replayed
from alertd.replay.summary import Activity, Summary

NONE = "-"
_A_FEW = 10


@attrs.frozen
class Clock:
    """Writes times of a replay; the year only where there are several."""

    has_year: bool

    @classmethod
    def of(cls, *summaries: Summary) -> "Clock":
        """Return the one for what was played."""
        times = {time for it in summaries for time in (it.start_ms, it.end_ms)}
        return cls(len({moment(time).year for time in times}) > 1)

    def second(self, time_ms: int) -> str:
        """Return a time to the second."""
        return self._written(time_ms, "%m-%d %H:%M:%S")

    def minute(self, time_ms: int) -> str:
        """Return a time to the minute."""
        return self._written(time_ms, "%m-%d %H:%M")

    def hour(self, hour: Hour | None) -> str:
        """Return how many there were in an hour, and which that was."""
        return f"{hour.count:,} on {self._written(hour.start_ms, '%m-%d %Hh')}" if hour else NONE

    def pause(self, pause: Pause) -> str:
        """Return how long it was, and from when to when."""
        start, end = self.minute(pause.start_ms), self.minute(pause.end_ms)
        return f"{lasted(pause.lasted_ms)}, {start} to {end}"

    def pause_in_short(self, pause: Pause | None) -> str:
        """Return how long it was, and from which day on."""
        if pause is None:
            return NONE
        return f"{lasted(pause.lasted_ms)} from {self._written(pause.start_ms, '%m-%d')}"

    def _written(self, time_ms: int, form: str) -> str:
        return f"{moment(time_ms):{'%Y-' if self.has_year else ''}{form}}"


def lasted(milliseconds: int) -> str:
    """Return a length of time in its two largest units."""
    return numbers.duration(milliseconds / 1000)


def period(summary: Summary) -> str:
    """Return what was played: from when to when, of how many symbols, in how many ticks."""
    if not summary.ticks:
        return "nothing was played"
    first, last = moment(summary.start_ms), moment(summary.end_ms)
    length = lasted(summary.end_ms - summary.start_ms)
    played = f"{plural(summary.symbols, 'symbol')}, {plural(summary.ticks, 'tick')}"
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC ({length}), {played}"


def plural(count: int, what: str) -> str:
    """Return a count with its word: 1 rule, 1,200 rules."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def per_day(activity: Activity) -> str:
    """Return how often a rule fired a day: with a decimal while that says something."""
    rate = activity.per_day
    if not activity.days:
        return NONE
    if 0 < rate < 0.05:  # noqa: PLR2004 - what would be rounded to none
        return "<0.1"
    return f"{rate:,.0f}" if rate >= _A_FEW else f"{rate:.1f}"


def busiest(activity: Activity) -> str:
    """Return which symbol fired most often, and how often."""
    most = activity.busiest
    return f"{printable(most.symbol)} {most.count:,}" if most else NONE


def symbols(activity: Activity) -> str:
    """Return how many of its symbols made a rule fire."""
    return f"{activity.fired} of {activity.watched}"


def what_happened(alert: Replayed) -> str:
    """Return an alert's title without its symbol, which stands beside it; and that it is over."""
    is_over = alert.state == "resolved"
    title = printable(alert.title).removeprefix("Over: ").removeprefix(f"{alert.symbol} ")
    return f"Over: {title}" if is_over else title
