"""`alertd record`: the tickers of some symbols into files, without any rule."""

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import attrs
import click

from alertd.cli.common import (
    FAILED,
    UsersMistake,
    address_option,
    config_option,
    load,
    mistakes_end_it,
    of_a_drill,
    rest_url_option,
    warn,
)
from alertd.cli.log_option import log_format_option
from alertd.config.addresses import stream_url
from alertd.config.files import DEFAULT_PATHS, RECORDINGS
from alertd.config.model import Feed, Log, Market, Record
from alertd.config.watchlist import rules_by_symbol
from alertd.config.wording import counted, did_you_mean, shown
from alertd.delivery.secrets import Scrubber, SecretsFilter
from alertd.engine.rule import Rule
from alertd.logs.opening import LogFormat, open_log
from alertd.market.listing import Listing, is_glob


@attrs.frozen
class _Wish:
    """What a configuration has to say of a recording; without one, the defaults."""

    feed: Feed = attrs.field(factory=Feed)
    market: Market = Market.USDM
    rules: tuple[Rule, ...] = ()
    record: Record | None = None
    log: Log = attrs.field(factory=Log)
    secrets: frozenset[str] = frozenset()


@click.command(short_help="Keep every ticker of some symbols, to be replayed later.")
@config_option
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=f"Where to.  [default: `record` of the configuration, else {RECORDINGS}]",
)
@click.option(
    "--feed-url",
    metavar="URL",
    callback=address_option(stream_url),
    help="Take the tickers from there, for example from `alertd simulate`.",
)
@rest_url_option
@log_format_option
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
def command(  # noqa: PLR0913, PLR0917 - click calls it by name
    config_path: Path | None,
    folder: Path | None,
    feed_url: str | None,
    rest_url: str | None,
    log_format: LogFormat | None,
    symbols: tuple[str, ...],
) -> None:
    """Keep every ticker of some symbols, to be replayed later, until Ctrl-C.

    A SYMBOL is a name, a pattern such as '*USDT', or `all`; without one, those of the configuration's
    rules are meant. A configuration is not needed.
    """
    import trio

    from alertd.cli.recording import Recording, record

    with mistakes_end_it():
        wish = _wish(config_path)
    feed = attrs.evolve(
        wish.feed, url=feed_url or wish.feed.url, rest_url=rest_url or wish.feed.rest_url
    )
    wish = attrs.evolve(wish, feed=feed)
    chosen = _chosen(symbols, wish)
    into = _folder(folder, wish, drill=feed_url is not None)
    form = log_format or wish.log.format
    open_log("warning", form=form, filters=[SecretsFilter(wish.secrets)])
    click.echo(f"Recording {counted(len(chosen), 'symbol')} into {into}; Ctrl-C ends it.")
    recording = Recording(chosen, into)
    trio.run(record, recording, feed, feed.venue(wish.market))
    click.echo(recording.account)
    if not recording.recorder.recorded:
        sys.exit(FAILED)


def _wish(config_path: Path | None) -> _Wish:
    if config_path is None and not any(path.exists() for path in DEFAULT_PATHS):
        return _Wish()
    config = load(config_path)
    return _Wish(
        config.feed, config.market, config.rules, config.record, config.log, config.secrets
    )


def _chosen(symbols: Sequence[str], wish: _Wish) -> tuple[str, ...]:
    """Return the symbols that are meant, as far as the exchange lists them."""
    if not symbols and not wish.rules:
        raise UsersMistake("say what to record: symbols, a pattern such as '*USDT', or all")
    needed = any(map(is_glob, symbols or (it for rule in wish.rules for it in rule.symbols)))
    listing = _listing(wish, needed=needed)
    if not symbols:
        return tuple(rules_by_symbol(wish.rules, listing))
    if listing is None:
        return tuple(dict.fromkeys(symbols))
    for each in symbols:
        if listing.fault_of(each) is not None:
            near = did_you_mean(each, listing.trading)
            raise UsersMistake(f"no symbol {shown(each)} trades{near}")
    return listing.expand(symbols)


def _listing(wish: _Wish, *, needed: bool) -> Listing | None:
    """Return the exchange's list; where it cannot be had, names are taken at their word."""
    import trio

    from alertd.market.rest import fetch_listing
    from alertd.market.rest_error import RestError

    try:
        return trio.run(partial(fetch_listing, wish.feed.venue(wish.market), proxy=wish.feed.proxy))
    except RestError as error:
        reason = Scrubber.of(wish.secrets).scrub(f"the list of symbols cannot be read: {error}")
        if needed:
            raise click.ClickException(f"patterns stand for nothing: {reason}") from None
        warn(f"names are taken at their word: {reason}")
        return None


def _folder(given: Path | None, wish: _Wish, *, drill: bool) -> Path:
    """Return the folder, which is there then: it would be noticed seconds later only."""
    configured = of_a_drill(wish.record) if drill else wish.record
    folder = given or (configured and configured.folder) or Path(RECORDINGS)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = str(error.strerror).lower()
        raise UsersMistake(f"nothing can be recorded in {folder}: {reason}") from None
    if not os.access(folder, os.W_OK):
        raise UsersMistake(f"nothing can be recorded in {folder}: it is not ours to write to")
    return folder
