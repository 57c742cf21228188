"""`alertd test` as it is called: what it prints, and its exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alertd.cli import main
from tests.rule_tests.files import Bench

Here = Callable[..., Result]
ROOT = Path(__file__).parents[2]
PASSES = "tests: [{name: a, rules: above, symbol: BTCUSDT, ticks: [{at: 0s, close: 101}], alerts: [{at: 0s}]}]"
FAILS = PASSES.replace("[{at: 0s}]", "[]")


def alertd_test(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alertd", "test", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_passed_is_status_0(bench: Bench):
    bench.write(PASSES)
    result = alertd_test(bench.path, "my.test.yaml")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "my.test.yaml\n  ok      a\n1 test passed.\n"


def test_a_failure_is_status_1(bench: Bench):
    bench.write(FAILS)
    result = alertd_test(bench.path, "my.test.yaml")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.endswith("\n1 of 1 test failed.\n")


def test_a_mistake_is_status_2_and_nothing_is_run(bench: Bench):
    bench.write(PASSES.replace("alerts:", "alarms:"))
    result = alertd_test(bench.path, "my.test.yaml")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "my.test.yaml:1:9: a test has to have `alerts`",
        "my.test.yaml:1:81: unknown key `alarms` (did you mean `alerts`?)",
    ]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """`alertd test` in a folder, without a process of its own: the rest is not about its status."""

    def run(folder: Path, *arguments: str) -> Result:
        monkeypatch.chdir(folder)
        return CliRunner().invoke(main, ["test", *arguments])

    return run


def test_a_failure_is_data_where_that_is_asked_for(here: Here, bench: Bench):
    bench.write(FAILS)
    result = here(bench.path, "--json", "my.test.yaml")
    assert (result.exit_code, json.loads(result.stdout)["ok"]) == (1, False)


def test_mistakes_are_data_where_that_is_asked_for(here: Here, bench: Bench):
    bench.write("tests: 5")
    result = here(bench.path, "--json", "my.test.yaml")
    data = json.loads(result.stdout)
    assert (result.exit_code, data["ok"], data["mistakes"][0]["column"]) == (2, False, 8)


@pytest.fixture
def rules_folder(tmp_path: Path) -> Bench:
    (tmp_path / "rules").mkdir()
    return Bench(tmp_path / "rules")


def test_without_files_those_below_rules_are_run(here: Here, rules_folder: Bench):
    rules_folder.write(PASSES)
    result = here(rules_folder.path.parent)
    assert result.stdout.splitlines()[0] == "rules/my.test.yaml"


def test_without_files_those_beside_the_rules_of_the_configuration_are_run(
    here: Here, rules_folder: Bench
):
    rules_folder.write(PASSES)
    (rules_folder.path / "other.test.yaml").write_text(FAILS)
    config = rules_folder.path.parent / "config.yaml"
    config.write_text("rules: [rules/m*.yaml]\nchannels: {a: b}\ndefaults: {notify: a}\n")
    result = here(rules_folder.path.parent)
    assert (result.stdout.splitlines()[0], result.exit_code) == ("rules/my.test.yaml", 0)


def test_without_files_the_configuration_s_defaults_come_in(here: Here, rules_folder: Bench):
    rules_folder.write(PASSES)
    config = rules_folder.path.parent / "config.yaml"
    config.write_text("rules: [rules/*.yaml]\nchannels: {a: b}\ndefaults: {notify: a, for: 5s}\n")
    assert here(rules_folder.path.parent).exit_code == 1
    assert here(rules_folder.path.parent, "rules/my.test.yaml").exit_code == 0


def test_with_files_the_defaults_of_a_configuration_that_is_named_come_in(here: Here, bench: Bench):
    bench.write(PASSES)
    (bench.path / "c.yaml").write_text("channels: {a: b}\ndefaults: {notify: a, for: 5s}\n")
    assert here(bench.path, "--config", "c.yaml", "my.test.yaml").exit_code == 1


def test_nothing_to_test_is_a_mistake(here: Here, tmp_path: Path):
    result = here(tmp_path)
    assert (result.exit_code, result.stderr) == (
        2,
        "rules: there is no *.test.yaml below it, and no configuration\n",
    )


def test_rule_files_without_tests_are_a_mistake_where_none_has_any(here: Here, rules_folder: Bench):
    (rules_folder.path / "my.yaml").write_text("rules: {}")
    (rules_folder.path.parent / "config.yaml").write_text("rules: rules/*.yaml")
    result = here(rules_folder.path.parent)
    assert result.stderr == "config.yaml: no rule file of it has a *.test.yaml beside it\n"


def test_patterns_that_name_no_rule_files_are_mistakes(here: Here, tmp_path: Path):
    (tmp_path / "config.yaml").write_text("rules: [a/*.yaml, b/*.yaml]")
    assert [line.partition(": ")[0] for line in here(tmp_path).stderr.splitlines()] == [
        "config.yaml:1:9",
        "config.yaml:1:19",
    ]
