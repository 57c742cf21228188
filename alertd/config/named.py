"""What a configuration names, as it is written: for a shell to complete, and not to be relied upon."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from alertd.config.document import read_document
from alertd.config.files import rule_files
from alertd.config.mistakes import MistakesError, WrongError

_PATTERN_SIGNS = frozenset("*?[")


@attrs.frozen
class Named:
    """Names of rules, each with the symbols that it names, and of channels."""

    rules: Mapping[str, tuple[str, ...]]
    channels: tuple[str, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol that is named by a rule; those that patterns stand for are not known."""
        return tuple(dict.fromkeys(it for named in self.rules.values() for it in named))


def named_in(config: Path) -> Named:
    """Return the names in a configuration; what cannot be read has none. Nothing is checked."""
    data = _mapping_in(config)
    rules: dict[str, tuple[str, ...]] = {}
    for entry in _several(data.get("rules")):
        for file in _files(entry, config):
            rules |= _rules_in(file)
    return Named(rules, tuple(_mapping(data.get("channels"))))


def _files(entry: object, config: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rule files that an entry of the configuration's `rules` stands for."""
    if not isinstance(entry, str):
        yield _mapping(entry)
        return
    try:
        yield from map(_mapping_in, rule_files(entry, config))
    except WrongError:
        return


def _rules_in(file: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    rules = _mapping(file.get("rules"))
    return {name: tuple(_symbols(_mapping(rule).get("symbols"))) for name, rule in rules.items()}


def _symbols(written: object) -> Iterator[str]:
    for each in _several(written):
        if isinstance(each, str) and each != "all" and not _PATTERN_SIGNS & set(each):
            yield each


def _mapping_in(path: Path) -> Mapping[str, Any]:
    try:
        return _mapping(read_document(path).data)
    except MistakesError:
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
