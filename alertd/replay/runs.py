"""Alerts on the disk, put in order: any number of them, in as much memory as a few thousand take.

An external merge sort: what comes in is kept until it is a run's worth, sorted, and written to a file of
its own; whoever reads merges the runs.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

import attrs
import msgspec

from alertd.engine.rule import Rule
from alertd.replay.replayed import Replayed

# An alert takes about 1 KiB.
RUN = 4_000
# So much of each run is in memory while they are read. It is read piece by piece, and its file is
# closed between them: there may be more runs than a process may have open files.
_PIECE = 16 * 1024

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Replayed)

_Key = tuple[int, str, int]


class NoRoomError(Exception):
    """The machine's fault: alerts cannot be kept. Its text says where, why, and what to do."""


@attrs.frozen
class Runs:
    """Writes alerts, as they come, into files in `folder` whose names begin with `name`.

    They are put into the order of time, then of symbols, then of `places`, which has the place of each
    rule by its name.
    """

    folder: Path
    name: str
    places: Mapping[str, int]
    files: list[Path] = attrs.field(factory=list, init=False)
    _waiting: list[tuple[_Key, bytes]] = attrs.field(factory=list, init=False)

    def add(self, alert: Replayed) -> None:
        """Take an alert. Raises `NoRoomError`."""
        self._waiting.append((_key(alert, self.places), _encoder.encode(alert)))
        if len(self._waiting) >= RUN:
            self.flush()

    def flush(self) -> None:
        """Write what has not been written. Raises `NoRoomError`."""
        if not self._waiting:
            return
        # Of one moment, symbol and rule they stay in the order in which they came.
        self._waiting.sort(key=itemgetter(0))
        file = self.folder / f"{self.name}-{len(self.files)}.jsonl"
        try:
            with file.open("xb") as stream:
                stream.writelines(line + b"\n" for _, line in self._waiting)
        except OSError as error:
            text = f"alerts cannot be kept in {self.folder}: {error.strerror}"
            raise NoRoomError(f"{text}; TMPDIR may name another place") from None
        self.files.append(file)
        self._waiting.clear()


def places_of(rules: Sequence[Rule]) -> Mapping[str, int]:
    """Return the place of each rule, by its name."""
    return {rule.name: place for place, rule in enumerate(rules)}


def merged(files: Sequence[Path], places: Mapping[str, int]) -> Iterator[Replayed]:
    """Yield the alerts of all runs, in their common order."""
    return heapq.merge(*map(_alerts, files), key=lambda alert: _key(alert, places))


def _alerts(file: Path) -> Iterator[Replayed]:
    read = 0
    while True:
        with file.open("rb") as stream:
            stream.seek(read)
            lines = stream.readlines(_PIECE)
            read = stream.tell()
        if not lines:
            return
        yield from map(_decoder.decode, lines)


def _key(alert: Replayed, places: Mapping[str, int]) -> _Key:
    return alert.time_ms, alert.symbol, places[alert.rule]
