"""`alertd status`: how the running daemon does, at a glance and live."""

import sys
from pathlib import Path

import click

from alertd.cli.common import (
    FAILED,
    config_option,
    print_data,
    refusals_end_it,
    running_daemon,
    socket_option,
)
from alertd.cli.moments import utc_option

_EVERY_S = 2.0


@click.command(short_help="Say how the running daemon does, live on a terminal.")
@click.option("--once", is_flag=True, help="Say it once; so it is where there is no terminal.")
@click.option(
    "--watch",
    "every_s",
    type=click.FloatRange(min=0.2),
    metavar="S",
    default=_EVERY_S,
    show_default=True,
    help="Look again after so many seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print data for programs, once.")
@utc_option
@config_option
@socket_option
def command(  # noqa: PLR0913 - click hands over what was given by name
    *,
    once: bool,
    every_s: float,
    as_json: bool,
    utc: bool,
    config_path: Path | None,
    socket_path: Path | None,
) -> None:
    """Say how the running daemon does: what it sees, how near each rule is, what it sent.

    On a terminal it goes on until Ctrl-C. Exit status: 0 where all is well, 1 where something is wrong
    or alertd is not running.
    """
    from alertd.cli.status_look import Look, look_at

    with refusals_end_it():
        client = running_daemon(config_path, socket_path)
        seen = look_at(client)
    last: Look | None = seen
    if as_json:
        print_data(seen)
    else:
        from rich.console import Console

        from alertd.cli.status_live import show_live
        from alertd.cli.status_shown import shown

        console = Console(highlight=False)
        if once or not console.is_terminal:
            console.print(shown(seen, None, width=console.width, utc=utc))
        else:
            last = show_live(console, client, seen, every_s=every_s, utc=utc)
    if last is None or last.status.trouble:
        sys.exit(FAILED)
