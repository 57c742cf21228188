"""Quiet hours as they are lived through: what they hold now, and for how long they have."""

from alertd.delivery.channel import Quiet
from alertd.delivery.settings import Now
from alertd.engine.rule import Severity

_MINUTE_MS = 60_000
_ALL = tuple(Severity)


class Hush:
    """Which severities may go, by the machine's clock when it was last looked at."""

    def __init__(self) -> None:
        self.open: tuple[Severity, ...] = _ALL
        self._held_s = dict.fromkeys(Severity, 0.0)
        self._looked_s = 0.0

    def look(self, quiet: Quiet | None, now: Now) -> None:
        """Look at the clock."""
        if self.open is not _ALL:
            for severity in filter(self.holds, _ALL):
                self._held_s[severity] += now.s - self._looked_s
        self._looked_s = now.s
        self.open = _ALL
        if quiet is not None and quiet.hours.includes(now.ms):
            self.open = tuple(it for it in _ALL if it.rank >= quiet.allow.rank)

    def holds(self, severity: Severity) -> bool:
        """Tell whether such an alert has to wait for the end of the quiet hours."""
        return severity not in self.open

    def held_s(self, severity: Severity) -> float:
        """Return for how long such alerts were held in all, by the monotonic clock."""
        return self._held_s[severity]


def next_minute_s(now: Now) -> float:
    """Return when to look at the clock again: hours end with a minute, and it may be set."""
    return now.s + (_MINUTE_MS - now.ms % _MINUTE_MS) / 1000
