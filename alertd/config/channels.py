"""`channels:` into names and their URLs."""

from alertd.config.delivery_checks import check_url
from alertd.config.mistakes import WrongError, read_each, wrongs_in
from alertd.config.structure import sound_reader
from alertd.config.values import name, several, text
from alertd.config.written import WrittenChannel
from alertd.delivery.channel import Channel

_LONGEST_URL = 4_000
_MOST_URLS = 50
_read_long_form = sound_reader(WrittenChannel)


def channel(key: str, value: object) -> Channel:
    """Read a channel: the text of one URL, or a mapping with `url` or `urls`.

    Raises `WrongError`, or a group of them.
    """
    name(key)
    if isinstance(value, str):
        return Channel(key, (_url(key, value),))
    if isinstance(value, list):
        raise WrongError("a list of URLs goes below `urls:`")
    written, wrongs = _read_long_form(value)
    urls: tuple[str, ...] = ()
    try:
        urls = _urls_of(key, written, is_sound=not wrongs)
    except (WrongError, ExceptionGroup) as error:
        wrongs += wrongs_in(error)
    if wrongs:
        raise ExceptionGroup("wrong values", wrongs)
    return Channel(key, urls)


def _urls_of(key: str, written: WrittenChannel, *, is_sound: bool) -> tuple[str, ...]:
    if written.url is not None and written.urls is None:
        url = read_each([("url", written.url)], lambda _, it: _url(key, it))
        return tuple(url.values())
    if written.urls is not None and written.url is None:
        urls = read_each([("urls", list(written.urls))], lambda _, it: _urls(key, it))
        return urls["urls"]
    if is_sound or written.url is not None:
        raise WrongError("a channel has either `url` or `urls`", on_key=True)
    return ()


def _urls(key: str, urls: list[str]) -> tuple[str, ...]:
    if not urls:
        raise WrongError("no URL here")
    if len(urls) > _MOST_URLS:
        raise WrongError(f"a list of {len(urls):,}: {_MOST_URLS} are the most")
    return several(lambda url: _url(key, url))(urls)


def _url(key: str, value: object) -> str:
    url = text(value)
    if len(url) > _LONGEST_URL:
        raise WrongError(f"a URL of {len(url):,} characters: {_LONGEST_URL:,} are the most")
    check_url(key, url)
    return url
