"""Reels played by several processes: each is given the next one as soon as it is done with one."""

import multiprocessing
import signal
from collections.abc import Callable, Iterable, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import attrs

from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.replay.player import Played
from alertd.replay.progress import Gauge
from alertd.replay.worker import Ended, Heard, Said, Written, work
from alertd.uninterrupted import uninterrupted

# How long nobody may say anything until it is looked whether to stop.
_LOOK_S = 0.1


class WorkerDiedError(Exception):
    """Ours or the machine's fault: a process did not start, or has ended before its time. Its text says what to do."""


@attrs.define(eq=False)
class _Worker:
    """A process, the way to it, the reel that it plays, and whether it knows that there are no more."""

    process: BaseProcess
    way: Connection
    number: int | None = None
    dismissed: bool = False


class Workers:
    """Some processes that play `reels`.

    `played` are those that were played, by their numbers; `files` have the alerts.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        reels: Sequence[Reel],
        *,
        folder: Path,
        processes: int,
        gauge: Gauge,
    ) -> None:
        self.played: dict[int, Played] = {}
        self.files: list[Path] = []
        self._arguments = (tuple(rules), tuple(reels), folder)
        self._reels = reels
        self._processes = processes
        self._gauge = gauge
        self._waiting: list[int] = []
        self._busy: dict[Connection, _Worker] = {}

    def play(self, numbers: Iterable[int], stopped: Callable[[], bool]) -> None:
        """Have the reels with these numbers played, in about this order, until it is `stopped`.

        Raises `KlinesError` for what is wrong in a file, `NoRoomError`, `WorkerDiedError`.
        """
        self._waiting = [*numbers][::-1]
        started: list[_Worker] = []
        try:
            self._start(started)
            self._busy = {worker.way: worker for worker in started}
            for worker in started:
                self._next(worker)
            while self._busy:
                if stopped():
                    self._dismiss_all()
                for way in wait(list(self._busy), _LOOK_S):
                    self._hear(self._busy[way])  # type: ignore[index]  # those that it was given
        finally:
            for worker in started:
                worker.process.kill()
                worker.process.join()
                worker.process.close()
                worker.way.close()

    def _start(self, started: list[_Worker]) -> None:
        """Start them all, and put each into the list as soon as it runs."""
        try:
            # To start it lets signals in, and later it runs already.
            resource_tracker.ensure_running()
            # A Ctrl-C goes to all processes of a terminal: it is for this one alone.
            with uninterrupted():
                for place in range(self._processes):
                    started.append(self._started(str(place)))  # noqa: PERF401 - a part of them, if one fails
        except OSError as error:
            reason = error.strerror or type(error).__name__
            text = f"a process cannot be started: {reason}: try --processes 1"
            raise WorkerDiedError(text) from None

    def _started(self, name: str) -> _Worker:
        context = multiprocessing.get_context("spawn")  # the others would copy whatever is there
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, *self._arguments, name), daemon=True)
        with theirs:
            process.start()
        return _Worker(process, ours)

    def _next(self, worker: _Worker) -> None:
        """Give a worker its next reel, or let it know that there is none."""
        worker.number = self._waiting.pop() if self._waiting else None
        worker.dismissed = worker.number is None
        self._tell(worker, worker.number)

    def _dismiss_all(self) -> None:
        for worker in self._busy.values():
            if not worker.dismissed:
                worker.dismissed = True
                self._tell(worker, None)

    def _tell(self, worker: _Worker, number: int | None) -> None:
        try:
            worker.way.send(number)
        except ConnectionError:
            raise self._died(worker) from None

    def _hear(self, worker: _Worker) -> None:
        try:
            said: Said = worker.way.recv()
        except (EOFError, ConnectionError):
            raise self._died(worker) from None
        match said:
            case Heard():
                self._gauge.heard(self._number(worker), said.ticks, said.time_ms)
            case Played():
                self._take(worker, said)
            case Ended():
                raise said.error
            case Written():
                self.files.extend(said.files)
                del self._busy[worker.way]

    def _take(self, worker: _Worker, played: Played) -> None:
        number = self._number(worker)
        self.played[number] = played
        if played.whole:
            self._gauge.finished(number)
        if not worker.dismissed:
            self._next(worker)

    def _number(self, worker: _Worker) -> int:
        assert worker.number is not None  # noqa: S101 - it was told one before it could say that
        return worker.number

    def _died(self, worker: _Worker) -> WorkerDiedError:
        worker.process.join()
        code = worker.process.exitcode or 0
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        what = f" {self._reels[worker.number].name}" if worker.number is not None else ""
        hint = ": memory may be short, try --processes 1" if code == -signal.SIGKILL else ""
        return WorkerDiedError(f"the process that played{what} {how}{hint}")
