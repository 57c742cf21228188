"""One file of a recording while it is written: at its end, and never in what was written before."""

import contextlib
import errno
import os
from pathlib import Path

from alertd.market.past.recorded.form import file_name
from alertd.market.past.recorded.zstandard import zstd

# Measured on 573 symbols: 1 takes 6 % more room, 9 takes 6 % less and four times as long.
_LEVEL = 3
_FRAME_S = 60
# Names that are taken, of a process that was restarted within the second.
_MOST_TAKEN = 100


class RecordingFile:
    """A new file in a folder, begun at a second since 1970. Its methods block, and raise `OSError`.

    After a `write` that failed, the file ends where the last one that did not has ended.
    """

    def __init__(self, folder: Path, begun_s: int) -> None:
        _make_folder(folder)
        self.path, self._file = _created(folder, begun_s)
        self.begun_s = begun_s
        self.size = 0
        self._compressor = _compressor()
        self._frame_begun_s = begun_s
        try:
            _sync_folder(folder)
        except OSError:
            self.leave()
            raise

    def write(self, lines: bytes, now_s: int) -> None:
        """Write whole lines, so that from then on they outlive the process and a power cut."""
        if os.fstat(self._file).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, "the file was deleted", str(self.path))
        # A clock that was set back must not make a frame that lasts for an hour.
        whole = not self._frame_begun_s <= now_s < self._frame_begun_s + _FRAME_S
        compressor = self._compressor
        if whole:
            self._append(compressor.compress(lines, compressor.FLUSH_FRAME))
            self._frame_begun_s = now_s
        else:
            self._append(compressor.compress(lines, compressor.FLUSH_BLOCK))

    def end(self) -> None:
        """End it whole; nothing can be written any more."""
        try:
            if self._compressor.last_mode != zstd.ZstdCompressor.FLUSH_FRAME:
                self._append(self._compressor.flush())
        finally:
            self.leave()

    def leave(self) -> None:
        """Let go of it as it is; of an empty one nothing stays."""
        # What is in it was synced before.
        with contextlib.suppress(OSError):
            os.close(self._file)
        with contextlib.suppress(OSError):
            if self.size == 0:
                self.path.unlink()

    def _append(self, data: bytes) -> None:
        try:
            _write_all(self._file, data)
            os.fdatasync(self._file)
        except OSError:
            # It may not even do this: then the end is torn, and readers know what to do.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.size)
            raise
        self.size += len(data)


def _compressor() -> zstd.ZstdCompressor:
    parameter = zstd.CompressionParameter
    options: dict[int, int] = {parameter.compression_level: _LEVEL, parameter.checksum_flag: 1}
    return zstd.ZstdCompressor(options=options)


def _created(folder: Path, begun_s: int) -> tuple[Path, int]:
    """Create a file that was not there."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
    for later_s in range(_MOST_TAKEN):
        path = folder / file_name(begun_s + later_s)
        with contextlib.suppress(FileExistsError):
            return path, os.open(path, flags, 0o644)
    raise FileExistsError(errno.EEXIST, "too many files were begun just now", str(folder))


def _make_folder(folder: Path) -> None:
    # Where a file has its name, what is opened in it says so.
    with contextlib.suppress(FileExistsError):
        folder.mkdir(parents=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
