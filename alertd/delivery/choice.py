"""Which of the deliveries that wait go next, alone or together, and from when on."""

from collections.abc import Collection

from alertd.delivery.pace import Pace
from alertd.delivery.parcel import Parcel, merged, single
from alertd.delivery.patience import Patience
from alertd.delivery.settings import Settings
from alertd.delivery.waiting import Queue
from alertd.engine.rule import Severity

_ALL = 1_000_000


class Choice:
    """Keeps a destination's pace, and turns a flood into digests. Times are monotonic seconds."""

    def __init__(self, settings: Settings, *, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._pace = Pace(settings.rates)
        self._told_all_s = float("-inf")
        # How many may go into a digest: fewer after one was refused.
        self._most = _ALL

    def adopt(self, settings: Settings) -> None:
        """Go by other settings, but not as if nothing had been sent before."""
        self._settings = settings
        self._pace.rates = settings.rates

    def opens_s(self, queue: Queue, now_s: float) -> float:
        """Return from when on one may go; that is now, or later."""
        patience = self._patience
        is_critical = queue.count((Severity.CRITICAL,)) > 0
        gather_s = patience.gather_critical_s if is_critical else patience.gather_s
        return max(
            self._pace.opens_s(now_s),
            self._pace.spared_s(now_s, patience.gather_s),
            self._told_all_s + gather_s,
        )

    def parcel(self, queue: Queue, severities: Collection[Severity], now_s: float) -> Parcel:
        """Return what goes next of these severities, of which something has to wait."""
        limits = self._settings.limits
        if not self._is_flood(queue, severities, now_s):
            return single(next(queue.in_order(severities)), limits)
        first, *others = queue.most_severe_first(severities)
        # What was refused once is kept apart, so that it takes no other with it.
        alike = [each for each in others if each.is_suspect == first.is_suspect]
        return merged([first, *alike][: self._most], limits)

    def probe(self, queue: Queue, severities: Collection[Severity]) -> Parcel:
        """Return a single one, before all one that was not refused yet."""
        waiting = queue.in_order(severities)
        return single(min(waiting, key=lambda each: each.refusals), self._settings.limits)

    def sent(self, parcel: Parcel, now_s: float) -> None:
        """Take note that a send ended, well or not."""
        self._pace.sent(now_s, count=parcel.requests)

    def picture_opens_s(self, now_s: float) -> float | None:
        """Return from when on a picture may go as a message of its own; None as long as they are scarce."""
        return None if self._pace.is_scarce(now_s, more=1) else self._pace.opens_s(now_s)

    def accompanied(self, now_s: float) -> None:
        """Take note that one more message was sent beside what was chosen."""
        self._pace.sent(now_s)

    def taken(self, parcel: Parcel, now_s: float) -> None:
        """Take note that it ended well."""
        self._most = min(self._most * 2, _ALL)
        if parcel.is_digest and not parcel.is_cut:
            self._told_all_s = now_s

    def refused(self, parcel: Parcel) -> None:
        """Take note that it was refused: if a line of a digest is at fault, halves will find it."""
        if parcel.is_digest:
            self._most = max(1, len(parcel.several) // 2)

    def _is_flood(self, queue: Queue, severities: Collection[Severity], now_s: float) -> bool:
        count = queue.count(severities)
        if count > self._settings.digest_over or self._pace.is_scarce(now_s):
            return True
        if self._pace.opens_s(now_s, count=count) - now_s > self._patience.gather_s:
            return True
        return any(each.was_held for each in queue.in_order(severities))
