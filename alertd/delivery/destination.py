"""A destination: one Apprise URL, to which messages are sent one at a time."""

import difflib
import hashlib
import logging
from typing import Any

import attrs
from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, OverflowMode
from apprise.manager_plugins import NotificationManager
from apprise.result import NotifyAttempt

from alertd.delivery.apprise_log import own_apprise_log, unheard
from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.failure import Failure, failure_of
from alertd.delivery.message import Message
from alertd.delivery.secrets import Scrubber, secrets_of
from alertd.delivery.services import limits_of, rates_of
from alertd.engine.rule import Severity

# For connecting and for each read, in seconds. Apprise's 4 are short: what times out is sent again,
# and a service that had only been slow then shows it twice.
_TIMEOUT_S = 10.0
# What a URL may set for itself (`cto`, `rto`, `overflow`), and our defaults where it does not. A text
# over the service's limit would else be left to the service to refuse.
_DEFAULTS = {
    "socket_connect_timeout": _TIMEOUT_S,
    "socket_read_timeout": _TIMEOUT_S,
    "overflow_mode": OverflowMode.SPLIT,
}
# Apprise sleeps between two sends of a service, 5.5 s by default: longer than a drain may take.
_MOST_THROTTLE_S = 1.0

_LONGEST_SCHEME = 40  # is told
# Of a hash of the URL: enough to tell a channel's destinations apart, too few to find the URL again.
_KEY_DIGITS = 12

_TYPES = {
    Severity.INFO: NotifyType.INFO,
    Severity.WARNING: NotifyType.WARNING,
    Severity.CRITICAL: NotifyType.FAILURE,
}


class Destination:
    """One service and account. Apprise's throttles are not thread-safe: one send at a time.

    `label` may be printed (`phone: Telegram`); its `url` may not, nor the `secrets` in it. `key` is
    its name in the journal, the same over restarts. `limits` say what fits into one message of the
    service, `rates` how many of them it takes. Raises `ChannelMistake` for a URL that Apprise cannot use.
    """

    def __init__(self, channel: str, url: str, *, number: int = 1) -> None:
        own_apprise_log()
        service = _open(url)
        suffix = f" {number}" if number > 1 else ""
        self.label = f"{channel}: {service.service_name}{suffix}"
        self.key = f"{channel}/{hashlib.sha256(url.encode()).hexdigest()[:_KEY_DIGITS]}"
        self.limits = limits_of(service)
        self.rates = rates_of(service)
        self.secrets = secrets_of(url, service)
        self.url = url
        self._scrubber = Scrubber.of(self.secrets)
        self._apprise = _notifier(service)

    def renew(self) -> None:
        """Use a fresh Apprise object from now on: a thread that was given up may hold the old."""
        self._apprise = _notifier(_open(self.url))

    def send(self, message: Message) -> Failure | None:
        """Send, and block until the service took the message (None) or failed.

        Call it in a thread; it lasts about 20 s a request at the most, unless the host name's
        look-up hangs or the answer trickles.
        """
        result = self._apprise.notify(
            title=message.title,
            body=message.body,
            notify_type=_TYPES[message.severity],
            # The plug-in escapes plain text for its own markup.
            body_format=NotifyFormat.TEXT,
            log_level=logging.DEBUG,
        )
        attempts = [attempt for service in result for attempt in service]
        # Not by the result's own status: with `?optional=yes` that is a success in any case.
        if any(attempts):
            return None
        failure = failure_of(*_log_of(attempts))
        return attrs.evolve(failure, reason=self._scrubber.scrub(failure.reason))


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


def _log_of(attempts: list[NotifyAttempt]) -> tuple[list[str], list[str]]:
    """Return what was logged as warnings or worse, and the rest."""
    entries = [entry for attempt in attempts for entry in attempt]
    loud = ("WARNING", "ERROR", "CRITICAL")
    warnings = [entry.message for entry in entries if entry.level in loud]
    return warnings, [entry.message for entry in entries if entry.level not in loud]


def _asset() -> AppriseAsset:
    return AppriseAsset(
        app_id="alertd",
        app_desc="alertd",
        app_url="",
        # Send in the thread that calls, and wait there: Apprise's own pool has threads that a
        # process waits for when it ends, and its deadline does not stop them. Ours are daemonic.
        async_mode=False,
        service_timeout=0,
        # Slack would show its pictures.
        image_url_mask="",
        image_url_logo="",
    )


def _open(url: str) -> NotifyBase:
    with unheard():
        service = Apprise.instantiate(url, asset=_asset())
    if service is None:
        raise ChannelMistake(_what_is_wrong(url))
    service.request_rate_per_sec = min(service.request_rate_per_sec, _MOST_THROTTLE_S)
    for name, value in _DEFAULTS.items():
        # What the URL sets is the object's own; what it does not is its class's.
        if name not in vars(service):
            setattr(service, name, value)
    return service


def _notifier(service: NotifyBase) -> Apprise:
    notifier = Apprise(asset=service.asset)
    notifier.add(service)
    return notifier


def _what_is_wrong(url: str) -> str:
    plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]  # Apprise's
    scheme, separator, _ = url.partition("://")
    scheme = scheme[:_LONGEST_SCHEME].lower()
    if not separator:
        return "not an Apprise URL: it has no '://' (a Telegram one is tgram://TOKEN/CHAT)"
    if scheme in plugins:
        plugin = plugins[scheme]
        shapes = sorted(plugin.templates, key=len)[:2]
        known = " or ".join(shape.replace("{schema}", scheme) for shape in shapes)
        return (
            f"{plugin.service_name} cannot use this URL: it takes {known}; see {plugin.setup_url}"
        )
    close = difflib.get_close_matches(scheme, plugins.schemas(), n=1)
    suggestion = f" (did you mean {close[0]}://?)" if close else ""
    return f"no service has {scheme}:// URLs{suggestion}"
