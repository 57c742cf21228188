"""`alertd run`: the daemon."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alertd.cli.common import (
    FAILED,
    UsersMistake,
    address_option,
    config_option,
    elsewhere,
    first_listing,
    listing_watch,
    load,
    mistakes_end_it,
    now_ms,
    rest_url_option,
    socket_option,
    warn,
)
from alertd.cli.log_option import log_format_option, logged_as
from alertd.config.addresses import stream_url
from alertd.config.files import find_config
from alertd.config.mistakes import MistakesError
from alertd.logs.fields import about
from alertd.logs.opening import LogFormat
from alertd.web.listening import AlreadyRunningError, SocketError, listening_socket
from alertd.web.places import own_place

if TYPE_CHECKING:
    # What help has no use for takes half a second to import.
    from alertd.config.model import Config
    from alertd.journal.events import JournalEvent
    from alertd.journal.file import JournalFile
    from alertd.market.listing import Listing

_log = logging.getLogger(__name__)


@click.command(short_help="Watch the market and deliver alerts, until stopped.")
@config_option
@click.option(
    "--feed-url",
    metavar="URL",
    callback=address_option(stream_url),
    help="Take the tickers from there, for example from `alertd simulate`.",
)
@rest_url_option
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the journal there. Without it --feed-url has drill.db, beside the configured one.",
)
@socket_option
@log_format_option
def command(  # noqa: PLR0913, PLR0917 - click calls it by name
    config_path: Path | None,
    feed_url: str | None,
    rest_url: str | None,
    journal: Path | None,
    socket_path: Path | None,
    log_format: LogFormat | None,
) -> None:
    """Watch the market and deliver alerts, until stopped.

    SIGTERM or Ctrl-C ends the streams at once and gives deliveries under way 20 seconds; the
    second one does not wait for them. SIGHUP reads the configuration anew.
    """
    _prepare_for_signals()
    import trio

    from alertd.collector import spare_what_is_there
    from alertd.daemon import Daemon
    from alertd.market.kline_source import open_klines
    from alertd.observers.log import LogObserver, log_listing
    from alertd.signals import run_until_signalled
    from alertd.systemd import Notifier

    def load_anew() -> "Config":
        config = logged_as(load(config_path), log_format)
        return elsewhere(config, feed_url=feed_url, rest_url=rest_url, journal=journal)

    with mistakes_end_it():
        config_path = find_config(config_path)
        config = load_anew()
        listings = listing_watch(config, keep=True)
        _check_symbols(config, first_listing(listings))
    with _control_socket(config, socket_path) as control, _journal(config) as (file, events):
        daemon = Daemon(
            config,
            journal=file,
            load=load_anew,
            listings=listings,
            klines=partial(open_klines, config.venue, proxy=config.feed.proxy),
            observers=[LogObserver()],
            notifier=Notifier.from_environment(os.environ),
        )
        listings.report = log_listing
        daemon.open_log()
        if feed_url:
            _tell_of_drill(config.journal)
        daemon.tell(events)
        spare_what_is_there()
        with _crash_is_logged():
            trio.run(run_until_signalled, daemon, control)


def _tell_of_drill(journal: Path) -> None:
    text = "the tickers are from --feed-url, and the journal is %s"
    _log.info(text, journal, extra=about("run.elsewhere"))


def _prepare_for_signals() -> None:
    """Let signals do no harm until the daemon listens to them."""
    # Until the daemon listens to it, Ctrl-C ends it as it ends any program: silently, with nothing
    # to be saved. Python's own handler would raise out of whatever is being imported or built.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A hang-up waits until it is heeded: it may be about files that were read a moment before.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])


@contextmanager
def _crash_is_logged() -> Generator[None]:
    """Log a mistake of ours without secrets, which Python's own report would print, and end."""
    try:
        yield
    except Exception:  # noqa: BLE001 - a boundary
        _log.critical(
            "alertd has crashed; please report this", exc_info=True, extra=about("run.crashed")
        )
        sys.exit(FAILED)


@contextmanager
def _journal(config: "Config") -> Generator[tuple["JournalFile", tuple["JournalEvent", ...]]]:
    """Open the journal, which no other daemon may have, and give what is to be told of that."""
    from alertd.journal.faults import JournalError
    from alertd.journal.file import JournalFile

    with closing(JournalFile(config.journal)) as journal:
        try:
            events = journal.open()
        except JournalError as error:
            raise click.ClickException(str(error)) from None
        yield journal, events


@contextmanager
def _control_socket(config: "Config", given: Path | None) -> Generator[socket.socket | None]:
    """Listen for the commands that ask the daemon; go without where the machine does not let it."""
    place = given or own_place(config.files[0], os.environ)
    group = given is None and bool(os.environ.get("RUNTIME_DIRECTORY"))
    with ExitStack() as until_the_end:
        control = None
        try:
            control = until_the_end.enter_context(listening_socket(place, group=group))
        except AlreadyRunningError as error:
            # Both would tell everything.
            advice = "stop that one, or give this one a --socket of its own"
            raise click.ClickException(f"{error}: {advice}") from None
        except SocketError as error:
            if given is not None:
                raise UsersMistake(f"--socket {error}") from None
            warn(f"this alertd cannot be asked (`alertd explain` and the like): {error}")
        yield control


def _check_symbols(config: "Config", listing: "Listing | None") -> None:
    """Raise `MistakesError` for names that the exchange has never listed.

    What trades no more, or not yet, or has expired, or can never fire, is a warning: a restart at
    night must not end the watch over everything else.
    """
    from alertd.config.certainties import certainties
    from alertd.config.expired import expired_rules
    from alertd.config.listed import symbol_findings
    from alertd.config.reach import reach

    found = symbol_findings(config, listing)
    if found.unknown:
        raise MistakesError(found.unknown)
    certain, expired = certainties(config), expired_rules(config, now_ms())
    for mistake in (
        *found.idle,
        *found.surplus,
        *expired,
        *certain.never,
        *certain.always,
        *reach(config),
    ):
        warn(str(mistake))
