"""A replay: reels of the past played to rules, and the alerts that there would have been."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import attrs

from alertd.engine.rule import Rule
from alertd.market.past.klines import KlinesError
from alertd.market.past.reel import Reel
from alertd.replay.player import Played, Player, Span
from alertd.replay.progress import Gauge, Progress
from alertd.replay.replayed import Replayed
from alertd.replay.runs import Runs, merged, places_of
from alertd.replay.workers import Workers


@attrs.frozen
class Unfinished:
    """A reel that was not played to its end: up to that time in ms (UTC), None where it was not begun."""

    name: str
    reached_ms: int | None


@attrs.frozen(kw_only=True)
class Replay:
    """What came of it. It reads what lies in the folder that was given to `play`.

    `spans` has each symbol that any rule is for, in the order of the alphabet. `unfinished` are
    the reels that were not played to their end, because it was told to stop. `files` are runs of
    alerts.
    """

    rules: tuple[Rule, ...]
    spans: tuple[Span, ...]
    unfinished: tuple[Unfinished, ...]
    files: tuple[Path, ...]

    def alerts(self) -> Iterator[Replayed]:
        """Yield all alerts in the order of time, then of symbols, then of the rules.

        It can be asked for more than once, and holds but a few of them in memory.
        """
        return merged(self.files, places_of(self.rules))


def play(  # noqa: PLR0913 - what it does, and how it tells and is told
    rules: Sequence[Rule],
    reels: Sequence[Reel],
    *,
    folder: Path,
    processes: int = 1,
    report: Callable[[Progress], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Replay:
    """Play reels to rules, the largest first, spread over some processes; one is this one itself.

    The alerts are kept in `folder`, which has to stay for as long as the replay is read. `report`
    is told several times a second how far it is; when `stopped` says so, what was played until then
    is what comes of it. Raises `KlinesError` for what is wrong in a file, `NoRoomError` where the
    folder does not take the alerts, `WorkerDiedError` where a process has ended before its time.
    """
    gauge, order = Gauge(reels, report), _largest_first(reels)
    processes = min(processes, len(reels))
    played: Mapping[int, Played]
    if processes > 1:
        workers = Workers(rules, reels, folder=folder, processes=processes, gauge=gauge)
        workers.play(order, stopped)
        played, files = workers.played, workers.files
    else:
        runs = Runs(folder, "alerts", places_of(rules))
        played, files = _play_here(Player(rules, runs), reels, order, gauge, stopped), runs.files
        runs.flush()
    return Replay(
        rules=tuple(rules),
        spans=_spans(reels, played),
        unfinished=tuple(_unfinished(reels, played)),
        files=tuple(files),
    )


def _play_here(
    player: Player,
    reels: Sequence[Reel],
    order: Iterable[int],
    gauge: Gauge,
    stopped: Callable[[], bool],
) -> Mapping[int, Played]:
    """Play reels in this process, and return what was played of each, by its number."""
    found: dict[int, Played] = {}
    for number in order:
        found[number] = player.play(reels[number], partial(gauge.heard, number), stopped)
        if not found[number].whole:
            break
        gauge.finished(number)
    return found


def _unfinished(reels: Sequence[Reel], played: Mapping[int, Played]) -> Iterator[Unfinished]:
    for number, reel in enumerate(reels):
        so_far = played.get(number)
        if so_far is None or not so_far.whole:
            times = [span.last_ms for span in so_far.spans] if so_far else []
            yield Unfinished(reel.name, max(times, default=None))


def _spans(reels: Sequence[Reel], played: Mapping[int, Played]) -> tuple[Span, ...]:
    """Return all spans by symbol. Raises `KlinesError` for a symbol that is in two reels."""
    found: dict[str, tuple[int, Span]] = {}
    for number, of_reel in sorted(played.items()):
        for span in of_reel.spans:
            other, _ = found.setdefault(span.symbol, (number, span))
            if other != number:
                names = " and in ".join(_called(reels[it], span.symbol) for it in (other, number))
                raise KlinesError(f"{span.symbol} is in {names}: leave out one of them")
    return tuple(found[symbol][1] for symbol in sorted(found))


def _called(reel: Reel, symbol: str) -> str:
    """Return what tells a reel from another one with the symbol: a symbol's own are its klines."""
    return "klines" if reel.name == symbol else reel.name


def _largest_first(reels: Sequence[Reel]) -> list[int]:
    """Return the numbers of reels in the order in which they are played: what takes longest first."""
    return sorted(range(len(reels)), key=lambda number: reels[number].size, reverse=True)
