"""Times, lengths of time and counts of a replay, as people read them. Times are in UTC."""

from collections.abc import Mapping

import attrs

from alertd.delivery import numbers
from alertd.delivery.facts import moment
from alertd.engine.alert import AlertState
from alertd.printable import printable
from alertd.replay.periods import Hour, Pause
from alertd.replay.replayed import Replayed
from alertd.replay.summary import Activity, Summary

NONE = "-"

_MARKS = {"info": " ", "warning": "!", "critical": "‼"}
# Below the one a rate is hardly any, from the other on its decimals say nothing.
_HARDLY, _MANY = 0.05, 10
_MINUTE_S, _DAY_S = 60, 86_400


@attrs.frozen
class Clock:
    """Writes times of a replay; the year only where there are several."""

    has_year: bool

    @classmethod
    def of(cls, *summaries: Summary) -> "Clock":
        """Return the one for what was played."""
        times = (time for it in summaries if it.ticks for time in (it.start_ms, it.end_ms))
        return cls(len({moment(time).year for time in times}) > 1)

    def second(self, time_ms: int) -> str:
        """Return a time to the second."""
        return self._written(time_ms, "%m-%d %H:%M:%S")

    def hour(self, hour: Hour | None) -> str:
        """Return how many there were in an hour, and which that was."""
        if hour is None:
            return NONE
        return f"{hour.count:,} on {self._written(hour.start_ms, '%m-%d %Hh')}"

    def pause(self, pause: Pause | None) -> str:
        """Return how long it was, and when it began."""
        if pause is None:
            return NONE
        start = self._written(pause.start_ms, "%m-%d %H:%M")
        return f"{numbers.duration(pause.lasted_ms / 1000)} from {start}"

    def _written(self, time_ms: int, form: str) -> str:
        return f"{moment(time_ms):{'%Y-' if self.has_year else ''}{form}}"


def period(summary: Summary) -> str:
    """Return what was played: from when to when, of how many symbols, in how many ticks."""
    if not summary.ticks:
        return "No tick was played that any rule is for."
    first, last = moment(summary.start_ms), moment(summary.end_ms)
    length = numbers.duration(_rounded((summary.end_ms - summary.start_ms) // 1000))
    played = f"{plural(summary.symbols, 'symbol')}, {plural(summary.ticks, 'tick')}"
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC ({length}): {played}"


def _rounded(seconds: int) -> int:
    """Return a time of days to the hour: two days of klines are a minute less, from tick to tick."""
    return round(seconds / 3_600) * 3_600 if seconds >= _DAY_S - _MINUTE_S else seconds


def plural(count: int, what: str) -> str:
    """Return a count with its word: 1 rule, 1,200 rules."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def per_day(activity: Activity) -> str:
    """Return how often a rule fired a day: with a decimal while that says something."""
    rate = activity.per_day
    if rate is None:
        return NONE
    if 0 < rate < _HARDLY:
        return "<0.1"
    return f"{rate:,.0f}" if rate >= _MANY else f"{rate:.1f}"


def busiest(activity: Activity) -> str:
    """Return which symbol fired most often, and how often."""
    most = activity.busiest
    return f"{printable(most.symbol)} {most.count:,}" if most else NONE


def by_channel(messages: Mapping[str, int]) -> str:
    """Return how many messages each channel was sent, the first one first."""
    return ", ".join(f"{printable(name)} {count:,}" for name, count in messages.items()) or NONE


def symbols(activity: Activity) -> str:
    """Return how many of its symbols made a rule fire."""
    return f"{activity.fired} of {activity.watched}"


def mark(alert: Replayed) -> str:
    """Return a sign for the alert's severity."""
    return _MARKS[alert.severity]


def what_happened(alert: Replayed) -> str:
    """Return an alert's title without its symbol, which stands beside it; and that it is over."""
    title = printable(alert.title).removeprefix("Over: ")
    title = title.removeprefix(f"{alert.symbol} ").removeprefix(f"{alert.symbol}: ")
    return f"Over: {title}" if alert.state == AlertState.RESOLVED.value else title


def how_many(shown: int | None, count: int, what: str) -> str:
    """Say which of so many are listed, `shown` at the most (None is all), and how to see the rest."""
    if shown is None or count <= shown:
        return f"{plural(count, what)}, times in UTC:"
    return f"The newest {shown:,} of {plural(count, what)} (--all shows every one), times in UTC:"
