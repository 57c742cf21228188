"""`alertd fetch`: past klines from the exchange's archive, for replays and drills."""

import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import attrs
import click
import trio

from alertd.cli.common import FAILED, UsersMistake, address_option
from alertd.cli.dates import days_of
from alertd.cli.fetch_shown import shown_on
from alertd.cli.interrupts import Interrupts
from alertd.config.addresses import archive_url
from alertd.market.archive.errors import ArchiveError
from alertd.market.archive.fetching import Event, fetch_files
from alertd.market.archive.files import (
    ARCHIVE_URL,
    FIRST_DAY,
    INTERVALS,
    MARKETS,
    ArchiveFile,
    Wanted,
)
from alertd.market.rest_error import RestError

_SYMBOL = re.compile(r"\w+")


def _first_day(_: click.Context, __: click.Parameter, text: str) -> date:
    return _days(text)[0]


def _last_day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    return None if text is None else _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    try:
        return days_of(text)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is no day (2025-05-04) and no month (2025-05)"
        ) from None


@click.command
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option(
    "--from",
    "first",
    required=True,
    callback=_first_day,
    metavar="DATE",
    help="The first day, or month (UTC).",
)
@click.option(
    "--to",
    "last",
    callback=_last_day,
    metavar="DATE",
    help="The last day, or month, which is included.  [default: yesterday]",
)
@click.option(
    "--market",
    type=click.Choice(MARKETS),
    default=MARKETS[0],
    show_default=True,
    help="Whose klines they are.",
)
@click.option(
    "--interval",
    type=click.Choice(INTERVALS),
    default=INTERVALS[0],
    show_default=True,
    metavar="1m|5m|1h|...",
    help="How long a kline is.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the files go.  [default: klines/<market>]",
)
@click.option(
    "--url",
    default=ARCHIVE_URL,
    metavar="URL",
    show_default=True,
    callback=address_option(archive_url),
    help="Another archive with the same folders.",
)
def command(  # noqa: PLR0913 - one for each option
    *,
    symbols: tuple[str, ...],
    first: date,
    last: date | None,
    market: str,
    interval: str,
    into: Path | None,
    url: str,
) -> None:
    """Bring past klines here from the exchange's archive, verified: a file a month, or a day.

    What is here already is not fetched again, and what was cut off goes on where it ended.
    """
    today = datetime.now(UTC).date()
    wanted = Wanted(market, _sound(symbols), interval, first, last or today - timedelta(days=1))
    _check_days(wanted, today)
    folder = into or Path("klines", market)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = list(wanted.files(today=today, here={path.name for path in folder.iterdir()}))
    except OSError as error:
        raise UsersMistake(f"{folder}: {error.strerror}: choose another --into") from None
    sys.exit(_fetch(files, folder, url))


def _sound(symbols: tuple[str, ...]) -> tuple[str, ...]:
    """Return the symbols as the archive has them, each once."""
    for symbol in symbols:
        if not _SYMBOL.fullmatch(symbol):
            raise UsersMistake(f"{symbol!r} is no symbol: write it like BTCUSDT")
    return tuple(dict.fromkeys(symbol.upper() for symbol in symbols))


def _check_days(wanted: Wanted, today: date) -> None:
    if wanted.first >= today:
        raise UsersMistake(f"--from {wanted.first}: the archive ends yesterday")
    if wanted.last < wanted.first:
        raise UsersMistake(f"--to {wanted.last}: that is before --from {wanted.first}")
    if wanted.first < FIRST_DAY:
        raise UsersMistake(f"--from {wanted.first}: the archive begins on {FIRST_DAY}")


def _fetch(files: list[ArchiveFile], folder: Path, url: str) -> int:
    """Fetch the files, say what came of it, and return the exit status."""
    with shown_on(sys.stdout, len(files)) as shown:
        broken_off = trio.run(_until_signalled, files, folder, url, shown.take)
    click.echo(shown.summary(folder))
    if broken_off is not None:
        click.echo(f"{broken_off.why} The same command goes on where this one ended.", err=True)
        return broken_off.status
    return FAILED if shown.is_failure else 0


@attrs.frozen
class _BrokenOff:
    """Why not all files were tried, and the exit status for it."""

    why: str
    status: int = FAILED


async def _until_signalled(
    files: list[ArchiveFile], folder: Path, url: str, report: Callable[[Event], None]
) -> _BrokenOff | None:
    interrupts = Interrupts()
    broken_off: _BrokenOff | None = None
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_stop_on, signals, interrupts, nursery.cancel_scope)
            broken_off = await _tried(files, folder, url, report)
            nursery.cancel_scope.cancel()
    return broken_off if interrupts.number is None else _BrokenOff("Stopped.", interrupts.status)


async def _tried(
    files: list[ArchiveFile], folder: Path, url: str, report: Callable[[Event], None]
) -> _BrokenOff | None:
    try:
        await fetch_files(files, folder, url=url, report=report)
    except ArchiveError as error:
        return _BrokenOff(f"{error}: is the network there, --url right, and HTTPS_PROXY, if set?")
    except RestError as error:
        return _BrokenOff(f"{error}: see HTTPS_PROXY.")
    except OSError as error:
        return _BrokenOff(f"{error.filename or folder}: {error.strerror}: make room for it.")
    return None


async def _stop_on(
    signals: AsyncIterator[int], interrupts: Interrupts, scope: trio.CancelScope
) -> None:
    interrupts.number = await anext(signals)
    scope.cancel()
