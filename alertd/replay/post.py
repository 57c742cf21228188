"""The messages that a replay's alerts would have been, at each destination.

Theory of operation. They go through the very outboxes that the daemon has (rates, digests, quiet
hours), on a clock that is the market's own: an alert is put in at its ticker's time, and the outbox
is asked again whenever it says. Every message is taken at once; nothing is opened or contacted.
What a service would have answered is what nobody knows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from alertd.delivery.channel import Channel
from alertd.delivery.delivery import Delivery
from alertd.delivery.message import Message
from alertd.delivery.outbox import Outbox
from alertd.delivery.parcel import Parcel
from alertd.delivery.patience import Patience
from alertd.delivery.settings import Now, Settings
from alertd.engine.rule import Rule, Severity
from alertd.replay.addressees import settings_of
from alertd.replay.periods import Hour, NoisiestHour
from alertd.replay.replayed import Replayed

# Quiet hours come and go within a week; an hour more where the clock is changed, and a day for rates.
_AFTERMATH_S = 8 * 86_400


@attrs.frozen(kw_only=True)
class Sent:
    """What a destination would have been sent, and why that is not a message an alert.

    `alerts` were for it, and `unwanted` were not, being below the channel's `min_severity`.
    `messages` counts what is one to the service, `digests` those of them that told of several
    alerts, which were `merged` in all. `noisiest` is the hour with the most messages; `by_rule`
    says how many told of a rule. `given_up` alerts were too many to wait, and `held` ones were
    still waiting a week after the last alert.
    """

    label: str
    channel: str
    alerts: int
    unwanted: int
    messages: int
    digests: int
    merged: int
    given_up: int
    held: int
    noisiest: Hour | None
    by_rule: Mapping[str, int]


class Post:
    """Takes alerts in the order of time, and counts what each destination would have been sent."""

    def __init__(self, rules: Iterable[Rule], channels: Iterable[Channel]) -> None:
        """`channels` are those that are known: what a rule names beside them has usual settings."""
        known = {channel.name: channel for channel in channels}
        self._notify = {rule.name: tuple(dict.fromkeys(rule.notify)) for rule in rules}
        named = dict.fromkeys(name for notify in self._notify.values() for name in notify)
        order = (*(it for it in known if it in named), *(it for it in named if it not in known))
        self._boxes = {name: _boxes_of(known.get(name) or Channel(name, ())) for name in order}
        self._count = 0

    def take(self, alert: Replayed) -> None:
        """Have an alert sent to the channels of its rule."""
        self._count += 1
        message = Message(
            title=alert.title,
            body=alert.body,
            severity=Severity(alert.severity),
            rule=alert.rule,
            symbol=alert.symbol,
            time_ms=alert.time_ms,
            number=self._count,
        )
        delivery = Delivery(number=self._count, message=message, noted_ms=alert.time_ms)
        for name in self._notify[alert.rule]:
            for box in self._boxes[name]:
                box.put(delivery)

    def finish(self) -> tuple[Sent, ...]:
        """Send what waits, and return what each destination was sent, channel by channel."""
        return tuple(box.finish() for boxes in self._boxes.values() for box in boxes)


def _boxes_of(channel: Channel) -> list["_Box"]:
    return [_Box(settings, channel.min_severity) for settings in settings_of(channel)]


class _Box:
    """An outbox whose every message is taken, and what came out of it."""

    def __init__(self, settings: Settings, least: Severity) -> None:
        self._settings = settings
        self._least = least.rank
        self._outbox = Outbox(settings, patience=Patience())
        self._looks_s = 0.0
        self._alerts = self._unwanted = self._given_up = 0
        self._messages = self._digests = self._merged = 0
        self._noisiest = NoisiestHour()
        self._by_rule: Counter[str] = Counter()

    def put(self, delivery: Delivery) -> None:
        if delivery.message.severity.rank < self._least:
            self._unwanted += 1
            return
        now = Now(delivery.noted_ms / 1000, delivery.noted_ms)
        # What comes at the same time is put in before anything of it goes, as in the daemon.
        self._send_until(now.s)
        self._alerts += 1
        self._given_up += len(self._outbox.put(delivery, now))
        self._looks_s = now.s

    def _send_until(self, end_s: float) -> None:
        """Send what goes before that time."""
        while self._outbox and self._looks_s < end_s:
            now = Now(self._looks_s, round(self._looks_s * 1000))
            step = self._outbox.next(now)
            if step.parcel is None:
                self._looks_s = step.again_s
            else:
                self._outbox.finished(None, now, draw=0.0)
                self._add(step.parcel, now)

    def _add(self, parcel: Parcel, now: Now) -> None:
        self._messages += parcel.requests
        self._noisiest.add(now.ms, parcel.requests)
        self._by_rule.update({each.delivery.message.rule for each in parcel.several})
        if parcel.is_digest:
            self._digests += 1
            self._merged += len(parcel.several)

    def finish(self) -> Sent:
        self._send_until(self._looks_s + _AFTERMATH_S)
        return Sent(
            label=self._settings.label,
            channel=self._settings.channel,
            alerts=self._alerts,
            unwanted=self._unwanted,
            messages=self._messages,
            digests=self._digests,
            merged=self._merged,
            given_up=self._given_up,
            held=len(self._outbox),
            noisiest=self._noisiest.most,
            by_rule=dict(self._by_rule),
        )
