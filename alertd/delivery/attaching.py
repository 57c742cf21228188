"""How services take a picture: within the message, after it, or not at all."""

import html
from types import MappingProxyType

import attrs
from apprise import NotifyBase
from apprise.apprise_attachment import AppriseAttachment
from apprise.attachment.memory import AttachMemory
from apprise.plugins.slack import NotifySlack, SlackMode

_ANY_LENGTH = 1_000_000
# For the markup that Apprise puts around a title, and between that and the text.
_MARKUP = 40


@attrs.frozen
class Attaching:
    """Where a picture goes: within the message while its text is no longer than `within`, else `after` it.

    A picture that goes by itself `has_words` where the service takes none without. What goes within
    is given up after `patience_s`, for the text alone has yet to follow. `as_page` means that the
    service shows it below a text that is HTML.
    """

    within: int = 0
    after: bool = False
    has_words: bool = False
    patience_s: float = 10.0
    as_page: bool = False

    def goes_within(self, title: str, body: str) -> bool:
        """Tell whether the picture shares a message with this text."""
        return len(html.escape(title)) + len(html.escape(body)) + _MARKUP < self.within


# By Apprise's plug-in. A picture that is sent with its text must not be able to fail apart from it,
# for what is sent again would be told twice: where Apprise makes two requests of it, we send two.
# Telegram: a photo has a caption of up to 1,024 characters (core.telegram.org/bots/api#sendphoto).
# Discord: Apprise posts the text, and then the picture.
# Slack: only an app with a bot token may upload; Apprise posts a text first.
# Email: one mail has both, and shows the picture where the text is HTML. A mail server may take its
#   time to greet.
# JSON: `attachments` of the same document.
_ATTACHING = MappingProxyType(
    {
        "NotifyTelegram": Attaching(within=1024, after=True),
        "NotifyDiscord": Attaching(after=True),
        "NotifySlack": Attaching(after=True, has_words=True),
        "NotifyEmail": Attaching(within=_ANY_LENGTH, patience_s=20.0, as_page=True),
        "NotifyJSON": Attaching(within=_ANY_LENGTH),
    }
)


def attaching_of(service: NotifyBase) -> Attaching | None:
    """Return how a service takes a picture; None for one that takes none, or whose form is the user's."""
    if getattr(service, "template", None):
        return None
    # Apprise drops a webhook's pictures and reports success.
    if isinstance(service, NotifySlack) and service.mode is not SlackMode.BOT:
        return None
    return _ATTACHING.get(type(service).__name__)


def page_of(text: str) -> str:
    """Return a text as HTML that looks the same."""
    return html.escape(text).replace("\n", "<br>")


def attached(picture: bytes, symbol: str) -> AppriseAttachment:
    """Return a symbol's PNG as Apprise wants it."""
    # In headers of mails and of uploads other letters would need an encoding that not all know.
    name = symbol if symbol.isascii() else "chart"
    attachment = AppriseAttachment()
    png = AttachMemory(content=picture, name=f"{name}.png", mimetype="image/png")  # type: ignore[no-untyped-call]  # Apprise's
    attachment.add(png)
    return attachment
