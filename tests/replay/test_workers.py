"""Reels on several processes: the same alerts, whoever plays them, and every way in which that ends."""

import multiprocessing
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from alertd.market.past.klines import KlinesError
from alertd.market.ticker import Ticker
from alertd.replay.playing import play
from alertd.replay.progress import Progress
from alertd.replay.runs import NoRoomError
from alertd.replay.workers import WorkerDiedError
from tests.replay.reels import ListedReel, crossing, rules_of, ticker, zigzag

NAMES = ("A", "B", "C", "D", "E")


@attrs.frozen
class DeadlyReel:
    """Whoever plays it is killed, as by a machine that has no memory left."""

    name: str = "BTCUSDT"
    size: int = 1
    is_estimated: bool = False
    times_ms: tuple[int, int] | None = None

    def tickers(self) -> Iterator[Ticker]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield ticker(0, 1)


@attrs.frozen
class EndlessReel:
    """It goes on until it is stopped."""

    name: str = "A"
    size: int = 1_000
    is_estimated: bool = False
    times_ms: tuple[int, int] | None = None

    def tickers(self) -> Iterator[Ticker]:
        second = 0
        while True:
            yield ticker(second, 110 if second % 100 == 99 else 90, self.name)
            second += 1


def test_two_processes_give_what_one_gives(tmp_path: Path):
    rules = rules_of(
        tmp_path,
        "rules:\n"
        "  up: {symbols: all, when: {close: {crosses_above: 100}}, cooldown: 3s}\n"
        "  rise: {symbols: '[A-C]', when: {close: {rises: 1%, within: 5s}}, notify_resolved: true}\n"
        "  open: {symbols: D, when: {close: {above: 1}}, active: {days: mon-sun, timezone: Europe/Berlin}}\n",
    )
    reels = [zigzag(name, ticks=100 * (place + 1)) for place, name in enumerate(NAMES)]
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    alone = play(rules, reels, folder=here)
    together = play(rules, reels, folder=there, processes=2)
    assert list(together.alerts()) == list(alone.alerts())
    assert together.spans == alone.spans
    assert together.unfinished == ()


def test_all_processes_report_to_one_gauge(tmp_path: Path):
    told: list[Progress] = []
    reels = [zigzag(name, ticks=10) for name in NAMES]
    play(crossing(tmp_path), reels, folder=tmp_path, processes=2, report=told.append)
    assert told[-1].ticks == 50
    assert told[-1].size == sum(reel.size for reel in reels)
    assert told[-1].played is not None


def test_a_mistake_in_a_file_ends_them_all(tmp_path: Path):
    broken = ListedReel("A", [ticker(0, 90)], mistake="A.csv:17: sort the lines")
    with pytest.raises(KlinesError, match=r"A\.csv:17"):
        play(crossing(tmp_path), [broken, EndlessReel("B")], folder=tmp_path, processes=2)


def test_a_disk_that_takes_no_alerts_ends_them_all(tmp_path: Path):
    reels = [zigzag(name, ticks=4) for name in NAMES]
    with pytest.raises(NoRoomError, match="cannot be kept in"):
        play(crossing(tmp_path), reels, folder=tmp_path / "missing", processes=2)


def test_a_process_that_is_killed_is_said_with_what_it_played(tmp_path: Path):
    with pytest.raises(WorkerDiedError, match=r"BTCUSDT was ended by SIGKILL: memory"):
        play(crossing(tmp_path), [DeadlyReel(), EndlessReel()], folder=tmp_path, processes=2)


def test_a_process_that_cannot_be_started_is_said_with_what_to_do(tmp_path: Path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 6, hard))
    try:
        with pytest.raises(WorkerDiedError, match="cannot be started: Too many open files: try"):
            play(
                crossing(tmp_path),
                [EndlessReel("A"), EndlessReel("B")],
                folder=tmp_path,
                processes=2,
            )
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not multiprocessing.active_children()


def test_what_all_have_played_until_they_are_stopped_is_what_comes_of_it(tmp_path: Path):
    told: list[Progress] = []
    replay = play(
        crossing(tmp_path),
        [EndlessReel("A"), EndlessReel("B"), zigzag("C", ticks=4)],
        folder=tmp_path,
        processes=2,
        report=told.append,
        stopped=lambda: {"A", "B"} <= {it.name for it in told},
    )
    assert [reel.name for reel in replay.unfinished] == ["A", "B", "C"]
    assert [span.symbol for span in replay.spans] == ["A", "B"]
    assert sum(1 for _ in replay.alerts()) == sum(span.ticks // 100 for span in replay.spans)


def test_a_symbol_that_is_in_two_reels_is_a_mistake(tmp_path: Path):
    reels = [zigzag("A", ticks=4), ListedReel("recorded", [ticker(0, 90, "A")])]
    with pytest.raises(KlinesError, match="A is in klines and in recorded: leave out one of them"):
        play(crossing(tmp_path), reels, folder=tmp_path)
