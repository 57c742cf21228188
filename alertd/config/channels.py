"""`channels:` into names and their URLs."""

from alertd.config.delivery_checks import check_url
from alertd.config.mistakes import WrongError, read_each
from alertd.config.structure import reader
from alertd.config.values import name, several, text
from alertd.config.written import WrittenChannel
from alertd.delivery.channel import Channel

_read_long_form = reader(WrittenChannel)


def channel(key: str, value: object) -> Channel:
    """Read a channel: the text of one URL, or a mapping with `url` or `urls`.

    Raises `WrongError`, or a group of them.
    """
    name(key)
    if isinstance(value, str):
        return Channel(key, (_url(key, value),))
    if isinstance(value, list):
        raise WrongError("a list of URLs goes below `urls:`")
    written = _read_long_form(value)
    if (written.url is None) == (written.urls is None):
        raise WrongError("a channel has either `url` or `urls`", on_key=True)
    if written.url is not None:
        url = read_each([("url", written.url)], lambda _, it: _url(key, it))
        return Channel(key, tuple(url.values()))
    urls = read_each([("urls", list(written.urls or ()))], lambda _, it: _urls(key, it))
    return Channel(key, urls["urls"])


def _urls(key: str, urls: list[str]) -> tuple[str, ...]:
    if not urls:
        raise WrongError("no URL here")
    return several(lambda url: _url(key, url))(urls)


def _url(key: str, value: object) -> str:
    url = text(value)
    check_url(key, url)
    return url
