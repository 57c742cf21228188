"""A channel: a name that rules use, the Apprise URLs behind it, and what people want of it."""

from datetime import tzinfo

import attrs

from alertd.engine.hours import Hours
from alertd.engine.rule import Severity
from alertd.rate import Rate

DIGEST_OVER = 5
PICTURE_SPAN_MS = 6 * 3_600_000


@attrs.frozen
class Quiet:
    """Hours in which alerts below a severity wait for their end."""

    hours: Hours
    allow: Severity = Severity.CRITICAL


@attrs.frozen
class Charting:
    """Whether a picture goes along with an alert whose rule says nothing of it, and what it shows.

    That is the last `span_ms`, with the times of a `zone`; None for the one of the quiet hours,
    else the machine's.
    """

    is_wanted: bool = False
    span_ms: int = PICTURE_SPAN_MS
    zone: tzinfo | None = None


NO_PICTURES = Charting()


@attrs.frozen
class Channel:
    """One or more destinations under a name. The URLs hold secrets, so they are not in its repr.

    `rate` is None for what the service is known to bear. When more than `digest_over` alerts wait,
    they go as one message. Alerts below `min_severity` are not for it. `fallback` is the channel
    that takes over what this one refuses, or has not taken for a while.
    """

    name: str
    urls: tuple[str, ...] = attrs.field(repr=False)
    rate: Rate | None = None
    digest_over: int = DIGEST_OVER
    min_severity: Severity = Severity.INFO
    quiet: Quiet | None = None
    fallback: str | None = None
    chart: Charting = NO_PICTURES

    @property
    def zone(self) -> tzinfo | None:
        """Whose clock its pictures show; None for the machine's."""
        return self.chart.zone or (self.quiet.hours.zone if self.quiet else None)


class ChannelMistake(ValueError):  # noqa: N818 - it says whose fault it is
    """The config's mistake: a URL that Apprise cannot use. Its text never shows the URL."""
