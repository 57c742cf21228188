"""The configuration, read and checked: what the daemon runs on."""

import enum
from collections.abc import Mapping
from pathlib import Path

import attrs

from alertd.config.addresses import heartbeat_url, proxy_url, rest_url, stream_url
from alertd.config.channels import ChannelPlaces
from alertd.config.files import folder_name
from alertd.config.quantities import duration_between, rate
from alertd.config.rules import RulePlaces
from alertd.config.structure import key
from alertd.config.values import member_of
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule
from alertd.logs.opening import LogFormat
from alertd.market.feed.feed import Shape
from alertd.market.venue import VENUES, Venue
from alertd.rate import Rate


class Market(enum.Enum):
    """Which of the exchange's markets is watched."""

    USDM = "usdm"
    COINM = "coinm"
    SPOT = "spot"


class LogLevel(enum.Enum):
    """From which weight on the log is written, in rising order."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Reloading(enum.Enum):
    """Whether files that have changed are read anew of themselves, or only when that is asked for."""

    OFF = "off"
    AUTO = "auto"


@attrs.frozen
class Feed:
    """Where the tickers come from, over which connections, and how they are watched.

    `url` and `rest_url` are None where the market's own addresses serve; without `proxy` those of
    the environment do. `connect_rate` is over all symbols; `stale_after_ms` is the most silence
    taken for quiet before it is looked into. A feed that has been blind for `alert_after_ms` is
    worth a system alert; that is never less than `stale_after_ms`.
    """

    url: str | None = key(stream_url, repr=False)
    rest_url: str | None = key(rest_url, repr=False)
    connections: Shape = key(member_of(Shape), default=Shape.AUTO)
    connect_rate: Rate = key(rate, default=Rate(1, 1))
    stale_after_ms: int = key(duration_between("5s", "10m"), default=30_000, name="stale_after")
    alert_after_ms: int = key(duration_between("5s", "1h"), default=60_000, name="alert_after")
    proxy: str | None = key(proxy_url, repr=False)

    def venue(self, market: Market) -> Venue:
        """Return a market at these addresses."""
        venue = VENUES[market.value]
        return attrs.evolve(
            venue,
            stream_url=self.url or venue.stream_url,
            rest_url=self.rest_url or venue.rest_url,
        )


@attrs.frozen
class Heartbeat:
    """Which address is called, and how often, while all is well. Its path is a secret."""

    url: str = key(heartbeat_url, default="", repr=False)
    every_ms: int = key(duration_between("10s", "1h"), default=60_000, name="every")


@attrs.frozen
class Record:
    """Into which folder the tickers are recorded, and for how long they are kept; None: for ever."""

    folder: Path | None = key(folder_name)
    keep_ms: int | None = key(duration_between("1h", "366d"), name="keep")


@attrs.frozen
class Log:
    """What is logged, and how."""

    level: LogLevel = key(member_of(LogLevel), default=LogLevel.INFO)
    format: LogFormat = key(member_of(LogFormat), default=LogFormat.AUTO)


@attrs.frozen(kw_only=True)
class Config:
    """All that was configured. Rules are in the order of their files, names are unique.

    `files` are those that were read, from `read_at_ns` on (since 1970), the configuration file
    first; `file_patterns` say which those of rules are. `secrets` are all texts that may never be
    printed; `state_folder` is where alertd may keep files, and `journal` the file that outlives
    it, with what happened in the last `keep_ms`. `system` names the channels by which alertd
    speaks of itself; `record` is None where nothing is recorded. `channel_places` and `rule_places` are by the name of the channel or the
    rule.
    """

    market: Market
    feed: Feed
    channels: tuple[Channel, ...]
    rules: tuple[Rule, ...]
    log: Log
    reload: Reloading
    journal: Path
    keep_ms: int
    system: tuple[str, ...]
    record: Record | None
    heartbeat: Heartbeat | None
    files: tuple[Path, ...]
    file_patterns: tuple[str, ...]
    read_at_ns: int
    secrets: frozenset[str] = attrs.field(repr=False)
    state_folder: Path
    channel_places: Mapping[str, ChannelPlaces] = attrs.field(repr=False)
    rule_places: Mapping[str, RulePlaces] = attrs.field(repr=False)

    @property
    def venue(self) -> Venue:
        """The market that is watched, at the addresses that were configured for it."""
        return self.feed.venue(self.market)
