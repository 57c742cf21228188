"""`alertd reload`: the running daemon reads its configuration anew."""

import sys
from pathlib import Path

import click

from alertd.cli.common import (
    FAILED,
    USERS_MISTAKE,
    config_option,
    refusals_end_it,
    running_daemon,
    socket_option,
    warn,
)


@click.command(short_help="Let the running daemon read its configuration anew.")
@config_option
@socket_option
def command(config_path: Path | None, socket_path: Path | None) -> None:
    """Let the running daemon read its configuration anew, and say what came of it.

    With a mistake in it nothing changes: every mistake is a line on standard error, and the exit
    status is 2. It is 1 where alertd is not running.
    """
    with refusals_end_it():
        outcome = running_daemon(config_path, socket_path).reload()
    for mistake in outcome.mistakes:
        click.echo(mistake, err=True)
    for note in outcome.notes:
        warn(note)
    click.echo(outcome.summary, err=not outcome.ok)
    if not outcome.ok:
        sys.exit(USERS_MISTAKE if outcome.mistakes else FAILED)
