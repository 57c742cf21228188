"""`channels:` into names, their URLs, and what people want of them."""

from collections.abc import Collection, Iterable, Iterator

import attrs

from alertd.config.delivery_checks import check_url
from alertd.config.mistakes import Place, WrongError, Wrongs
from alertd.config.structure import keys_of, sound_reader
from alertd.config.values import name, several, text
from alertd.config.wording import did_you_mean_or_all, few, shown
from alertd.config.written import WrittenChannel
from alertd.delivery.channel import Channel

_LONGEST_URL = 4_000
_MOST_URLS = 50
_SETTINGS = frozenset(keys_of(WrittenChannel)) - {"url", "urls"}
_read_long_form = sound_reader(WrittenChannel)


@attrs.frozen
class ChannelPlaces:
    """Where the parts of a channel stand that may not fit what is around it."""

    quiet: Place
    fallback: Place


def channel(key: str, value: object, known: Collection[str]) -> Channel:
    """Read a channel: the text of one URL, or a mapping with `url` or `urls` and what is wanted.

    `known` are the names of all channels. Raises `WrongError`, or a group of them.
    """
    name(key)
    if isinstance(value, str):
        return Channel(key, (_url(key, value),))
    if isinstance(value, list):
        raise WrongError("a list of URLs goes below `urls:`")
    written, found = _read_long_form(value)
    wrongs = Wrongs(found)
    urls = _urls_of(key, written, wrongs)
    if written.fallback is not None:
        wrongs.read("fallback", written.fallback, lambda _, it: _fallback(key, it, known))
    wrongs.raise_any()
    return Channel(
        key,
        urls or (),
        rate=written.rate,
        digest_over=written.digest_over,
        min_severity=written.min_severity,
        quiet=written.quiet,
        fallback=written.fallback,
        chart=written.chart,
    )


def known_channel(value: object, known: Collection[str]) -> str:
    """Read the name of a channel that is configured. Raises `WrongError` for any other."""
    word = name(value)
    if word not in known:
        raise WrongError(f"unknown channel {shown(word)}{did_you_mean_or_all(word, known)}")
    return word


def circles(channels: Iterable[Channel]) -> Iterator[tuple[str, str]]:
    """Yield where fallbacks lead back to where they began, each circle once.

    That is a channel of the circle, and what is wrong in words.
    """
    following = {it.name: it.fallback for it in channels}
    told: set[str] = set()
    for start in following:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in way and at not in told:
            way[at] = None
            at = following.get(at)
        told |= way.keys()
        if at in way:
            names = list(way)
            circle = names[names.index(at) :]
            yield circle[0], f"fallbacks go round in a circle: {few([*circle, circle[0]])}"


def _fallback(key: str, word: str, known: Collection[str]) -> str:
    if word == key:
        raise WrongError("a channel cannot stand in for itself")
    return known_channel(word, known)


def _urls_of(key: str, written: WrittenChannel, wrongs: Wrongs) -> tuple[str, ...] | None:
    match written.url, written.urls:
        case str(), None:
            url = wrongs.read("url", written.url, lambda _, it: _url(key, it))
            return (url,) if url is not None else None
        case None, tuple():
            return wrongs.read("urls", list(written.urls), lambda _, it: _urls(key, it))
    # An unknown key, or what is no URL, was meant for one of the two.
    if written.url is not None or all(wrong.path[0] in _SETTINGS for wrong in wrongs.found):
        wrongs.add("a channel has either `url` or `urls`", (), on_key=True)
    return None


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
