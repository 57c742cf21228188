"""A channel: a name that rules use, and the Apprise URLs behind it."""

import attrs


@attrs.frozen
class Channel:
    """One or more destinations under a name. The URLs hold secrets, so they are not in its repr."""

    name: str
    urls: tuple[str, ...] = attrs.field(repr=False)


class ChannelMistake(ValueError):  # noqa: N818 - it says whose fault it is
    """The config's mistake: a URL that Apprise cannot use. Its text never shows the URL."""
