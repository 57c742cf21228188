"""`alertd explain`: why a rule fires, or does not."""

from pathlib import Path

import click

from alertd.cli.common import (
    config_option,
    print_data,
    refusals_end_it,
    running_daemon,
    socket_option,
)
from alertd.cli.names import rule_names, symbol_names


@click.command(short_help="Say why a rule fires, or does not.")
@click.argument("rule", shell_complete=rule_names)
@click.argument("symbol", required=False, shell_complete=symbol_names)
@config_option
@socket_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
def command(
    rule: str, symbol: str | None, config_path: Path | None, socket_path: Path | None, as_json: bool
) -> None:
    """Say why a rule fires, or does not: each part of it, and how far it has to go.

    The running daemon is asked. With a SYMBOL, or where the rule watches only one, the condition is
    shown part by part; otherwise its symbols, the nearest to firing first. Exit status: 1 where
    alertd is not running, 2 where it does not know the rule or the symbol.
    """
    with refusals_end_it():
        answer = running_daemon(config_path, socket_path).explain(rule, symbol)
    if as_json:
        print_data(answer)
        return
    from rich.console import Console

    from alertd.cli.explained import shown_rule

    Console(highlight=False).print(shown_rule(answer))
