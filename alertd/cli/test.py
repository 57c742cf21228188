"""`alertd test`: rules are tested like code."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alertd.cli.common import FAILED, config_here, config_option, mistakes_end_it, print_data
from alertd.config.mistakes import MistakesError

if TYPE_CHECKING:
    from alertd.rule_tests.model import Suite


@click.command(short_help="Test rules like code: ticks in, the alerts that are expected out.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
def command(files: tuple[Path, ...], config_path: Path | None, as_json: bool) -> None:
    """Test rules like code: ticks in, the alerts that are expected out.

    FILES are tests of rules: majors.test.yaml is about majors.yaml beside it. Without any, those
    beside the rule files of the configuration are run, or all below ./rules where there is none.
    FILES are tested for themselves; with --config, or without FILES, the configuration's `defaults`
    come in. The exit status is 1 if a test failed, 2 for a mistake in a file.
    """
    from alertd.config.summary_data import mistakes_as_data
    from alertd.rule_tests.report import as_text
    from alertd.rule_tests.report_data import as_data
    from alertd.rule_tests.running import run_suite

    with mistakes_end_it():
        try:
            suites = _suites(files, config_path)
        except MistakesError as error:
            if as_json:
                print_data(mistakes_as_data(error))
            raise
    outcomes = [run_suite(suite) for suite in suites]
    if as_json:
        print_data(as_data(outcomes))
    else:
        click.echo(as_text(outcomes))
    if not all(outcome.passed for outcome in outcomes):
        sys.exit(FAILED)


def _suites(files: tuple[Path, ...], config: Path | None) -> "tuple[Suite, ...]":
    from alertd.rule_tests.files import RULES_FOLDER, files_below, files_beside_rules
    from alertd.rule_tests.reading import read_suites

    if files:
        return read_suites(files, config=config)
    if config is None:
        config = config_here()
    if config is None:
        return read_suites(files_below(RULES_FOLDER))
    return read_suites(files_beside_rules(config), config=config)
