"""The rules of all files, and of the configuration itself, gathered under their names."""

from collections.abc import Collection
from pathlib import Path as FilePath

import attrs

from alertd.config.document import Document, read_document
from alertd.config.files import rule_files
from alertd.config.findings import Findings
from alertd.config.layers import Layer
from alertd.config.mistakes import Mistake, MistakesError, Path, Place, WrongError
from alertd.config.rule_life import check_once
from alertd.config.rules import RulePlaces, build_rule, check_channels
from alertd.config.structure import sound_reader
from alertd.config.values import mapping, name
from alertd.config.wording import kind, shown
from alertd.config.written import WrittenRule
from alertd.engine.rule import Rule

_SECTIONS = ("defaults", "rules")
_MOST_SOURCES = 1_000
OWN_NAME = "alertd"  # stands in alerts about alertd itself where a rule's name would
_read_keys = sound_reader(WrittenRule)


@attrs.frozen
class RuleBook:
    """Reads rules, each name once; what is wrong goes to `findings`.

    `config` is the configuration file, `channels` are the names of the channels that there are;
    None where rules are read for themselves, without a configuration that says so.
    """

    config: FilePath
    channels: Collection[str] | None
    findings: Findings
    rules: list[Rule] = attrs.field(factory=list, init=False)
    files: list[FilePath] = attrs.field(factory=list, init=False)
    patterns: list[str] = attrs.field(factory=list, init=False)
    rule_places: dict[str, RulePlaces] = attrs.field(factory=dict, init=False)
    _known_files: set[object] = attrs.field(factory=set, init=False)
    _places: dict[str, Place] = attrs.field(factory=dict, init=False)

    def read_sources(self, document: Document, value: object, defaults: Layer) -> None:
        """Read the configuration's `rules`: patterns of files, and rules that stand in place."""
        sources = value if isinstance(value, list) else [value]
        if not sources:
            self.findings.add(document, ("rules",), "no rules: name files, like [rules/*.yaml]")
        if len(sources) > _MOST_SOURCES:
            text = (
                f"a list of {len(sources):,}: {_MOST_SOURCES:,} are the most, and * stands for many"
            )
            self.findings.add(document, ("rules",), text)
            return
        for index, source in enumerate(sources):
            path: Path = ("rules", index)
            if isinstance(source, dict):
                self._read_rules(document, path, source, defaults)
                continue
            for file in self.findings.read(document, path, source, self._files_of) or ():
                self.read_file(file, defaults)

    def read_layer(self, document: Document, path: Path, value: object) -> Layer:
        """Read the keys of a rule, or of `defaults`."""
        nothing = (WrittenRule(), None)
        keys, wrongs = self.findings.read(document, path, value, _read_keys) or nothing
        for wrong in wrongs or ():
            self.findings.add(document, path + wrong.path, wrong.text, on_key=wrong.on_key)
        layer = Layer(document, path, keys, is_sound=wrongs == [])
        check_channels(layer, self.channels, self.findings)
        check_once(layer, self.findings)
        return layer

    def _files_of(self, pattern: object) -> list[FilePath]:
        if not isinstance(pattern, str):
            raise WrongError(
                f"files of rules are expected here, like rules/*.yaml, not {kind(pattern)}"
            )
        found = rule_files(pattern, self.config)
        self.patterns.append(pattern)
        return found

    def read_file(self, file: FilePath, defaults: Layer) -> None:
        """Read a rule file, once however often it is named."""
        identity = _identity(file)
        if identity in self._known_files:
            return
        self._known_files.add(identity)
        self.files.append(file)
        try:
            document = read_document(file)
        except MistakesError as error:
            self.findings.mistakes.extend(error.mistakes)
            return
        self._read_rules(document, (), document.data, defaults)

    def _read_rules(self, document: Document, path: Path, value: object, defaults: Layer) -> None:
        """Read a rule file's mapping, wherever it stands."""
        sections = self.findings.sections(document, path, value, _SECTIONS)
        own = self.read_layer(document, (*path, "defaults"), sections.get("defaults", {}))
        if "rules" not in sections:
            if isinstance(value, dict):
                self.findings.add(document, path, "no rules here: they stand below `rules:`")
            return
        path = (*path, "rules")
        rules = self.findings.read(document, path, sections["rules"], _rules_by_name)
        for key, rule in (rules or {}).items():
            self._read_rule(document, (*path, key), rule, (own, defaults))

    def _read_rule(
        self, document: Document, path: Path, value: object, defaults: tuple[Layer, ...]
    ) -> None:
        key = str(path[-1])
        self._claim(key, document.place(path, on_key=True))
        self.findings.read(document, path, key, _rule_name)
        layer = self.read_layer(document, path, value)
        # One with mistakes is built as well: its sound keys may have mistakes between them.
        layers = (layer, *defaults)
        rule = build_rule(key, layers, self.findings, is_told=self.channels is not None)
        if rule is not None and layer.is_sound:
            self.rules.append(rule)
            self.rule_places[key] = RulePlaces.of(layers)

    def _claim(self, key: str, place: Place) -> None:
        """Note where a name stands, or that it was taken before."""
        first = self._places.setdefault(key, place)
        if first is not place:
            text = f"rule {shown(key)} stands at {first} already: a name is for one rule"
            self.findings.mistakes.append(Mistake(place, text))


def _identity(file: FilePath) -> object:
    """Return what two names of the same file have in common."""
    try:
        status = file.stat()
    except OSError:
        return file  # reading it will say what is the matter
    return status.st_dev, status.st_ino


def _rule_name(key: object) -> str:
    if key == OWN_NAME:
        text = f"{shown(key)} is the name by which alertd speaks of itself: choose another"
        raise WrongError(text, on_key=True)
    try:
        return name(key)
    except WrongError as wrong:
        raise WrongError(wrong.text, on_key=True) from None


def _rules_by_name(value: object) -> dict[str, object]:
    rules = mapping(value, "names of rules and what they are")
    if not rules:
        raise WrongError("no rules here: write `name:`, and what the rule is below it")
    return rules
