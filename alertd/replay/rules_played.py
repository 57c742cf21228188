"""The rules that are played, and the channels that they speak to: of a configuration, or of files beside it.

Whatever `alertd check` would say of rules is a mistake here too. What else is wrong with a
configuration is left to it: no secret is needed to play rules.
"""

import glob
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from alertd.collector import without_collector
from alertd.config.channels import channel
from alertd.config.document import Document, parse_document, read_document
from alertd.config.files import TESTS
from alertd.config.findings import Findings
from alertd.config.layers import Layer
from alertd.config.mistakes import Mistake, MistakesError, Place, WrongError
from alertd.config.rule_book import RuleBook
from alertd.config.secrets import Secrets, read_filled
from alertd.delivery.channel import Channel
from alertd.engine.rule import Rule

# What stands for a URL while the rest of its channel is read.
_ANY_URL = "json://localhost"


@attrs.frozen
class RulesPlayed:
    """Rules that are enabled, in their order, and all channels.

    A channel's URLs are as they are written where a secret is missing in them.
    """

    rules: tuple[Rule, ...]
    channels: tuple[Channel, ...]


def read_rules_played(
    config: Path | None, patterns: Sequence[str] = (), *, environment: Mapping[str, str]
) -> RulesPlayed:
    """Return the rules of `config`; with `patterns`, those of the files that these name instead.

    The configuration's defaults hold for them as well, and its channels are those that `notify` may
    name; without a configuration it may name any. Raises `MistakesError`.
    """
    if config is None:
        document = parse_document("{}", ", ".join(patterns))
    else:
        document = read_document(config)
    with without_collector():
        reader = _Reader(document, Secrets(environment))
        channels = reader.channels()
        rules = reader.rules(config, patterns, None if config is None else channels)
    if reader.findings.mistakes:
        raise MistakesError(reader.findings.mistakes)
    enabled = tuple(rule for rule in rules if rule.enabled)
    if not enabled:
        raise MistakesError([Mistake(Place(document.file), "none of the rules is enabled")])
    return RulesPlayed(enabled, tuple(filter(None, channels.values())))


@attrs.frozen
class _Reader:
    document: Document
    secrets: Secrets
    findings: Findings = attrs.field(factory=Findings)

    def channels(self) -> dict[str, Channel | None]:
        """Return the channels by their names; None for one with mistakes."""
        written = self._section("channels")
        return {name: self._channel(name, value, written) for name, value in written.items()}

    def _channel(self, name: str, value: object, known: Mapping[str, object]) -> Channel | None:
        def read(value: object) -> Channel:
            return read_filled(value, lambda it: channel(name, it, known), self.secrets)

        try:
            return read(value)
        except (WrongError, ExceptionGroup):
            urls, rest = _without_urls(value)
        found = self.findings.read(self.document, ("channels", name), rest, read)
        return found and attrs.evolve(found, urls=urls)

    def rules(
        self, config: Path | None, patterns: Sequence[str], channels: Mapping[str, object] | None
    ) -> Sequence[Rule]:
        book = RuleBook(config or Path(self.document.file), channels, self.findings)
        written = self._section("defaults")
        defaults = book.read_layer(self.document, ("defaults",), written)
        if patterns:
            self._read_files(book, patterns, defaults)
        elif isinstance(self.document.data, dict) and "rules" in self.document.data:
            book.read_sources(self.document, self.document.data["rules"], defaults)
        else:
            text = "`rules` is missing: the files of rules, like [rules/*.yaml]"
            self.findings.add(self.document, (), text)
        return book.rules

    def _read_files(self, book: RuleBook, patterns: Sequence[str], defaults: Layer) -> None:
        for pattern in patterns:
            files = _files(pattern)
            if not files:
                text = "no such file of rules"
                self.findings.mistakes.append(Mistake(Place(pattern), text))
            for file in files:
                book.read_file(file, defaults)

    def _section(self, name: str) -> dict[str, object]:
        data = self.document.data if isinstance(self.document.data, dict) else {}
        section = data.get(name)
        return section if isinstance(section, dict) else {}


def _files(pattern: str) -> list[Path]:
    """Return the files that a name, a folder or a glob stands for, but tests of rules."""
    path = Path(pattern)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(map(str, [*path.rglob("*.yaml"), *path.rglob("*.yml")]))
    else:
        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - pathlib's globs cannot be absolute
    return [Path(it) for it in found if not it.endswith(TESTS) and Path(it).is_file()]


def _without_urls(value: object) -> tuple[tuple[str, ...], object]:
    """Return a channel's URLs as they are written, and the channel with another one in their place."""
    match value:
        case str():
            return (value,), _ANY_URL
        case {"url": str(url), **rest}:
            return (url,), {"url": _ANY_URL, **rest}
        case {"urls": [*urls], **rest}:
            return tuple(it for it in urls if isinstance(it, str)), {"url": _ANY_URL, **rest}
    return (), value
