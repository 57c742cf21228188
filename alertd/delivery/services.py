"""What services bear: how many messages, and how long one may be."""

from types import MappingProxyType

import attrs
from apprise import NotifyBase, NotifyFormat

from alertd.rate import Rate

_SECOND, _MINUTE, _DAY = 1, 60, 86_400

# By Apprise's plug-in; each is the service's own figure:
# Telegram: to one chat 1 a second, to a group 20 a minute (core.telegram.org/bots/faq, "My bot is
#   hitting limits, how do I avoid this?").
# Slack: 1 a second for a webhook, and for a channel (docs.slack.dev/apis/web-api/rate-limits).
# Discord: 5 in 2 seconds for a webhook, by its answers' X-RateLimit headers, which are the
#   published limit (discord.com/developers/docs/topics/rate-limits), and 30 a minute for the
#   channel behind it.
# Matrix: 10 at once and then one in 5 seconds, Synapse's default (`rc_message`).
# ntfy: 60 at once and then one in 5 seconds (docs.ntfy.sh/publish/#limitations).
_RATES = MappingProxyType(
    {
        "NotifyTelegram": (Rate(1, _SECOND), Rate(20, _MINUTE)),
        "NotifySlack": (Rate(1, _SECOND), Rate(60, _MINUTE)),
        "NotifyDiscord": (Rate(5, 2 * _SECOND), Rate(30, _MINUTE)),
        "NotifyEmail": (Rate(1, _SECOND), Rate(20, _MINUTE)),
        "NotifyMatrix": (Rate(1, _SECOND), Rate(10, _MINUTE)),
        "NotifyNtfy": (Rate(1, _SECOND), Rate(12, _MINUTE)),
    }
)
_OTHERS_RATES = (Rate(1, _SECOND), Rate(60, _MINUTE))
# A mail server of one's own has no limit, Gmail has: 500 mails a day
# (support.google.com/mail/answer/22839).
_GMAIL = (*_RATES["NotifyEmail"], Rate(500, _DAY))


def rates_of(service: NotifyBase) -> tuple[Rate, ...]:
    """Return how many messages the service takes, in windows from the shortest to the longest."""
    if getattr(service, "smtp_host", None) == "smtp.gmail.com":
        return _GMAIL
    return usual_rates(type(service).__name__)


def usual_rates(plugin: str) -> tuple[Rate, ...]:
    """Return those of a service of which no more is known than its plug-in's name, if that."""
    return _RATES.get(plugin, _OTHERS_RATES)


@attrs.frozen
class Limits:
    """How many characters of plain text are sure to fit into one message, whatever they are."""

    title: int
    body: int

    def fit(self, title: str, body: str) -> tuple[str, str]:
        """Shorten a title that the service would cut or refuse; all of it then begins the text."""
        if len(title) <= self.title:
            return title, body
        return f"{title[: self.title - 1]}…", f"{title}\n\n{body}"

    def hold(self, title: str, body: str) -> bool:
        """Tell whether such a message is sure to fit."""
        return len(title) <= self.title and len(body) <= self.body


_TITLE = 200  # an alert's own is no longer
_LONGEST = 100_000  # where a service has no limit: longer texts would please nobody
# Where the title has no place of its own it goes above the text, with up to so much in between.
_BETWEEN = 32
# What a character, at the worst, becomes in the service's markup: `&` turns into `&amp;`, a line's
# end into `<br />` and two characters.
_GROWTH = MappingProxyType({NotifyFormat.TEXT: 1, NotifyFormat.MARKDOWN: 2, NotifyFormat.HTML: 8})
# Where Apprise's figure is not the service's. By its plug-in:
# Telegram: 4,096 after its markup is read (core.telegram.org/bots/api#sendmessage), code points and
#   not what UTF-16 makes of them (core.telegram.org/constructor/config, `message_length_max`).
# Slack: more than 4,000 are not advised (docs.slack.dev/reference/methods/chat.postMessage).
# ntfy: what has more than 8,000 bytes as JSON, where an emoji has 12, Apprise sends as a file.
# Email: a subject is one line, of 998 bytes at the most (RFC 5322, 2.1.1), in which an emoji has
#   15. A text may have any length.
_LIMITS = MappingProxyType(
    {
        "NotifyTelegram": Limits(_TITLE, 4096 - _TITLE - _BETWEEN),
        "NotifySlack": Limits(_TITLE, 4000),
        "NotifyNtfy": Limits(50, 600),
        "NotifyEmail": Limits(66, _LONGEST),
    }
)
# What any service takes that people chat on.
_USUAL = Limits(_TITLE, 1600)
# Discord: a URL that asks for markdown is sent embeds, and Slack's with `blocks=yes` a block, whose
#   text may have 3,000 characters, markup included
#   (docs.slack.dev/reference/block-kit/blocks/section-block).
_SLACKS_BLOCK = Limits(150, 3000 // 5)


def limits_of(service: NotifyBase) -> Limits:
    """Return what is sure to fit into one message of the service."""
    if getattr(service, "use_blocks", False):
        return _SLACKS_BLOCK
    return _LIMITS.get(type(service).__name__) or _by_apprise(service)


def usual_limits(plugin: str) -> Limits:
    """Return those of a service of which no more is known than its plug-in's name, if that."""
    return _LIMITS.get(plugin, _USUAL)


def _by_apprise(service: NotifyBase) -> Limits:
    """Return what fits by Apprise's figures, with its conversions taken at their worst."""
    growth = _GROWTH[service.resolve_format(NotifyFormat.TEXT)]
    shares_body = service.title_maxlen <= 0 or service.overflow_amalgamate_title
    most = service.body_maxlen // 4 if shares_body else service.title_maxlen
    title = min(_TITLE, service.title_maxlen or most, most // growth)
    room = service.body_maxlen - (title * growth + _BETWEEN if shares_body else 0)
    return Limits(title, min(_LONGEST, room // growth))
