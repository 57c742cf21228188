"""A recording while it is written: file after file in a folder, the oldest of which are let go."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from alertd.market.past.recorded.events import Recorded
from alertd.market.past.recorded.file import RecordingFile
from alertd.market.past.recorded.form import ENDING, begun_s, lines_of
from alertd.market.ticker import Ticker

_HOUR_S = 3600
# The whole market at its busiest takes a fifth of it in an hour.
_MOST_BYTES = 256 * 1024**2


class RecordingWriter:
    """Writes tickers into files of an hour each, by UTC; without `keep_s` they stay for ever.

    Its methods block, and raise `OSError`: then nothing of those tickers is written, and they can be
    written again, into another file.
    """

    def __init__(self, folder: Path, keep_s: int | None = None) -> None:
        self.folder = folder
        self._keep_s = keep_s
        self._file: RecordingFile | None = None
        self._tickers = 0
        self._size_before = 0

    def write(self, tickers: Sequence[Ticker], now_s: int) -> Recorded | None:
        """Write them to the disk; return the file before, if another one was begun."""
        finished = self.end() if self._is_due(now_s) else None
        if self._file is None:
            self._file, self._tickers = RecordingFile(self.folder, now_s), 0
            # By the exchange's clock as well: one of ours that is years ahead must delete nothing.
            self._forget(min(now_s, tickers[-1].time_ms // 1000))
        try:
            self._file.write(lines_of(tickers), now_s)
        except OSError:
            self._file.leave()
            self._size_before += self._file.size
            self._file = None
            raise
        self._tickers += len(tickers)
        return finished

    def end(self) -> Recorded | None:
        """End the file that is being written, and return it, if there is one."""
        file, self._file = self._file, None
        if file is None:
            return None
        # What was flushed is on the disk: a file that gets no end is read all the same.
        with contextlib.suppress(OSError):
            file.end()
        self._size_before += file.size
        return Recorded(file.path, self._tickers, file.size)

    @property
    def size(self) -> int:
        """The bytes of all files that it has written."""
        return self._size_before + (self._file.size if self._file is not None else 0)

    def _is_due(self, now_s: int) -> bool:
        file = self._file
        if file is None:
            return False
        return now_s // _HOUR_S != file.begun_s // _HOUR_S or file.size >= _MOST_BYTES

    def _forget(self, now_s: int) -> None:
        """Delete files that were begun too long ago, by their names; what is not ours stays."""
        if self._keep_s is None:
            return
        for path in self.folder.glob(f"*{ENDING}"):
            begun = begun_s(path)
            if begun is not None and begun + _HOUR_S < now_s - self._keep_s:
                # What cannot be deleted must not keep the next from being written.
                with contextlib.suppress(OSError):
                    path.unlink()
