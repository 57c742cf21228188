"""The rules that a test file is about: those of the file beside it, `majors.yaml` of `majors.test.yaml`.

They are read for themselves, as if no configuration existed. Where one is given, its `defaults` come
in as they do when alertd runs, and `notify` has to name its channels; nothing else of it is read, so
that no secret is needed to test a rule.
"""

from collections.abc import Mapping
from pathlib import Path

import attrs

from alertd.config.document import Document, parse_document, read_document
from alertd.config.files import TESTS
from alertd.config.findings import Findings
from alertd.config.mistakes import Mistake, MistakesError, Place
from alertd.config.rule_book import RuleBook
from alertd.engine.rule import Rule


def rule_file_of(test_file: Path) -> Path:
    """Return the file of rules that stands beside a test file. Raises `MistakesError`."""
    if not test_file.name.endswith(TESTS):
        text = f"this is no file of tests: their names end in {TESTS}"
        raise MistakesError([Mistake(Place(str(test_file)), text)])
    found = test_file.with_name(f"{test_file.name.removesuffix(TESTS)}.yaml")
    if not found.is_file():
        text = f"there is no {found.name} beside it, whose rules it would test"
        raise MistakesError([Mistake(Place(str(test_file)), text)])
    return found


def read_rules(rule_file: Path, config: Path | None) -> Mapping[str, Rule]:
    """Return the rules of a file by their names, with the defaults of `config` if that is given.

    `enabled` is left aside: a test tells whether a rule is right, not whether it is in use. Raises
    `MistakesError`.
    """
    if config is None:
        document, channels = parse_document("{}", str(rule_file)), None
    else:
        document = read_document(config)
        channels = _section(document, "channels")
    findings = Findings()
    book = RuleBook(config or rule_file, channels, findings)
    defaults = book.read_layer(document, ("defaults",), _section(document, "defaults"))
    book.read_file(rule_file, defaults)
    if findings.mistakes:
        raise MistakesError(findings.mistakes)
    return {rule.name: attrs.evolve(rule, enabled=True) for rule in book.rules}


def _section(document: Document, name: str) -> dict[str, object]:
    """Return a section of the configuration; what else may be wrong with it `alertd check` says."""
    data = document.data if isinstance(document.data, dict) else {}
    section = data.get(name)
    return section if isinstance(section, dict) else {}
