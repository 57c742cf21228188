"""`alertd history`: which alerts there were, and what became of each."""

import sys
from datetime import datetime
from pathlib import Path

import attrs
import click
import msgspec

from alertd.cli.common import (
    FAILED,
    USERS_MISTAKE,
    config_option,
    load,
    refusals_end_it,
    running_daemon,
    socket_option,
)
from alertd.cli.moments import before, utc_option
from alertd.cli.names import rule_names, symbol_names
from alertd.web.answers import PastAlert
from alertd.web.client import NotRunningError
from alertd.web.records import Asked, UnreadableError

# As many as the running daemon answers with at once.
_PAGE = 1_000


@click.command(short_help="Say which alerts there were, and what became of each.")
@click.argument("number", required=False, type=click.IntRange(min=1))
@click.option(
    "--rule",
    metavar="GLOB",
    help="Only of this rule, or of those that fit.",
    shell_complete=rule_names,
)
@click.option(
    "--symbol",
    metavar="GLOB",
    help="Only of this symbol, or of those that fit.",
    shell_complete=symbol_names,
)
@click.option(
    "--since",
    "since_ms",
    metavar="TIME",
    callback=before,
    help="From then on: 2h (ago), 18:00 (the last one).",
)
@click.option(
    "--until",
    "until_ms",
    metavar="TIME",
    callback=before,
    help="Before then; also 2026-12-31T23:59Z.",
)
@click.option("--undelivered", is_flag=True, help="Only those that were given up somewhere.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, help="The newest so many.", show_default=True
)
@utc_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs, an alert a line.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read this journal, and ask no daemon.",
)
@config_option
@socket_option
def command(  # noqa: PLR0913 - click hands over what was given by name
    *,
    number: int | None,
    rule: str | None,
    symbol: str | None,
    since_ms: int | None,
    until_ms: int | None,
    undelivered: bool,
    limit: int,
    utc: bool,
    as_json: bool,
    journal: Path | None,
    config_path: Path | None,
    socket_path: Path | None,
) -> None:
    """Say which alerts there were, the newest last, and what became of each at every destination.

    With a NUMBER all of that one alert. The running daemon is asked; where none runs, its journal
    is read. Exit status: 1 where neither can be had, 2 where there is no such alert.
    """
    asked = Asked(
        number=number,
        rule=rule,
        symbol=symbol and symbol.upper(),
        since_ms=since_ms,
        until_ms=until_ms,
        undelivered=undelivered,
        limit=limit,
    )
    source = _Source(journal, config_path, socket_path)
    with refusals_end_it():
        alerts = _found(source, asked)
    if number is not None and not alerts:
        click.echo(f"there is no alert {number} in the journal", err=True)
        sys.exit(USERS_MISTAKE)
    if as_json:
        for alert in alerts:
            # In the order of its fields: people read this too.
            click.echo(msgspec.json.encode(attrs.asdict(alert)))
    else:
        _print(alerts, is_one=number is not None, utc=utc)


@attrs.frozen
class _Source:
    """Where alerts are asked for: a journal that is named, else the daemon, else its journal."""

    journal: Path | None
    config: Path | None
    socket: Path | None

    def page(self, asked: Asked) -> tuple[PastAlert, ...]:
        """Return what is asked for. Raises `ControlError`, `MistakesError`, `UnreadableError`."""
        from alertd.history import read_history

        if self.journal is not None:
            return read_history(self.journal, asked)
        return running_daemon(self.config, self.socket).history(asked)

    def without_daemon(self) -> "_Source":
        """Return the journal that the daemon would write."""
        return attrs.evolve(self, journal=load(self.config).journal)


def _found(source: _Source, asked: Asked) -> list[PastAlert]:
    try:
        return _pages(source, asked)
    except NotRunningError as error:
        if source.socket is not None:
            raise
        file = source.without_daemon()
        click.echo(f"{error}; what follows is from its journal, {file.journal}", err=True)
        return _pages(file, asked)


def _pages(source: _Source, asked: Asked) -> list[PastAlert]:
    """Ask page by page, from the newest on."""
    found: list[PastAlert] = []
    while len(found) < asked.limit:
        rest = min(_PAGE, asked.limit - len(found))
        page = _page(source, attrs.evolve(asked, limit=rest))
        found[:0] = page
        if len(page) < rest:
            break
        asked = attrs.evolve(asked, before=page[0].number)
    return found


def _page(source: _Source, asked: Asked) -> tuple[PastAlert, ...]:
    try:
        return source.page(asked)
    except UnreadableError as error:
        click.echo(f"{error} (another one can be named with --journal)", err=True)
        sys.exit(FAILED)


def _print(alerts: list[PastAlert], *, is_one: bool, utc: bool) -> None:
    from rich.console import Console

    from alertd.cli import past

    console = Console(highlight=False)
    if is_one:
        console.print(past.whole(alerts[0], utc=utc))
    elif not alerts:
        click.echo("no alerts", err=True)
    elif console.is_terminal:
        now = datetime.now().astimezone()
        console.print(past.listed(alerts, width=console.width, now=now, utc=utc))
    else:
        for alert in alerts:
            click.echo(past.line(alert, utc=utc))
