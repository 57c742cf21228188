"""`alertd check`: what is wrong with the configuration, or what is in it."""

from pathlib import Path

import click
import msgspec

from alertd.cli.common import (
    config_option,
    first_listing,
    listing_watch,
    load,
    mistakes_end_it,
    now_ms,
    warn,
)
from alertd.config.expired import expired_rules
from alertd.config.listed import symbol_findings
from alertd.config.mistakes import MistakesError
from alertd.config.model import Config
from alertd.config.summary import as_data, as_text, mistakes_as_data
from alertd.market.listing import Listing


@click.command(short_help="Say what is wrong with the configuration, or what is in it.")
@config_option
@click.option("--offline", is_flag=True, help="Do not ask the exchange for its symbols.")
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
def command(config_path: Path | None, offline: bool, as_json: bool) -> None:
    """Say what is wrong with the configuration, or what is in it.

    Every mistake of every file is one line on standard error, with its place, and the exit status
    is 2. Nothing is sent; the exchange is asked for its list of symbols. Where neither it nor a
    list that `alertd run` kept can be had, symbols are not checked, and a warning says so.
    """
    with mistakes_end_it():
        try:
            config, listing = _checked(config_path, offline=offline)
        except MistakesError as error:
            if as_json:
                click.echo(msgspec.json.format(msgspec.json.encode(mistakes_as_data(error))))
            raise
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(as_data(config, listing))))
    else:
        click.echo(as_text(config, listing))


def _checked(config_path: Path | None, *, offline: bool) -> tuple[Config, Listing | None]:
    config = load(config_path)
    listing = first_listing(listing_watch(config, keep=False), offline=offline)
    found = symbol_findings(config, listing)
    wrong = expired_rules(config, now_ms())
    if listing is not None:
        wrong += found.unknown + found.idle
    if wrong:
        raise MistakesError(wrong)
    for mistake in found.idle:
        warn(str(mistake))
    return config, listing
