"""`alertd replay`: the alerts that there would have been."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from alertd.cli.common import (
    UsersMistake,
    config_here,
    config_option,
    fail,
    mistakes_end_it,
    warn,
)
from alertd.cli.dates import since, until
from alertd.cli.interrupts import folder_meanwhile
from alertd.cli.replay_plot import draw, plot_option
from alertd.cli.replay_stage import Stage
from alertd.config.watchlist import is_for
from alertd.config.wording import few
from alertd.market.past.klines import KlinesError
from alertd.market.past.recorded.reel import parted, warnings_of
from alertd.market.past.reel import Reel
from alertd.market.past.reels import KlineReel, find_reels
from alertd.market.past.rolling_day import KlinePath
from alertd.replay.output import Format, Layout, comparison_lines
from alertd.replay.printed.lines import OutputError, write_lines
from alertd.replay.printed.table import NEWEST, WIDTH
from alertd.replay.rules_played import RulesPlayed, read_rules_played

# What another process is worth: to start one takes as long as to play as much.
_WORTH_A_PROCESS = 2 * 1024 * 1024


@click.command(short_help="Say which alerts there would have been, over data of the past.")
@click.argument("data", nargs=-1, required=True, metavar="DATA...")
@config_option
@click.option(
    "--rules", multiple=True, metavar="FILE", help="Play these in place of the configuration's."
)
@click.option(
    "--compare", multiple=True, metavar="FILE", help="Say what differs with these rules instead."
)
@click.option("--symbol", "symbols", multiple=True, metavar="SYMBOL", help="Only this, or these.")
@click.option(
    "--from", "start_ms", callback=since, metavar="DATE", help="From that day, month or time (UTC)."
)
@click.option(
    "--to",
    "end_ms",
    callback=until,
    metavar="DATE",
    help="To the end of that day or month, or just before that time (UTC).",
)
@click.option(
    "--path",
    type=click.Choice([path.value for path in KlinePath]),
    default=KlinePath.CLOSE.value,
    show_default=True,
    help="Tickers of a kline: its close, or open, extremes and close.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.TABLE.value,
    show_default=True,
    help="For people, programs, spreadsheets, notes.",
)
@click.option("--all", "lists_all", is_flag=True, help=f"List all alerts, not the newest {NEWEST}.")
@plot_option
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    help="How many play at once.  [as many as there are cores]",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def command(  # noqa: PLR0913 - one for each option
    *,
    data: tuple[str, ...],
    config_path: Path | None,
    rules: tuple[str, ...],
    compare: tuple[str, ...],
    symbols: tuple[str, ...],
    start_ms: int | None,
    end_ms: int | None,
    path: str,
    form: str,
    lists_all: bool,
    plot: Path | None,
    processes: int | None,
    quiet: bool,
) -> None:
    """Say which alerts there would have been, over data of the past.

    DATA are files, folders and globs: the exchange's archive of klines, or recordings. The rules
    are played by the engine that watches the market; nothing is sent, and no secret is needed.

    The first 24 hours of klines fill the 24 hours of the first ticker. With --from, rules see
    nothing of what was before, as if the daemon had been started then. Ctrl-C prints what is known
    so far.
    """
    if plot and compare:
        raise UsersMistake("--plot shows one set of rules: leave out --compare")
    _check_no_rules(data)
    played = _read(config_path, rules)
    other = _read(config_path, compare) if compare else None
    reels = _reels(
        data,
        [each for each in (played, other) if each],
        symbols=[symbol.upper() for symbol in symbols],
        path=KlinePath(path),
        start_ms=start_ms,
        end_ms=end_ms,
    )
    layout = Layout(Format(form), _width(), None if lists_all else NEWEST)
    processes = processes or _processes(reels)
    with folder_meanwhile("alertd-replay-") as folder:
        stage = Stage(parted(reels, processes), folder, processes, is_quiet=quiet)
        if other is not None:
            _print(_compared(stage, played, other, layout))
        else:
            result = stage.play(played)
            _print(result.lines(layout))
            if plot and not stage.is_broken_off:
                draw(plot, reels, result.replay, _notes(reels))
                if not quiet:
                    click.echo(f"drawn: {plot}", err=True)
    sys.exit(stage.interrupts.status)


def _compared(
    stage: Stage, played: RulesPlayed, other: RulesPlayed, layout: Layout
) -> Iterable[str]:
    """Return what to print of two sets of rules: nothing where they were not both played as a whole."""
    before = stage.play(played, "before")
    if not stage.is_broken_off:
        after = stage.play(other, "after")
        if not stage.is_broken_off:
            return comparison_lines(before, after, layout)
    warn("only what was played as a whole is compared")
    return ()


def _print(lines: Iterable[str]) -> None:
    try:
        write_lines(lines, sys.stdout.buffer)
    except OutputError as error:
        # What is still to be written would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(str(error))


def _check_no_rules(data: Iterable[str]) -> None:
    """Raise `UsersMistake` for rules among the data: a glob that the shell has filled in."""
    for each in data:
        if each.endswith((".yaml", ".yml")):
            raise UsersMistake(
                f"{each} is no data: say --rules before each file of rules,"
                " or put a glob into quotes: --rules 'rules/*.yaml'"
            )


def _read(config: Path | None, files: Sequence[str]) -> RulesPlayed:
    found = config or config_here()
    if found is None and not files:
        raise UsersMistake(
            "no rules: name files of them with --rules, or a configuration with --config"
        )
    with mistakes_end_it():
        return read_rules_played(found, files, environment=os.environ)


def _reels(  # noqa: PLR0913 - as many as the options for it
    data: Sequence[str],
    played: Iterable[RulesPlayed],
    *,
    symbols: Sequence[str],
    path: KlinePath,
    start_ms: int | None,
    end_ms: int | None,
) -> tuple[Reel, ...]:
    """Return the reels that any rule is for, as far as that is known before they are played."""
    if start_ms is not None and end_ms is not None and start_ms >= end_ms:
        raise UsersMistake("--from and --to leave nothing: --to is the later one")
    try:
        found = find_reels(data, symbols=symbols, path=path, start_ms=start_ms, end_ms=end_ms)
    except KlinesError as error:
        raise UsersMistake(str(error)) from None
    rules = [rule for each in played for rule in each.rules]
    wanted = [
        reel
        for reel in found
        if not isinstance(reel, KlineReel) or any(is_for(rule, reel.name) for rule in rules)
    ]
    if not wanted:
        names = few([reel.name for reel in found])
        raise UsersMistake(f"no rule is for what is in the data: {names}")
    for note in _notes(wanted):
        warn(note)
    return tuple(wanted)


def _notes(reels: Iterable[Reel]) -> list[str]:
    """Return what one should know of the data."""
    reels = tuple(reels)
    estimated = [reel.name for reel in reels if reel.is_estimated]
    text = "the quote volume is not in the data, it is an estimate"
    notes = [f"{text}: {few(estimated)}"] if estimated else []
    return [*notes, *warnings_of(reels)]


def _width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH


def _processes(reels: Iterable[Reel]) -> int:
    """Return how many processes are worth it, of as many as there are cores for."""
    size = sum(reel.size for reel in reels)
    return min(len(os.sched_getaffinity(0)), 1 + size // _WORTH_A_PROCESS)
