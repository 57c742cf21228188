"""`alertd check`: what is wrong with the configuration, or what is in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from alertd.cli.common import (
    chosen,
    config_option,
    elsewhere,
    first_listing,
    listing_watch,
    load,
    mistakes_end_it,
    newest_tickers,
    now_ms,
    print_data,
    rest_url_option,
    warn,
)
from alertd.cli.names import rule_names
from alertd.config.mistakes import Mistake, MistakesError

if TYPE_CHECKING:
    # What help and completion have no use for takes half a second to import.
    from alertd.config.model import Config
    from alertd.config.survey import Survey
    from alertd.market.listing import Listing
    from alertd.market.ticker import Ticker


@click.command(short_help="Say what is wrong with the configuration, or what is in it.")
@config_option
@rest_url_option
@click.option("--offline", is_flag=True, help="Do not ask the exchange for symbols and tickers.")
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
@click.argument("names", nargs=-1, metavar="[RULE]...", shell_complete=rule_names)
def command(
    config_path: Path | None,
    rest_url: str | None,
    offline: bool,
    as_json: bool,
    names: tuple[str, ...],
) -> None:
    """Say what is wrong with the configuration, or what is in it.

    Every mistake of every file is one line on standard error, with its place, and the exit status
    is 2. With a RULE, or several (names, or patterns such as 'btc-*'), it tells of those alone.

    Nothing is sent; the exchange is asked for its list of symbols, and for their newest tickers, to
    say how each rule stands now. Where neither it nor a list that `alertd run` kept can be had,
    symbols are not checked, and a warning says so.
    """
    from alertd.config.summary import as_text
    from alertd.config.summary_data import as_data, mistakes_as_data

    with mistakes_end_it():
        try:
            config = elsewhere(load(config_path), rest_url=rest_url)
            checked = _checked(config, offline=offline)
        except MistakesError as error:
            if as_json:
                print_data(mistakes_as_data(error))
            raise
    for mistake in checked.warnings:
        warn(str(mistake))
    rules = {rule.name: rule for rule in checked.survey.config.rules}
    only = [rules[name] for name in chosen("rule", names, rules)]
    if as_json:
        print_data(as_data(checked.survey, checked.warnings, only))
    else:
        click.echo(as_text(checked.survey, only))


@attrs.frozen
class _Checked:
    """A configuration without mistakes, and what a person should know although it stops nothing."""

    survey: "Survey"
    warnings: tuple[Mistake, ...]


def _checked(config: "Config", *, offline: bool) -> _Checked:
    from alertd.config.certainties import certainties
    from alertd.config.expired import expired_rules
    from alertd.config.listed import symbol_findings
    from alertd.config.reach import reach
    from alertd.config.survey import Survey

    started_ms = now_ms()
    listing = first_listing(listing_watch(config, keep=False), offline=offline)
    found, certain = symbol_findings(config, listing), certainties(config)
    wrong = expired_rules(config, started_ms) + certain.never
    if listing is not None:
        wrong += found.unknown + found.idle
    if wrong:
        raise MistakesError(wrong)
    survey = Survey.of(config, listing, _tickers(config, listing, started_ms))
    suspicious = (*certain.always, *reach(config), *survey.floods())
    return _Checked(survey, (*found.idle, *found.surplus, *suspicious))


def _tickers(
    config: "Config", listing: "Listing | None", started_ms: int
) -> "Mapping[str, Ticker] | None":
    """Return the newest tickers, if the exchange has just been there to be asked for its symbols."""
    if listing is None or listing.fetched_ms < started_ms:
        return None
    return newest_tickers(config)
