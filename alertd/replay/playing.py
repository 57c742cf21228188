"""A replay: reels of the past played to rules, and the alerts that there would have been."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import attrs

from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.replay.player import Player, Span
from alertd.replay.progress import Gauge, Progress
from alertd.replay.replayed import Replayed
from alertd.replay.runs import Runs, merged


@attrs.frozen
class Replay:
    """What came of it. It reads what lies in the folder that was given to `play`.

    `spans` has each symbol that any rule is for, in the order of the alphabet. `unfinished` are the
    names of reels that were not played to their end, because it was told to stop.
    """

    rules: tuple[Rule, ...]
    spans: tuple[Span, ...]
    unfinished: tuple[str, ...]
    _files: tuple[Path, ...]

    def alerts(self) -> Iterator[Replayed]:
        """Yield all alerts in the order of time, then of symbols, then of the rules.

        It can be asked for more than once, and holds but a few of them in memory.
        """
        return merged(self._files, _places(self.rules))


def play(
    rules: Sequence[Rule],
    reels: Sequence[Reel],
    *,
    folder: Path,
    report: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Replay:
    """Play reels to rules, the largest first.

    The alerts are kept in `folder`, which has to stay for as long as the replay is read. `report`
    is told several times a second how far it is; when `stopped` says so, what was played until then
    is what comes of it. Raises `KlinesError` for what is wrong in a file.
    """
    runs, gauge = Runs(folder, "alerts", _places(rules)), Gauge(reels, report)
    player = Player(rules, runs)
    spans: list[Span] = []
    unfinished: list[str] = []
    for number in largest_first(reels):
        played = player.play(reels[number], partial(gauge.heard, number), stopped)
        spans.extend(played.spans)
        if played.whole:
            gauge.finished(number)
        else:
            unfinished.append(reels[number].name)
    runs.flush()
    spans.sort(key=lambda span: span.symbol)
    return Replay(tuple(rules), tuple(spans), tuple(unfinished), tuple(runs.files))


def largest_first(reels: Sequence[Reel]) -> list[int]:
    """Return the numbers of reels in the order in which they are played: what takes longest first."""
    return sorted(range(len(reels)), key=lambda number: reels[number].size, reverse=True)


def _places(rules: Sequence[Rule]) -> dict[str, int]:
    return {rule.name: place for place, rule in enumerate(rules)}
