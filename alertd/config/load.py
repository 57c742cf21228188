"""The configuration file and its rule files into a `Config`, or all their mistakes at once."""

import gc
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import TypeVar

import attrs

from alertd.config.addresses import secrets_in
from alertd.config.channels import channel
from alertd.config.document import Document, read_document
from alertd.config.files import state_folder
from alertd.config.findings import Findings
from alertd.config.mistakes import MistakesError, Path
from alertd.config.model import Config, Feed, Log, Market, Reloading
from alertd.config.rule_book import RuleBook
from alertd.config.secrets import Secrets, read_filled
from alertd.config.structure import reader
from alertd.config.values import mapping, member_of
from alertd.delivery.channel import Channel

_Value = TypeVar("_Value")

SECTIONS = ("market", "feed", "channels", "defaults", "rules", "log", "reload")
_SECTIONS_LATER = ("system", "journal", "keep", "record", "heartbeat", "http")

_MOST_CHANNELS = 200

_read_market = member_of(Market)
_read_feed = reader(Feed)
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
        market = self._read(("market",), sections.get("market", "usdm"), _read_market)
        feed = self._read(("feed",), sections.get("feed", {}), _read_feed)
        log = self._read(("log",), sections.get("log", {}), _read_log)
        reload = self._read(("reload",), sections.get("reload", "off"), _read_reload)
        channels = self._channels(sections.get("channels", {}))
        book = RuleBook(self.path, channels, self.findings)
        defaults = book.read_layer(self.document, ("defaults",), sections.get("defaults", {}))
        if "rules" in sections:
            book.read_sources(self.document, sections["rules"], defaults)
        elif isinstance(self.document.data, dict):
            text = "`rules` is missing: the files of rules, like [rules/*.yaml]"
            self.findings.add(self.document, (), text)
        feed = feed or Feed()
        return Config(
            market=market or Market.USDM,
            feed=feed,
            channels=tuple(found for found in channels.values() if found is not None),
            rules=tuple(book.rules),
            log=log or Log(),
            reload=reload or Reloading.OFF,
            files=(self.path, *book.files),
            file_patterns=tuple(book.patterns),
            read_at_ns=self.read_at_ns,
            secrets=frozenset(self.secrets.found) | secrets_in(feed.proxy or ""),
            state_folder=state_folder(self.path, self.secrets.environment),
            rule_places=book.rule_places,
        )

    def _channels(self, value: object) -> dict[str, Channel | None]:
        """Return the channels by name; None for one that has mistakes, so that it is known."""
        path: Path = ("channels",)
        what = "names and their URLs"
        written = self.findings.read(self.document, path, value, lambda it: mapping(it, what)) or {}
        if len(written) > _MOST_CHANNELS:
            text = f"{len(written):,} channels: {_MOST_CHANNELS} are the most"
            self.findings.add(self.document, path, text, on_key=True)
            return dict.fromkeys(written)
        return {
            key: self._read((*path, key), item, lambda it, key=key: channel(key, it))  # type: ignore[misc]
            for key, item in written.items()
        }

    def _read(self, path: Path, value: object, read: Callable[[object], _Value]) -> _Value | None:
        """Read a part of the file in which secrets may stand."""
        return self.findings.read(
            self.document, path, value, lambda it: read_filled(it, read, self.secrets)
        )


@contextmanager
def without_collector() -> Generator[None]:
    """Keep the garbage collector from walking what only grows, again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
