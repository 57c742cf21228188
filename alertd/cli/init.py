"""`alertd init`: a first configuration, and a first message."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alertd.cli.common import FAILED, UsersMistake, now_ms

if TYPE_CHECKING:
    from alertd.cli.init_channel import FirstChannel

_SYMBOLS = ("BTCUSDT", "ETHUSDT")


@click.command(short_help="Write a first configuration, and send a first message.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--channel", "url", metavar="URL", help="Where alerts go: an Apprise URL.")
@click.option("--symbol", "symbols", multiple=True, metavar="SYMBOL", help="Watch this, or these.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--yes", is_flag=True, help="Ask nothing that has an answer already.")
def command(
    *, folder: Path, url: str | None, symbols: tuple[str, ...], force: bool, yes: bool
) -> None:
    """Write a configuration with a channel and first rules into FOLDER, and send a test message.

    On a terminal it asks for what is not given. Secrets go into a file of their own, for you alone
    to read. Exit status: 1 where the message was not taken (all is written nevertheless), 2 for a
    mistake of yours; then nothing is.
    """
    from alertd.cli.init_files import those_there

    there = those_there(folder)
    if there and not force:
        raise UsersMistake(f"there already: {', '.join(there)}; --force replaces them")
    is_asking = not yes and sys.stdin.isatty()
    if url is None and not is_asking:
        raise UsersMistake("where shall alerts go? say --channel URL, or run this on a terminal")
    watched = _symbols(symbols, is_asking=is_asking)
    channel, is_taken = _asked_and_tried() if url is None else _tried(url)
    _write(folder, channel, watched)
    if not is_taken:
        sys.exit(FAILED)


def _symbols(given: tuple[str, ...], *, is_asking: bool) -> tuple[str, ...]:
    from alertd.config.mistakes import WrongError
    from alertd.config.symbol_patterns import symbol_pattern

    if not given and is_asking:
        asked: str = click.prompt("Which symbols", default=" ".join(_SYMBOLS))
        given = tuple(asked.replace(",", " ").split())
    try:
        return tuple(symbol_pattern(it.upper()) for it in given or _SYMBOLS)
    except WrongError as wrong:
        raise UsersMistake(wrong.text) from None


def _tried(url: str) -> tuple["FirstChannel", bool]:
    """Return the channel for a URL, and whether it took a message."""
    from alertd.cli.init_channel import channel_at
    from alertd.config.mistakes import WrongError

    channel = channel_at(url)
    try:
        return channel, _is_taken(channel)
    except WrongError as wrong:
        raise UsersMistake(f"--channel: {wrong.text}") from None


def _asked_and_tried() -> tuple["FirstChannel", bool]:
    """Return the channel that a person enters, once more where it does not take a message."""
    from alertd.cli.init_channel import ask_for_channel
    from alertd.config.mistakes import WrongError

    while True:
        channel = ask_for_channel()
        try:
            if _is_taken(channel):
                return channel, True
        except WrongError as wrong:
            # There is nothing that could be written.
            click.echo(wrong.text, err=True)
            continue
        if not click.confirm("Enter it once more", default=True):
            return channel, False


def _is_taken(channel: "FirstChannel") -> bool:
    """Send a test message, and say what came of it. Raises `WrongError` for what is no channel."""
    import trio

    from alertd.config.channels import channel as read_channel
    from alertd.delivery.trial_send import Tried, try_all

    opened = read_channel(channel.name, channel.url, ())
    found: list[Tried] = []
    trio.run(partial(try_all, [opened], time_ms=now_ms(), report=found.append))
    for tried in found:
        if tried.failure is None:
            click.echo(f"{tried.destination}: it took a test message; look whether it is there")
        else:
            click.echo(f"{tried.destination}: {tried.failure.reason}", err=True)
    return not any(it.failure for it in found)


def _write(folder: Path, channel: "FirstChannel", symbols: tuple[str, ...]) -> None:
    from alertd.cli import init_files
    from alertd.delivery.destination import Destination

    takes_pictures = Destination(channel.name, channel.url).attaching is not None
    texts = {
        init_files.ENVIRONMENT: init_files.environment_text(channel.secrets),
        init_files.RULES: init_files.rules_text(symbols),
        init_files.CONFIG: init_files.config_text(channel, takes_pictures=takes_pictures),
    }
    try:
        init_files.write(folder, texts)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"{error.filename or folder}: {reason}") from None
    click.echo(_next_steps(folder))


def _next_steps(folder: Path) -> str:
    there = "" if folder == Path() else f"  cd {shlex.quote(str(folder))}\n"
    return f"""\
Written: config.yaml, rules/first.yaml, and environment with the secrets, for you alone to read.

Next:
{there}  set -a; . ./environment; set +a    # the secrets, into this shell
  alertd check                       # what alertd understands, and how each rule stands now
  alertd run                         # until Ctrl-C; `alertd status` in another terminal shows it
As a service: docs/service.md."""
