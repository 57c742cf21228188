"""`alertd rearm`: a rule that fires once may fire once more."""

from pathlib import Path

import click

from alertd.cli.common import config_option, refusals_end_it, running_daemon, socket_option
from alertd.cli.names import rule_names, symbol_names
from alertd.config.wording import counted


@click.command(short_help="Arm a rule again that fires once.")
@click.argument("rule", shell_complete=rule_names)
@click.argument("symbol", required=False, shell_complete=symbol_names)
@config_option
@socket_option
def command(
    rule: str, symbol: str | None, config_path: Path | None, socket_path: Path | None
) -> None:
    """Arm a rule again that fires once (`once: true`), on one SYMBOL or on all that it watches.

    Exit status: 1 where alertd is not running, 2 where it does not know the rule or the symbol.
    """
    with refusals_end_it():
        count = running_daemon(config_path, socket_path).rearm(rule, symbol)
    again = f"armed again on {counted(count, 'symbol')}"
    click.echo(again if count else "it was armed already: nothing to do")
