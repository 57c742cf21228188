"""`alertd silence`: keep some alerts from people for a while."""

from pathlib import Path

import click

from alertd.cli.common import (
    UsersMistake,
    config_option,
    now_ms,
    print_data,
    refusals_end_it,
    running_daemon,
    socket_option,
    warn,
)
from alertd.cli.moments import ahead, full, length, utc_option
from alertd.cli.names import rule_names, symbol_names
from alertd.engine.rule import Severity
from alertd.web.answers import NewSilence


@click.group(short_help="Keep alerts from people for a while.")
def command() -> None:
    """Keep alerts from people for a while: all of a rule, a symbol or a severity.

    Rules go on meanwhile, and what they say is in `alertd history`. The running daemon is asked.
    Exit status: 1 where alertd is not running, 2 for what it does not take.
    """


@command.command(short_help="Silence a rule, a symbol or a severity, until a time.")
@click.option(
    "--rule",
    metavar="GLOB",
    help="The rule's name, or a pattern such as 'btc-*'.",
    shell_complete=rule_names,
)
@click.option(
    "--symbol",
    metavar="GLOB",
    help="The symbol, or a pattern such as '*USDC'.",
    shell_complete=symbol_names,
)
@click.option(
    "--severity",
    type=click.Choice([it.value for it in Severity]),
    help="Only what is no more severe than that.",
)
@click.option("--for", "for_ms", metavar="DURATION", callback=length, help="For so long: 2h.")
@click.option(
    "--until",
    "until_ms",
    metavar="TIME",
    callback=ahead,
    help="Until then: 18:00, 2026-12-31T23:59, 2026-12-31T23:59Z.",
)
@click.option("--comment", default="", metavar="TEXT", help="Why, for whoever wonders.")
@utc_option
@config_option
@socket_option
def add(  # noqa: PLR0913 - click hands over what was given by name
    *,
    rule: str | None,
    symbol: str | None,
    severity: str | None,
    for_ms: int | None,
    until_ms: int | None,
    comment: str,
    utc: bool,
    config_path: Path | None,
    socket_path: Path | None,
) -> None:
    """Silence a rule, a symbol or a severity, until a time.

    What is given has to fit all together: --rule and --symbol silence that rule on that symbol. To
    silence everything, say so: --rule '*'.
    """
    from alertd.cli.silences_shown import in_words

    wanted = NewSilence(
        rule=rule,
        symbol=symbol and symbol.upper(),
        severity=severity,
        until_ms=_end(for_ms, until_ms),
        comment=comment,
    )
    with refusals_end_it():
        made = running_daemon(config_path, socket_path).add_silence(wanted)
    for warning in made.warnings:
        warn(warning)
    silence = made.silence
    click.echo(
        f"silence {silence.number}: {in_words(silence)}, until {full(silence.until_ms, utc=utc)}"
    )


def _end(for_ms: int | None, until_ms: int | None) -> int:
    match for_ms, until_ms:
        case (int(), None):
            return now_ms() + for_ms
        case (None, int()):
            return until_ms
    raise UsersMistake("for how long? say either --for or --until")


@command.command("list", short_help="Say which silences there are.")
@click.option("--all", "with_past", is_flag=True, help="Those that are over too.")
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
@utc_option
@config_option
@socket_option
def list_(
    *,
    with_past: bool,
    as_json: bool,
    utc: bool,
    config_path: Path | None,
    socket_path: Path | None,
) -> None:
    """Say which silences there are, and how many alerts each has swallowed."""
    with refusals_end_it():
        found = running_daemon(config_path, socket_path).silences()
    silences = [it for it in found if with_past or it.in_force]
    if as_json:
        print_data(silences)
    elif silences:
        from rich.console import Console

        from alertd.cli.silences_shown import shown

        console = Console(highlight=False)
        console.print(shown(silences, width=console.width, utc=utc))
    else:
        click.echo("no silences", err=True)


@command.command(short_help="End a silence, or all of them.")
@click.argument("number", required=False, type=click.IntRange(min=1))
@click.option("--all", "end_all", is_flag=True, help="All that are in force.")
@config_option
@socket_option
def expire(
    *, number: int | None, end_all: bool, config_path: Path | None, socket_path: Path | None
) -> None:
    """End a silence, or with --all every one that is in force."""
    from alertd.cli.silences_shown import in_words

    if (number is None) != end_all:
        raise UsersMistake("which? say either its number or --all")
    with refusals_end_it():
        ended = running_daemon(config_path, socket_path).end_silences(number)
    for silence in ended:
        click.echo(f"silence {silence.number} is over: {in_words(silence)}")
    if not ended:
        click.echo("there was none: nothing to do")
