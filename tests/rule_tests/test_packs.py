"""The rule packs that alertd ships are tested with alertd itself."""

from pathlib import Path

import pytest

from alertd.config.files import TESTS
from alertd.rule_tests.reading import read_suite
from alertd.rule_tests.report import as_text
from alertd.rule_tests.running import run_suite

FOLDER = Path(__file__).parents[2] / "rules"
PACKS = sorted(file for file in FOLDER.glob("*.yaml") if not file.name.endswith(TESTS))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: str(pack.stem))
def test_every_pack_has_tests_and_passes_them(pack: Path):
    outcome = run_suite(read_suite(pack.with_name(f"{pack.stem}{TESTS}")))
    assert outcome.passed, as_text([outcome])


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: str(pack.stem))
def test_every_rule_of_a_pack_fires_in_one_of_its_tests(pack: Path):
    suite = read_suite(pack.with_name(f"{pack.stem}{TESTS}"))
    rules = {rule.name for test in suite.tests for rule in test.rules}
    assert {alert.rule for test in suite.tests for alert in test.alerts} == rules


def test_there_is_a_pack():
    assert PACKS
