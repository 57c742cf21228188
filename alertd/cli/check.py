"""`alertd check`: what is wrong with the configuration, or what is in it."""

from pathlib import Path

import click
import msgspec

from alertd.cli.common import config_option, load, mistakes_end_it
from alertd.config.mistakes import MistakesError
from alertd.config.summary import as_data, as_text, mistakes_as_data


@click.command(short_help="Say what is wrong with the configuration, or what is in it.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
def command(config_path: Path | None, as_json: bool) -> None:
    """Say what is wrong with the configuration, or what is in it.

    Every mistake of every file is one line on standard error, with its place, and the exit status
    is 2. Nothing is connected to and nothing is sent.
    """
    with mistakes_end_it():
        try:
            config = load(config_path)
        except MistakesError as error:
            if as_json:
                click.echo(msgspec.json.format(msgspec.json.encode(mistakes_as_data(error))))
            raise
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(as_data(config))))
    else:
        click.echo(as_text(config))
