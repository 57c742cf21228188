"""What the configuration asks of delivery: whether a URL and a template can be used."""

import attrs

from alertd.config.mistakes import WrongError
from alertd.config.wording import Filled
from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.destination import Destination, destinations_of
from alertd.delivery.language import TemplateMistake
from alertd.delivery.template import Trial
from alertd.rate import Rate


def check_url(channel: str, url: str) -> None:
    """Check that Apprise can use a channel's URL. Raises `WrongError`, which does not show it."""
    try:
        Destination(channel, url)
    except ChannelMistake as mistake:
        # Delivery's words name the scheme, which is a secret where one was filled in there.
        if isinstance(url, Filled) and _scheme(url) != _scheme(url.written):
            raise WrongError("what is filled in here is no URL that Apprise can use") from None
        raise WrongError(str(mistake)) from None


def _scheme(url: str) -> str:
    return url.partition("://")[0]


@attrs.frozen
class Service:
    """What is behind a URL of a channel, and the most that it is sent; nothing secret is in it."""

    name: str
    rate: Rate
    takes_pictures: bool


def services_of(channel: Channel) -> list[Service]:
    """Return what is behind a channel's URLs, in their order."""
    prefix = f"{channel.name}: "
    return [
        Service(
            it.label.removeprefix(prefix),
            channel.rate or max(it.rates, key=_window),
            takes_pictures=it.attaching is not None,
        )
        for it in destinations_of(channel)
    ]


def _window(rate: Rate) -> int:
    return rate.seconds


def check_template(text: str, trial: Trial) -> None:
    """Check that a rule's template can be rendered. Raises `WrongError`."""
    try:
        trial.check(text)
    except TemplateMistake as mistake:
        where = f"line {mistake.line} of the template: " if "\n" in text.rstrip("\n") else ""
        raise WrongError(f"{where}{mistake}") from None
