"""Rules played where people look on: how far it is, and what they should know of what came of it."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import attrs
import click

from alertd.cli.common import UsersMistake, fail, warn
from alertd.cli.interrupts import Interrupts, interrupts_noted
from alertd.cli.replay_progress import Report, in_words, progress_shown
from alertd.config.watchlist import is_for
from alertd.config.wording import few, shown
from alertd.market.past.klines import KlinesError, utc_text
from alertd.market.past.reel import Reel
from alertd.market.past.reels import KlineReel
from alertd.replay.output import Result
from alertd.replay.playing import Replay, play
from alertd.replay.printed.words import plural
from alertd.replay.rules_played import RulesPlayed
from alertd.replay.runs import NoRoomError
from alertd.replay.workers import WorkerDiedError


@attrs.frozen
class Stage:
    """Where rules are played: on which reels, by how many processes, with room for the alerts."""

    reels: Sequence[Reel]
    folder: Path
    processes: int
    is_quiet: bool = attrs.field(kw_only=True)
    interrupts: Interrupts = attrs.field(factory=Interrupts, init=False)

    @property
    def is_broken_off(self) -> bool:
        """Whether Ctrl-C has ended it before all was played."""
        return self.interrupts.number is not None

    def play(self, played: RulesPlayed, name: str = "") -> Result:
        """Return what comes of rules, after saying whatever a person should know of it."""
        folder = self.folder / (name or "only")
        folder.mkdir()
        started_s = time.monotonic()
        try:
            with interrupts_noted(self.interrupts), self._progress(name) as report:
                replay = play(
                    played.rules,
                    self.reels,
                    folder=folder,
                    processes=self.processes,
                    report=report,
                    stopped=lambda: self.is_broken_off,
                )
        except KlinesError as error:
            raise UsersMistake(str(error)) from None
        except (NoRoomError, WorkerDiedError) as error:
            fail(str(error))
        if not (replay.spans or replay.unfinished):
            raise UsersMistake(f"nothing to play: {self._missing()}; see --symbol, --from and --to")
        if not self.is_quiet:
            click.echo(_account(replay, time.monotonic() - started_s), err=True)
        self._warn(replay)
        return Result(replay, played.channels)

    def _progress(self, name: str) -> AbstractContextManager[Report]:
        return nullcontext(lambda _: None) if self.is_quiet else progress_shown(name)

    def _missing(self) -> str:
        """Say why there may be no ticker at all."""
        begins_ms = [reel.series.begin_ms for reel in self.reels if isinstance(reel, KlineReel)]
        known_ms = [each for each in begins_ms if each is not None]
        if not known_ms:
            return "the recording has no ticker that any rule is for"
        begins = utc_text(min(known_ms))
        return f"24 hours of klines come before the first ticker, and they begin at {begins} UTC"

    def _warn(self, replay: Replay) -> None:
        if replay.unfinished:
            warn(_broken_off(replay))
            return
        played = [span.symbol for span in replay.spans]
        idle = [rule for rule in replay.rules if not any(is_for(rule, it) for it in played)]
        if idle:
            names = few([shown(rule.name) for rule in idle])
            warn(
                f"rules that nothing was played to, as no symbol of theirs is in the data: {names}"
            )


def _account(replay: Replay, seconds: float) -> str:
    ticks = in_words(sum(span.ticks for span in replay.spans), seconds)
    rules, symbols = plural(len(replay.rules), "rule"), plural(len(replay.spans), "symbol")
    return f"{rules}, {symbols}, {ticks}, {seconds:.1f} s"


def _broken_off(replay: Replay) -> str:
    """Say up to where what is not whole was played."""
    begun = [
        f"{reel.name} up to {utc_text(reel.reached_ms)}"
        for reel in replay.unfinished
        if reel.reached_ms is not None
    ]
    others = len(replay.unfinished) - len(begun)
    if others:
        begun.append(f"{others:,} not begun")
    return f"broken off, what follows is not all: {', '.join(begun)}"
