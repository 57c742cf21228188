"""A destination: one Apprise URL, to which messages are sent one at a time."""

import hashlib
import logging

import attrs
from apprise import Apprise, NotifyBase, NotifyFormat, NotifyType, OverflowMode
from apprise.apprise_attachment import AppriseAttachment
from apprise.result import NotifyAttempt

from alertd.delivery.answers import answers_heard
from alertd.delivery.apprise_log import own_apprise_log
from alertd.delivery.attaching import attached, attaching_of, page_of
from alertd.delivery.channel import Channel
from alertd.delivery.diagnosis import failure_of
from alertd.delivery.failure import Failure
from alertd.delivery.message import Message
from alertd.delivery.opening import service_at
from alertd.delivery.secrets import Scrubber, secrets_of
from alertd.delivery.services import limits_of, rates_of
from alertd.engine.rule import Severity

# Of a hash of the URL: enough to tell a channel's destinations apart, too few to find the URL.
_KEY_DIGITS = 12
_LONGEST_REASON = 300

_TYPES = {
    Severity.INFO: NotifyType.INFO,
    Severity.WARNING: NotifyType.WARNING,
    Severity.CRITICAL: NotifyType.FAILURE,
}


class Destination:
    """One service and account. Apprise's throttles are not thread-safe: one send at a time.

    `label` may be printed (`phone: Telegram`); its `url` may not, nor the `secrets` in it. `key` is
    its name in the journal, the same over restarts. `limits` say what fits into one message of the
    service, `rates` how many of them it takes, `attaching` how it takes a picture, None where it does
    not. Raises `ChannelMistake` for a URL that Apprise cannot use.
    """

    def __init__(self, channel: str, url: str, *, number: int = 1) -> None:
        own_apprise_log()
        service = service_at(url)
        suffix = f" {number}" if number > 1 else ""
        self.label = f"{channel}: {service.service_name}{suffix}"
        self.key = f"{channel}/{hashlib.sha256(url.encode()).hexdigest()[:_KEY_DIGITS]}"
        self.limits = limits_of(service)
        self.rates = rates_of(service)
        self.attaching = attaching_of(service)
        self.secrets = secrets_of(url, service)
        self.url = url
        self._scrubber = Scrubber.of(self.secrets)
        self._overflow = service.overflow_mode
        self._apprise = _notifier(service)

    def renew(self) -> None:
        """Use a fresh Apprise object from now on: a thread that was given up may hold the old."""
        self._apprise = _notifier(service_at(self.url))

    def send(self, message: Message, picture: bytes | None = None) -> Failure | None:
        """Send, and block until the service took the message (None) or failed.

        A `picture`, a PNG, goes within the message: ask `attaching` whether it may. Call it in a
        thread; it lasts about 20 s a request at the most, unless the host name's look-up hangs or
        the answer trickles.
        """
        title, body = self.limits.fit(message.title, message.body)
        if picture is None:
            return self._notify(title, body, message.severity)
        within = attached(picture, message.symbol)
        if self.attaching is not None and self.attaching.as_page:
            page = page_of(body)
            return self._notify(title, page, message.severity, within, NotifyFormat.HTML)
        return self._notify(title, body, message.severity, within)

    def send_picture(self, message: Message, picture: bytes) -> Failure | None:
        """Send the picture of a message that the service took before, in the same way."""
        has_words = self.attaching is not None and self.attaching.has_words
        words = f"{message.symbol} {message.rule}" if has_words else ""
        return self._notify("", words, message.severity, attached(picture, message.symbol))

    def _notify(
        self,
        title: str,
        body: str,
        severity: Severity,
        attachment: AppriseAttachment | None = None,
        # The plug-in escapes plain text for its own markup.
        written_in: NotifyFormat = NotifyFormat.TEXT,
    ) -> Failure | None:
        notifier = self._apprise
        service = notifier[0]
        service.overflow_mode = self._overflow_of(title, body)
        with answers_heard() as answers:
            result = notifier.notify(
                title=title,
                body=body,
                notify_type=_TYPES[severity],
                body_format=written_in,
                attach=attachment,
                log_level=logging.DEBUG,
            )
        attempts = [attempt for part in result for attempt in part]
        # Not by the result's own status: with `?optional=yes` that is a success in any case.
        if any(attempts):
            return None
        # It may hold a broken connection, or, for MQTT, the message, to send it by itself later.
        self.renew()
        warnings, details = _log_of(attempts)
        failure = failure_of(type(service).__name__, answers, warnings=warnings, details=details)
        return attrs.evolve(failure, reason=_shortened(self._scrubber.scrub(failure.reason)))

    def _overflow_of(self, title: str, body: str) -> OverflowMode:
        """Split nothing that fits: Apprise counts what the service does not, as `&amp;` for `&`."""
        fits = self.limits.hold(title, body)
        splits = self._overflow is OverflowMode.SPLIT
        return OverflowMode.UPSTREAM if fits and splits else self._overflow


def channel_of(key: str) -> str:
    """Return the name of the channel of a destination with that key."""
    return key.rpartition("/")[0]


def destinations_of(channel: Channel) -> tuple[Destination, ...]:
    """Return the channel's destinations, labelled apart, one for each of its different URLs.

    Raises `ChannelMistake`.
    """
    opened: list[Destination] = []
    labels: list[str] = []
    for url in dict.fromkeys(channel.urls):
        destination = Destination(channel.name, url)
        labels.append(destination.label)
        number = labels.count(destination.label)
        opened.append(Destination(channel.name, url, number=number) if number > 1 else destination)
    return tuple(opened)


def _shortened(reason: str) -> str:
    """Cut what a service was long-winded about, once scrubbed: half a secret is not found."""
    return reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"


def _log_of(attempts: list[NotifyAttempt]) -> tuple[list[str], list[str]]:
    """Return what was logged as warnings or worse, and the rest."""
    entries = [entry for attempt in attempts for entry in attempt]
    loud = ("WARNING", "ERROR", "CRITICAL")
    warnings = [entry.message for entry in entries if entry.level in loud]
    return warnings, [entry.message for entry in entries if entry.level not in loud]


def _notifier(service: NotifyBase) -> Apprise:
    notifier = Apprise(asset=service.asset)
    notifier.add(service)
    return notifier
