"""The configuration file and its rule files into a `Config`, or all their mistakes at once."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path as FilePath
from typing import TypeVar

import attrs

from alertd.collector import without_collector
from alertd.config.addresses import heartbeat_secrets, secrets_in
from alertd.config.channels import ChannelPlaces, channel, circles, known_channel
from alertd.config.document import Document, read_document
from alertd.config.files import JOURNAL, below_base, journal_name, state_folder
from alertd.config.findings import Findings
from alertd.config.mistakes import MistakesError, Path
from alertd.config.model import Config, Feed, Log, Market, Record, Reloading
from alertd.config.quantities import duration_between
from alertd.config.rule_book import RuleBook
from alertd.config.secrets import Secrets, read_filled
from alertd.config.sections import read_feed, read_heartbeat, read_record
from alertd.config.structure import reader
from alertd.config.values import mapping, member_of, several
from alertd.delivery.channel import Channel
from alertd.engine.words import UNITS_MS

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")

SECTIONS = (
    *(
        "market",
        "feed",
        "channels",
        "system",
        "defaults",
        "rules",
        "journal",
        "keep",
        "record",
        "heartbeat",
    ),
    *("log", "reload"),
)
_SECTIONS_LATER = ("http",)
KEEP_MS = 90 * UNITS_MS["d"]

_MOST_CHANNELS = 200

_read_market = member_of(Market)
_read_keep = duration_between("1d", "366d")
_read_log = reader(Log)
_read_reload = member_of(Reloading)


def load_config(path: FilePath, *, environment: Mapping[str, str]) -> Config:
    """Return what the file at `path` and its rule files configure.

    `${NAME}` is looked up in the folder that CREDENTIALS_DIRECTORY names in `environment`, then in
    `environment`. Raises `MistakesError` with every mistake of every file.
    """
    read_at_ns = time.time_ns()
    with without_collector():
        loader = _Loader(path, read_at_ns, Secrets(environment), read_document(path))
        config = loader.config()
    if loader.findings.mistakes:
        raise MistakesError(loader.findings.mistakes)
    return config


@attrs.frozen
class _Loader:
    """Reads the sections; a mistake stops nothing, so that all of them are found."""

    path: FilePath
    read_at_ns: int
    secrets: Secrets
    document: Document
    findings: Findings = attrs.field(factory=Findings)

    def config(self) -> Config:
        sections = self.findings.sections(
            self.document, (), self.document.data, SECTIONS, _SECTIONS_LATER
        )
        section = partial(self._section, sections)
        feed = section("feed", read_feed, Feed())
        heartbeat = section("heartbeat", read_heartbeat, None)
        channels = self._channels(sections.get("channels", {}))
        environment = self.secrets.environment
        book = RuleBook(self.path, channels, self.findings)
        defaults = book.read_layer(self.document, ("defaults",), sections.get("defaults", {}))
        if "rules" in sections:
            book.read_sources(self.document, sections["rules"], defaults)
        elif isinstance(self.document.data, dict):
            text = "`rules` is missing: the files of rules, like [rules/*.yaml]"
            self.findings.add(self.document, (), text)
        own_secrets = secrets_in(feed.proxy or "")
        if heartbeat is not None:
            own_secrets |= heartbeat_secrets(heartbeat.url)
        return Config(
            market=section("market", _read_market, Market.USDM),
            feed=feed,
            channels=tuple(found for found in channels.values() if found is not None),
            rules=tuple(book.rules),
            log=section("log", _read_log, Log()),
            reload=section("reload", _read_reload, Reloading.OFF),
            journal=below_base(section("journal", journal_name, JOURNAL), self.path, environment),
            keep_ms=section("keep", _read_keep, KEEP_MS),
            system=section("system", several(lambda it: known_channel(it, channels)), ()),
            record=self._record(section("record", read_record, None)),
            heartbeat=heartbeat,
            files=(self.path, *book.files),
            file_patterns=tuple(book.patterns),
            read_at_ns=self.read_at_ns,
            secrets=frozenset(self.secrets.found) | own_secrets,
            state_folder=state_folder(self.path, environment),
            channel_places={name: self._places(name) for name in channels},
            rule_places=book.rule_places,
        )

    def _record(self, record: Record | None) -> Record | None:
        if record is None or record.folder is None:
            return None
        folder = below_base(record.folder, self.path, self.secrets.environment)
        return attrs.evolve(record, folder=folder)

    def _channels(self, value: object) -> dict[str, Channel | None]:
        """Return the channels by name; None for one that has mistakes, so that it is known."""
        path: Path = ("channels",)
        what = "names and their URLs"
        written = self.findings.read(self.document, path, value, lambda it: mapping(it, what)) or {}
        if len(written) > _MOST_CHANNELS:
            text = f"{len(written):,} channels: {_MOST_CHANNELS} are the most"
            self.findings.add(self.document, path, text, on_key=True)
            return dict.fromkeys(written)
        channels = {
            key: self._read((*path, key), item, lambda it, key=key: channel(key, it, written))  # type: ignore[misc]
            for key, item in written.items()
        }
        for key, text in circles(filter(None, channels.values())):
            self.findings.add(self.document, (*path, key, "fallback"), text)
        return channels

    def _places(self, channel: str) -> ChannelPlaces:
        quiet, fallback = (
            self.document.place(("channels", channel, key)) for key in ("quiet", "fallback")
        )
        return ChannelPlaces(quiet, fallback)

    def _section(
        self,
        sections: Mapping[str, object],
        key: str,
        read: Callable[[object], _Value],
        default: _Default,
    ) -> _Value | _Default:
        """Return a section; its default where it is not there, or has mistakes."""
        if key not in sections:
            return default
        found = self._read((key,), sections[key], read)
        return default if found is None else found

    def _read(self, path: Path, value: object, read: Callable[[object], _Value]) -> _Value | None:
        """Read a part of the file in which secrets may stand."""
        return self.findings.read(
            self.document, path, value, lambda it: read_filled(it, read, self.secrets)
        )
