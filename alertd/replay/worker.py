"""A process that plays reels: what it is told, and what it says. `workers` is the other end.

It is told the number of a reel at a time; None is the end of it. While a reel is played nothing
else is to come: what comes then, or that nobody is there any more, means to stop.
"""

from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import attrs

from alertd.engine.rule import Rule
from alertd.market.past.klines import KlinesError
from alertd.market.past.reel import Reel
from alertd.replay.player import Played, Player
from alertd.replay.runs import NoRoomError, Runs, places_of


@attrs.frozen
class Heard:
    """It went on by so many ticks, to that time (ms)."""

    ticks: int
    time_ms: int


@attrs.frozen
class Ended:
    """It cannot go on, because of this: its last word."""

    error: KlinesError | NoRoomError


@attrs.frozen
class Written:
    """All alerts are in these files: its last word."""

    files: tuple[Path, ...]


Said = Heard | Played | Ended | Written


def work(
    told: Connection, rules: Sequence[Rule], reels: Sequence[Reel], folder: Path, name: str
) -> None:
    """Play reels until there are no more, or nobody is there any more."""
    try:
        with told:
            _work(told, rules, reels, Runs(folder, name, places_of(rules)))
    except (EOFError, ConnectionError):
        pass  # whoever wanted to know has ended


def _work(told: Connection, rules: Sequence[Rule], reels: Sequence[Reel], runs: Runs) -> None:
    player = Player(rules, runs)
    try:
        while (number := told.recv()) is not None:
            told.send(player.play(reels[number], lambda *far: told.send(Heard(*far)), told.poll))
        runs.flush()
    except (KlinesError, NoRoomError) as error:
        told.send(Ended(error))
    else:
        told.send(Written(tuple(runs.files)))
