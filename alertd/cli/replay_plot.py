"""`--plot FILE`: a replay as a page or a picture, by the ending of the file's name."""

from collections.abc import Collection, Sequence
from pathlib import Path

import click

from alertd.cli.common import UsersMistake, fail
from alertd.config.wording import shown
from alertd.market.past.klines import KlinesError
from alertd.market.past.reel import Reel
from alertd.replay.playing import Replay

_ENDINGS = (".html", ".png")


def plot_file(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Look, before anything is played, whether there is a place for it."""
    if file is not None and file.suffix.lower() not in _ENDINGS:
        raise UsersMistake(f"--plot {shown(file)}: its name ends in {' or '.join(_ENDINGS)}")
    if file is not None and not file.parent.is_dir():
        raise UsersMistake(f"--plot {shown(file)}: there is no folder {shown(file.parent)}")
    return file


plot_option = click.option(
    "--plot",
    "plot",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=plot_file,
    metavar="FILE",
    help="Draw prices and alerts: a page (.html) that needs no network, or a picture (.png).",
)


def draw(file: Path, reels: Sequence[Reel], replay: Replay, notes: Collection[str]) -> None:
    """Draw a replay, for which the reels are read once more."""
    from alertd.replay.plot.html import plot_html
    from alertd.replay.plot.png import plot_png

    try:
        if file.suffix.lower() == ".png":
            plot_png(reels, replay.alerts, replay.rules, file)
        else:
            plot_html(reels, replay.alerts, replay.rules, file, notes=notes)
    except KlinesError as error:
        # It was sound a moment ago: somebody has changed it.
        fail(str(error))
    except ValueError as error:
        fail(f"{file} cannot be drawn: {error}")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
