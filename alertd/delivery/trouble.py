"""A destination that takes nothing that it is sent: since when, why, and when to try again."""

import attrs

from alertd.delivery.failure import Failure
from alertd.delivery.patience import Patience


@attrs.define(kw_only=True)
class Trouble:
    """One failure after another, since the last success. Times are monotonic seconds.

    A destination *fails*, and is tried again by a back-off that grows; or it has *refused*
    something, and is then probed. Right after the first refusal another message may be tried at
    once: it tells a message that is refused from a destination that is. One that is *out* has
    refused, or has failed for long, and its fallback takes over.
    """

    since_s: float
    patience: Patience
    failures: int = 0
    refusals: int = 0
    reason: str = ""
    tries_s: float = float("-inf")
    is_asked_to_wait: bool = False
    may_try_another: bool = False
    is_told: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether something was refused: it stays so until something is taken."""
        return self.refusals > 0

    def is_out(self, now_s: float) -> bool:
        """Tell whether the destination is not to be relied upon."""
        return self.is_refused or now_s >= self._out_s

    def is_worth_telling(self, now_s: float) -> bool:
        """Tell whether people have to know of it."""
        return self.is_refused or now_s >= self._worth_telling_s

    def changes_s(self, now_s: float) -> list[float]:
        """Return when it will be worth telling, and when the destination will be out."""
        return [each for each in (self._worth_telling_s, self._out_s) if each > now_s]

    def lasts_s(self, now_s: float) -> float:
        """Return for how long nothing has been taken."""
        return now_s - self.since_s

    def add(self, failure: Failure, now_s: float, draw: float) -> None:
        """Take another failure, and set when to try next; `draw` in [0, 1) is the jitter's."""
        self.failures += 1
        self.reason = failure.reason
        self.may_try_another = failure.is_final and not self.is_refused
        if self.may_try_another:
            self.refusals, self.is_told = 1, False
        # While it refuses, a probe that fails in another way did not get through either. What was
        # tried before a probe was due is none.
        elif self.is_refused and now_s >= self.tries_s:
            self.refusals += 1
        self.tries_s = now_s + self._pause_s(failure, now_s, draw)
        self.is_asked_to_wait = failure.retry_after_s is not None

    def hurry(self, now_s: float) -> bool:
        """Try next now, unless the service asked for the pause; tell whether that is sooner."""
        if self.is_asked_to_wait or self.tries_s <= now_s:
            return False
        self.tries_s = now_s
        return True

    @property
    def _worth_telling_s(self) -> float:
        return self.since_s + self.patience.fault_after_s

    @property
    def _out_s(self) -> float:
        return self.since_s + self.patience.out_after_s

    def _pause_s(self, failure: Failure, now_s: float, draw: float) -> float:
        if failure.retry_after_s is not None:
            return failure.retry_after_s
        if self.is_refused:
            return self.patience.probe_s(self.refusals)
        is_out = self.is_out(now_s)
        backoff = self.patience.backoff_when_out if is_out else self.patience.backoff
        return backoff.delay_s(self.failures, draw)
