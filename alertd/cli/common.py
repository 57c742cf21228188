"""What the commands share: the `--config` option, and the end that a user's mistakes make."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from alertd.config.files import find_config
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config

USERS_MISTAKE = 2


class UsersMistake(click.ClickException):
    """A mistake on the command line, said in one line."""

    exit_code = USERS_MISTAKE


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; without it ./config.yaml, then /etc/alertd/config.yaml.",
)


def load(config_path: Path | None) -> Config:
    """Return the configuration that the option, the environment and the files give.

    Raises `MistakesError`.
    """
    return load_config(find_config(config_path), environment=os.environ)


@contextmanager
def mistakes_end_it() -> Generator[None]:
    """Print a user's mistakes, one a line, and end with the exit status for them."""
    try:
        yield
    except MistakesError as error:
        for mistake in error.mistakes:
            click.echo(str(mistake), err=True)
        sys.exit(USERS_MISTAKE)
