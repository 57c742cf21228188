"""What is told of the feed: frozen records, for the log, the status and whoever else watches it."""

import attrs

from alertd.market.feed.faults import Fault


@attrs.frozen
class Streaming:
    """A symbol's first ticker since it was not seen has come: only now is it known to be seen."""

    symbol: str


@attrs.frozen
class Disconnected:
    """Symbols are not seen: why, how often in a row, and in how many seconds it is tried again."""

    symbols: tuple[str, ...]
    fault: Fault
    failures: int
    retry_in_s: float


@attrs.frozen
class Quiet:
    """Symbols send nothing, for longer than their pace explains, on a connection that is well."""

    symbols: tuple[str, ...]
    silent_s: float
    likely: str


@attrs.frozen
class Renewed:
    """Symbols go on over a new connection that was opened before their old one's time was over."""

    symbols: tuple[str, ...]


@attrs.frozen
class BadFrame:
    """A frame was skipped; `count` is how many of this connection's symbols' have been."""

    symbols: tuple[str, ...]
    reason: str
    count: int


@attrs.frozen
class LateTicker:
    """A ticker no newer than the one before was skipped; `count` is how many have been.

    Two connections overlap while one takes over from the other, so some are always to be expected.
    """

    symbol: str
    count: int


@attrs.frozen
class TurnedBack:
    """A symbol's event time went far back, and on from there: another market, or a mended clock."""

    symbol: str
    from_ms: int
    to_ms: int


FeedEvent = TurnedBack | Streaming | Disconnected | Quiet | Renewed | BadFrame | LateTicker
