"""What services bear: how many messages, and how long one may be."""

from types import MappingProxyType

import attrs
from apprise import NotifyBase

from alertd.rate import Rate


@attrs.frozen
class Limits:
    """How many characters of plain text are sure to fit into one message of a service."""

    title: int
    body: int


# By Apprise's plug-in; each is the service's own figure:
# Telegram: to one chat 1 a second, to a group 20 a minute (core.telegram.org/bots/faq, "My bot is
#   hitting limits").
# Slack: 1 a second for a webhook, and for a channel (docs.slack.dev/apis/web-api/rate-limits).
# Discord: 5 in 2 seconds for a webhook, as its answers' X-RateLimit headers say, and 30 a minute for
#   the channel behind it.
# Email: providers publish what they take in a day; none minds 20 a minute.
_RATES = MappingProxyType(
    {
        "NotifyTelegram": (Rate(1, 1), Rate(20, 60)),
        "NotifySlack": (Rate(1, 1),),
        "NotifyDiscord": (Rate(5, 2), Rate(30, 60)),
        "NotifyEmail": (Rate(1, 1), Rate(20, 60)),
    }
)
_OTHERS_RATES = (Rate(1, 1), Rate(60, 60))


def rates_of(service: NotifyBase) -> tuple[Rate, ...]:
    """Return how many messages the service takes, in several windows."""
    return _RATES.get(type(service).__name__, _OTHERS_RATES)


_TITLE = 200


def limits_of(service: NotifyBase) -> Limits:
    """Return what surely fits into one message of the service, whatever is in it."""
    return Limits(title=_TITLE, body=max(100, service.body_maxlen - _TITLE - 2))
