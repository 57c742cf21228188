"""What the commands share: the `--config` option, the way to the daemon, and the end that mistakes make."""

import os
import sys
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from alertd.config.files import find_config
from alertd.config.mistakes import MistakesError, WrongError
from alertd.config.wording import did_you_mean, shown
from alertd.printable import printable

if TYPE_CHECKING:
    # Help and completion come at once because nothing of this is imported for them.
    from alertd.config.model import Config, Record
    from alertd.market.listing import Listing
    from alertd.market.listings import ListingWatch
    from alertd.market.ticker import Ticker
    from alertd.web.client import Client

FAILED = 1
USERS_MISTAKE = 2

# The journal of a daemon that is shown another market than it is configured for.
_DRILL = "drill.db"


class UsersMistake(click.ClickException):
    """A mistake on the command line, said in one line."""

    exit_code = USERS_MISTAKE

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; without it ./config.yaml, then /etc/alertd/config.yaml.",
)

socket_option = click.option(
    "--socket",
    "socket_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The daemon's control socket, where it is not in one of its usual places.",
)


def address_option(
    read: Callable[[object], str],
) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Return the callback of an option whose value, if there is one, `read` has to accept."""

    def checked(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
        try:
            return None if value is None else read(value)
        except WrongError as wrong:
            raise UsersMistake(f"{option.opts[0]}: {wrong.text}") from None

    return checked


def _rest_url(value: object) -> str:
    from alertd.config.addresses import rest_url

    return rest_url(value)


rest_url_option = click.option(
    "--rest-url",
    metavar="URL",
    callback=address_option(_rest_url),
    help="Ask there for symbols, for example `alertd simulate`.",
)


def elsewhere(
    config: "Config",
    *,
    feed_url: str | None = None,
    rest_url: str | None,
    journal: Path | None = None,
) -> "Config":
    """Return the configuration with the command line's addresses, and journal, in place of its own.

    Where other tickers come in, the journal is another one too: a rule that fires in a drill would
    still fire when the real market is watched again, and say nothing. So is the recordings' folder.
    """
    import attrs

    feed = attrs.evolve(
        config.feed,
        url=feed_url or config.feed.url,
        rest_url=rest_url or config.feed.rest_url,
    )
    kept = config.journal.with_name(_DRILL) if feed_url else config.journal
    record = of_a_drill(config.record) if feed_url else config.record
    return attrs.evolve(config, feed=feed, journal=journal or kept, record=record)


def of_a_drill(record: "Record | None") -> "Record | None":
    """Return where another market is recorded, so that its tickers stay out of the recordings."""
    if record is None or record.folder is None:
        return None
    import attrs

    return attrs.evolve(record, folder=record.folder.with_name(f"{record.folder.name}-drill"))


def load(config_path: Path | None) -> "Config":
    """Return the configuration that the option, the environment and the files give.

    Raises `MistakesError`.
    """
    from alertd.config.load import load_config

    return load_config(find_config(config_path), environment=os.environ)


def config_here() -> Path | None:
    """Return the configuration that `alertd run` would take here, if there is one."""
    try:
        return find_config(None)
    except MistakesError:
        return None


@contextmanager
def mistakes_end_it() -> Generator[None]:
    """Print a user's mistakes, one a line, and end with the exit status for them."""
    try:
        yield
    except MistakesError as error:
        for mistake in error.mistakes:
            click.echo(printable(str(mistake)), err=True)
        sys.exit(USERS_MISTAKE)


def running_daemon(
    config_path: Path | None, socket_path: Path | None, *, timeout_s: float | None = None
) -> "Client":
    """Return the client of the daemon that is meant, with its own patience or that of `timeout_s`.

    Raises `MistakesError`.
    """
    from alertd.web.client import TIMEOUT_S, Client
    from alertd.web.places import places

    patience_s = TIMEOUT_S if timeout_s is None else timeout_s
    if socket_path is not None:
        return Client((socket_path,), None, patience_s)
    config = find_config(config_path)
    return Client(places(config, os.environ), config, patience_s)


@contextmanager
def refusals_end_it() -> Generator[None]:
    """Say why the running daemon does not answer, or not as one likes, and end with the status for it."""
    from alertd.web.client import ControlError, RefusedError

    try:
        with mistakes_end_it():
            yield
    except ControlError as error:
        click.echo(str(error), err=True)
        sys.exit(FAILED)
    except RefusedError as error:
        hint = f" (did you mean {' or '.join(map(shown, error.near))}?)" if error.near else ""
        click.echo(f"{error}{hint}", err=True)
        sys.exit(USERS_MISTAKE)


def chosen(what: str, wanted: Sequence[str], known: Collection[str]) -> list[str]:
    """Return the known names that names and patterns stand for, each once, in their own order."""
    from alertd.engine.silence import fits

    for each in wanted:
        if not any(fits(name, each) for name in known):
            raise UsersMistake(f"no {what} {shown(each)}{did_you_mean(each, known)}")
    return [name for name in known if any(fits(name, each) for each in wanted)]


def listing_watch(config: "Config", *, keep: bool) -> "ListingWatch":
    """Return what reads the list of the symbols of the market that is configured.

    `keep`: what the exchange says goes to disk. What fails is a warning on standard error.
    """
    from alertd.config.listed import event_in_words
    from alertd.delivery.secrets import Scrubber
    from alertd.market.listing_cache import ListingCache
    from alertd.market.listings import ListingWatch
    from alertd.market.rest import fetch_listing

    scrub = Scrubber.of(config.secrets).scrub
    return ListingWatch(
        fetch=partial(fetch_listing, config.venue, proxy=config.feed.proxy),
        cache=ListingCache.of(config.venue, config.state_folder),
        report=lambda event: warn(scrub(event_in_words(event))),
        keep=keep,
    )


def first_listing(watch: "ListingWatch", *, offline: bool = False) -> "Listing | None":
    """Return the exchange's list, else the one on disk, with a warning, else None, with one."""
    import trio

    from alertd.config.listed import fallback_in_words

    started_ms = now_ms()
    listing = watch.load() if offline else trio.run(watch.start)
    if listing is None or listing.fetched_ms < started_ms:
        warn(fallback_in_words(listing, started_ms))
    return listing


def newest_tickers(config: "Config") -> "Mapping[str, Ticker] | None":
    """Return the newest ticker of every symbol of the market, else None, with a warning."""
    import trio

    from alertd.delivery.secrets import Scrubber
    from alertd.market.rest import fetch_tickers
    from alertd.market.rest_error import RestError

    try:
        return trio.run(partial(fetch_tickers, config.venue, proxy=config.feed.proxy))
    except RestError as error:
        scrub = Scrubber.of(config.secrets).scrub
        warn(scrub(f"how the rules stand now is not known: {error}"))
        return None


def print_data(data: object) -> None:
    """Print data for programs: as JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(data)))


def warn(text: str) -> None:
    """Say what a person should know although it stops nothing."""
    click.echo(f"warning: {printable(text)}", err=True)


def fail(text: str) -> NoReturn:
    """Say in a line why it failed, and end with the exit status for that."""
    click.echo(f"Error: {printable(text)}", err=True)
    sys.exit(FAILED)


def now_ms() -> int:
    """Return the milliseconds since 1970."""
    return time.time_ns() // 1_000_000
