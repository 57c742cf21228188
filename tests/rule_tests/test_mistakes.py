"""Each `data/*.test.yaml` begins with the mistakes that must be found in it, all of them."""

import shutil
from pathlib import Path

import pytest

from alertd.config.mistakes import MistakesError
from alertd.rule_tests.reading import read_suite, read_suites
from tests.rule_tests.files import Bench

DATA = Path(__file__).parent / "data"
EXPECT = "# expect: "


@pytest.mark.parametrize("name", ["keys", "ticks", "alerts"])
def test_every_mistake_is_found_in_its_place_and_nothing_else(name: str, tmp_path: Path):
    file = Path(shutil.copy(DATA / f"{name}.test.yaml", tmp_path))
    shutil.copy(DATA / "rules.yaml", tmp_path / f"{name}.yaml")
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]
    with pytest.raises(MistakesError) as raised:
        read_suite(file)
    found = [str(it).removeprefix(f"{file}:") for it in raised.value.mistakes]
    assert [line.replace(f"{tmp_path}/", "") for line in found] == expected


def test_a_file_without_tests_is_a_mistake(bench: Bench):
    assert bench.mistakes("{}") == ["my.test.yaml:1:1: no tests here: they stand below `tests:`"]


def test_an_empty_list_of_tests_is_a_mistake(bench: Bench):
    assert bench.mistakes("tests: []") == [
        "my.test.yaml:1:8: no tests here: write one, like {name: ..., ticks: [...], alerts: []}"
    ]


def test_the_mistakes_of_the_rules_are_found_beside_those_of_the_tests(bench: Bench):
    rules = "rules: {a: {symbols: BTCUSDT, when: {close: {abov: 1}}}}"
    assert bench.mistakes("tests: [{name: 5, ticks: [{at: 0s}], alerts: []}]", rules) == [
        "my.test.yaml:1:16: a text is expected here, not `5`, a number: put it in quotes",
        "my.yaml:1:46: unknown operator `abov` (did you mean `above`?)",
    ]


def test_rules_with_mistakes_make_no_mistakes_of_the_tests_that_name_them(bench: Bench):
    tests = "tests: [{name: a, rules: b, symbol: BTCUSDT, ticks: [{at: 0s, close: 1}], alerts: []}]"
    assert len(bench.mistakes(tests, "rules: {b: {symbols: BTCUSDT, when: 1}}")) == 1


def test_a_file_of_another_name_is_no_file_of_tests(tmp_path: Path):
    file = tmp_path / "rules.yaml"
    file.write_text("rules: {}")
    with pytest.raises(MistakesError, match=r"yaml: this is no file of tests: their names end in"):
        read_suite(file)


def test_a_file_of_tests_without_rules_beside_it_is_a_mistake(tmp_path: Path):
    file = tmp_path / "a.test.yaml"
    file.write_text("tests: []")
    with pytest.raises(MistakesError, match=r"there is no a\.yaml beside it, whose rules it"):
        read_suite(file)


def test_the_mistakes_of_all_files_come_at_once(tmp_path: Path):
    files = [tmp_path / "a.test.yaml", tmp_path / "b.test.yaml"]
    with pytest.raises(MistakesError) as raised:
        read_suites(files)
    assert [it.place.file for it in raised.value.mistakes] == [str(file) for file in files]
