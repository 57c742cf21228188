"""How one destination's outcomes are told."""

import attrs

from alertd.delivery.delivery import Delivery
from alertd.delivery.message import Message
from alertd.delivery.parcel import Parcel
from alertd.delivery.report import Fault, Outcome, Report
from alertd.delivery.settings import Now, Settings
from alertd.delivery.trouble import Trouble
from alertd.delivery.waiting import Waiting


@attrs.frozen
class Teller:
    """Makes reports and faults, of a destination with these settings."""

    settings: Settings

    def delivered(self, parcel: Parcel, now: Now) -> Report:
        """Tell that the service took what was sent."""
        return self._report(parcel.several, parcel.message, Outcome.DELIVERED, now)

    def retrying(self, parcel: Parcel, now: Now, *, reason: str, in_s: float) -> Report:
        """Tell that it did not, and is tried again in so many seconds."""
        report = self._report(parcel.several, parcel.message, Outcome.RETRYING, now)
        return attrs.evolve(report, reason=reason, retry_in_s=in_s)

    def one(self, waiting: Waiting, outcome: Outcome, now: Now, *, reason: str) -> Report:
        """Tell of a delivery by itself."""
        report = self._report((waiting,), waiting.delivery.message, outcome, now)
        return attrs.evolve(report, reason=reason)

    def passed_on(self, waiting: Waiting, now: Now, *, reason: str) -> Report:
        """Tell that the fallback is to have a delivery."""
        report = self.one(waiting, Outcome.PASSED_ON, now, reason=reason)
        return attrs.evolve(report, passed_to=self.settings.fallback or "")

    def fault(self, trouble: Trouble, now: Now) -> Fault:
        """Tell of trouble that lasts."""
        return Fault(
            label=self.settings.label,
            key=self.settings.key,
            channel=self.settings.channel,
            reason=trouble.reason,
            is_open=True,
            is_refused=trouble.is_refused,
            failing_for_s=trouble.lasts_s(now.s),
        )

    def _report(
        self, several: tuple[Waiting, ...], message: Message, outcome: Outcome, now: Now
    ) -> Report:
        return Report(
            destination=self.settings.label,
            key=self.settings.key,
            deliveries=tuple(map(_with_attempts, several)),
            message=message,
            outcome=outcome,
            attempt=max(each.attempts for each in several),
            latency_s=now.s - min(each.put_s for each in several),
        )


def _with_attempts(waiting: Waiting) -> Delivery:
    return attrs.evolve(waiting.delivery, attempts=waiting.attempts)
