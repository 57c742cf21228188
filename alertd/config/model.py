"""The configuration, read and checked: what the daemon runs on."""

import enum
from pathlib import Path
from typing import ClassVar

import attrs

from alertd.config.addresses import venue_url
from alertd.config.quantities import Rate, duration_between, rate
from alertd.config.structure import key
from alertd.config.values import member_of
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule
from alertd.market.feed.feed import Shape
from alertd.market.venue import USDM


class Market(enum.Enum):
    """Which of the exchange's markets is watched."""

    USDM = "usdm"


class LogLevel(enum.Enum):
    """From which weight on the log is written, in rising order."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(enum.Enum):
    """How a line of the log looks; auto is the daemon's own choice by where it runs."""

    AUTO = "auto"
    TEXT = "text"


@attrs.frozen
class Feed:
    """Where the tickers come from, over which connections, and how they are watched.

    `connect_rate` is over all symbols; `stale_after_ms` is the most silence taken for quiet before
    it is looked into.
    """

    LATER: ClassVar = ("rest_url", "alert_after", "proxy")

    url: str = key(venue_url, default=USDM.stream_url, repr=False)
    connections: Shape = key(member_of(Shape), default=Shape.AUTO)
    connect_rate: Rate = key(rate, default=Rate(1, 1))
    stale_after_ms: int = key(duration_between("5s", "10m"), default=30_000, name="stale_after")


@attrs.frozen
class Log:
    """What is logged, and how."""

    level: LogLevel = key(member_of(LogLevel), default=LogLevel.INFO)
    format: LogFormat = key(member_of(LogFormat, later=("journal", "json")), default=LogFormat.AUTO)


@attrs.frozen(kw_only=True)
class Config:
    """All that was configured. Rules are in the order of their files, names are unique.

    `files` are those that were read, the configuration file first; `secrets` are all texts that
    may never be printed.
    """

    market: Market
    feed: Feed
    channels: tuple[Channel, ...]
    rules: tuple[Rule, ...]
    log: Log
    files: tuple[Path, ...]
    secrets: frozenset[str] = attrs.field(repr=False)

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols that an enabled rule watches, each once, in the order of the alphabet."""
        enabled = [rule for rule in self.rules if rule.enabled]
        return tuple(sorted({s for rule in enabled for s in rule.symbols if s not in rule.exclude}))
