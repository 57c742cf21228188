"""Which files of tests are run where none is named."""

from collections.abc import Iterator
from pathlib import Path

from alertd.config.document import read_document
from alertd.config.files import TESTS, rule_files
from alertd.config.findings import Findings
from alertd.config.mistakes import Mistake, MistakesError, Place

RULES_FOLDER = Path("rules")


def files_beside_rules(config: Path) -> list[Path]:
    """Return the files of tests that stand beside the rule files of a configuration.

    Raises `MistakesError`, also where there are none.
    """
    document, findings = read_document(config), Findings()
    sources = document.data.get("rules") if isinstance(document.data, dict) else None
    found: dict[Path, None] = {}
    for index, source in enumerate(sources if isinstance(sources, list) else [sources]):
        if isinstance(source, str):
            path = ("rules", index)
            files = findings.read(document, path, source, lambda it: rule_files(str(it), config))
            found |= dict.fromkeys(_tests_beside(files or []))
    if findings.mistakes:
        raise MistakesError(findings.mistakes)
    return _at_least_one(list(found), f"no rule file of it has a *{TESTS} beside it", config)


def files_below(folder: Path) -> list[Path]:
    """Return the files of tests in a folder, however deep. Raises `MistakesError` for none."""
    found = sorted(folder.rglob(f"*{TESTS}"))
    return _at_least_one(found, f"there is no *{TESTS} below it, and no configuration", folder)


def _tests_beside(files: list[Path]) -> Iterator[Path]:
    for file in files:
        tests = file.with_name(f"{file.stem}{TESTS}")
        if tests.is_file():
            yield tests


def _at_least_one(files: list[Path], otherwise: str, place: Path) -> list[Path]:
    if not files:
        raise MistakesError([Mistake(Place(str(place)), otherwise)])
    return files
