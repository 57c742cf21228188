"""`alertd retry`: what could not be delivered is tried again, and what waits at once."""

from pathlib import Path

import click

from alertd.cli.common import (
    UsersMistake,
    config_option,
    print_data,
    refusals_end_it,
    running_daemon,
    socket_option,
    warn,
)
from alertd.cli.names import channel_names
from alertd.config.wording import counted
from alertd.web.answers import Retrial, Retry


@click.command(short_help="Try again what could not be delivered.")
@click.argument("number", required=False, type=click.IntRange(min=1))
@click.option("--all", "retry_all", is_flag=True, help="Of every alert.")
@click.option(
    "--channel",
    metavar="NAME",
    help="Only what goes through this channel.",
    shell_complete=channel_names,
)
@config_option
@socket_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
def command(  # noqa: PLR0913 - click hands over what was given by name
    *,
    number: int | None,
    retry_all: bool,
    channel: str | None,
    config_path: Path | None,
    socket_path: Path | None,
    as_json: bool,
) -> None:
    """Try again what was given up, and at once what waits for its next attempt.

    That of the alert with this NUMBER, or with --all of every one. `alertd history --undelivered`
    says what was given up. Exit status: 1 where alertd is not running, 2 where it does not know
    the alert or the channel.
    """
    if (number is None) != retry_all:
        raise UsersMistake("of which alert? say either its number or --all")
    with refusals_end_it():
        client = running_daemon(config_path, socket_path)
        tried = client.retry(Retry(alert=number, channel=channel))
    if as_json:
        print_data(tried)
        return
    for each in tried:
        _print(each)
    if not tried:
        click.echo("nothing was given up, and nothing that waits may go sooner")


def _print(tried: Retrial) -> None:
    if tried.is_gone:
        count = counted(tried.undelivered, "alert")
        warn(f"{tried.destination} is not configured any more: {count} cannot be sent there")
        return
    what = [
        f"{counted(tried.undelivered, 'alert')} tried again" if tried.undelivered else "",
        f"{counted(tried.waiting, 'alert')} that waited tried at once" if tried.waiting else "",
    ]
    told = ", ".join(filter(None, what)) or "the next alert is tried there at once"
    click.echo(f"{tried.destination}: {told}")
