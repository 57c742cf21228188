"""What the configuration asks of delivery: whether a URL and a template can be used."""

import attrs
import jinja2

from alertd.config.mistakes import WrongError
from alertd.engine.rule import Rule


@attrs.frozen
class Channel:
    """One or more destinations under a name. The URLs hold secrets, so they are not in its repr."""

    name: str
    urls: tuple[str, ...] = attrs.field(repr=False)


def check_url(channel: str, url: str) -> None:  # noqa: ARG001 - the channel labels its destinations
    """Check that a channel's URL can be used. Raises `WrongError`, which does not show it."""
    if "://" not in url:
        text = "not an Apprise URL: it has no '://' (a Telegram one is tgram://TOKEN/CHAT)"
        raise WrongError(text)


def services_of(channel: Channel) -> list[str]:
    """Return the names of the services behind a channel's URLs; nothing secret is in them."""
    return [url.partition("://")[0] for url in channel.urls]


def check_template(text: str, rule: Rule) -> None:
    """Check that a template of the rule can be used. Raises `WrongError`."""
    try:
        jinja2.Environment(autoescape=False).parse(text, name=rule.name)  # noqa: S701 - alerts are plain text
    except jinja2.TemplateSyntaxError as error:
        where = f"line {error.lineno} of the template: " if "\n" in text.rstrip("\n") else ""
        raise WrongError(f"{where}{str(error.message).rstrip('.')}") from None
