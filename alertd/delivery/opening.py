"""From an Apprise URL to the plug-in that sends there, or what is wrong with the URL."""

import difflib
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyBase, OverflowMode
from apprise.manager_plugins import NotificationManager
from apprise.plugins.email import NotifyEmail
from apprise.plugins.mqtt import NotifyMQTT

from alertd.delivery.apprise_log import unheard
from alertd.delivery.channel import ChannelMistake

# For connecting and for each read, in seconds. Apprise's 4 are short: what times out is sent again,
# and a service that had only been slow then shows it twice.
_TIMEOUT_S = 10.0
# What a URL may set for itself (`cto`, `rto`, `overflow`), and our defaults where it does not. A
# text over the service's limit would else be left to the service to refuse.
_DEFAULTS = {
    "socket_connect_timeout": _TIMEOUT_S,
    "socket_read_timeout": _TIMEOUT_S,
    "overflow_mode": OverflowMode.SPLIT,
}
# Apprise sleeps between two sends of a service, 5.5 s by default: longer than a drain may take.
_MOST_THROTTLE_S = 1.0

_LONGEST_SCHEME = 40  # is told


def service_at(url: str) -> NotifyBase:
    """Return the plug-in for the URL, with our defaults where the URL sets nothing.

    Raises `ChannelMistake`, which never shows the URL.
    """
    with unheard():
        service = Apprise.instantiate(url, asset=_asset())
    if service is None:
        raise ChannelMistake(_what_is_wrong(url))
    service.request_rate_per_sec = min(service.request_rate_per_sec, _MOST_THROTTLE_S)
    for name, value in _DEFAULTS.items():
        # What the URL sets is the object's own; what it does not is its class's.
        if name not in vars(service):
            setattr(service, name, value)
    if isinstance(service, NotifyEmail) and "inline=" not in url.lower():
        # A picture is shown where it belongs, and not only as a file below the text.
        service.inline = True
    if isinstance(service, NotifyMQTT) and "qos=" not in url.lower():
        # At Apprise's 0 the broker confirms nothing: what it did not get would count as delivered.
        service.qos = 1
    return service


def plugin_at(url: str) -> type[NotifyBase] | None:
    """Return the plug-in for URLs that begin like this one, whose rest may be anything, if there is one."""
    plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]  # Apprise's
    scheme = url.partition("://")[0].lower()
    if scheme not in plugins:
        return None
    plugin: type[NotifyBase] = plugins[scheme]
    return plugin


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


def _what_is_wrong(url: str) -> str:
    plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]  # Apprise's
    scheme, separator, _ = url.partition("://")
    scheme = scheme[:_LONGEST_SCHEME].lower()
    if not separator:
        return "not an Apprise URL: it has no '://' (a Telegram one is tgram://TOKEN/CHAT)"
    if scheme in plugins:
        plugin = plugins[scheme]
        if not plugin.enabled:
            return f"{plugin.service_name} needs {_packages_of(plugin)}, which is not installed"
        shapes = sorted(plugin.templates, key=len)[:2]
        known = " or ".join(shape.replace("{schema}", scheme) for shape in shapes)
        return (
            f"{plugin.service_name} cannot use this URL: it takes {known}; see {plugin.setup_url}"
        )
    close = difflib.get_close_matches(scheme, plugins.schemas(), n=1)
    suggestion = f" (did you mean {close[0]}://?)" if close else ""
    return f"no service has {scheme}:// URLs{suggestion}"


def _packages_of(plugin: Any) -> str:
    needed = plugin.requirements["packages_required"]
    return needed if isinstance(needed, str) else ", ".join(needed)
