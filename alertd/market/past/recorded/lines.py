"""A recording's file unpacked, as blocks of whole lines, in bounded memory."""

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import attrs

from alertd.market.past.klines import KlinesError
from alertd.market.past.recorded.frames import (
    begins_as_a_frame,
    goes_on_after,
    last_frame,
    whole_bytes,
)
from alertd.market.past.recorded.zstandard import zstd

# RFC 8878, 3.1.1.1.2: 8 MiB is what every decoder should take. A frame may ask for gigabytes.
_WINDOW_LOG = 23
_PACKED, _UNPACKED = 128 * 1024, 1024 * 1024
_LONGEST_LINE = 4096
# A minute of the whole market unpacks to 2.5 MB; other people's files may be one frame.
_MOST_PIECES = 16


@attrs.frozen
class PackedLines:
    """A file of lines; of its last frame there may be only a part, which is read as far as it goes.

    `whole` is where what is complete ends, in bytes.
    """

    path: Path
    size: int
    whole: int

    @classmethod
    def of(cls, path: Path) -> "PackedLines":
        """Look at a file's frames. Raises `KlinesError` for what is no such file, or damaged."""
        try:
            size, whole = path.stat().st_size, whole_bytes(path)
            begins_right = whole > 0 or begins_as_a_frame(path)
            broken = whole < size and goes_on_after(path, whole)
        except OSError as error:
            raise KlinesError(f"{path}: {str(error.strerror).lower()}") from None
        if not begins_right:
            raise KlinesError(f"{path}: no recording: it is not compressed by Zstandard")
        if broken:
            raise KlinesError(f"{path}: it is damaged at byte {whole:,}, and goes on after that")
        return cls(path, size, whole)

    @property
    def is_torn(self) -> bool:
        """Whether it ends within a frame: it is still being written, or the writer was killed."""
        return self.whole < self.size

    def blocks(self) -> Iterator["Block"]:
        """Yield whole lines, many at once. Raises `KlinesError` for what is damaged further down."""
        line = 1
        try:
            with self.path.open("rb") as file:
                for block in self._lines(self._whole_frames(file), is_torn=False, line=line):
                    line = block.line + block.data.count(b"\n")
                    yield block
                if self.is_torn:
                    yield from self._lines(_as_far_as_it_goes(file), is_torn=True, line=line)
        except OSError as error:
            raise KlinesError(f"{self.path}: {str(error.strerror).lower()}") from None

    def first_line(self) -> bytes:
        """Return its first line, empty where there is none. Raises `KlinesError`."""
        block = next(self.blocks(), None)
        return b"" if block is None else block.data.partition(b"\n")[0]

    def last_line(self) -> bytes:
        """Return the last line of what is whole without reading what is before, as far as that goes.

        It is empty where nothing is whole, and not the last where its frame is a large one. Raises
        `KlinesError`.
        """
        if not self.whole:
            return b""
        try:
            begins = last_frame(self.path, self.whole)
            with self.path.open("rb") as file:
                file.seek(begins)
                tail = b""
                for piece in itertools.islice(self._whole_frames(file), _MOST_PIECES):
                    tail = (tail + piece)[-_LONGEST_LINE:]
        except OSError as error:
            raise KlinesError(f"{self.path}: {str(error.strerror).lower()}") from None
        return tail[: tail.rfind(b"\n")].rpartition(b"\n")[2]

    def _lines(self, pieces: Iterator[bytes], *, is_torn: bool, line: int) -> Iterator["Block"]:
        rest = b""
        for piece in pieces:
            end = piece.rfind(b"\n") + 1
            if end:
                block = Block(line, rest + piece[:end], is_torn)
                yield block
                line, rest = line + block.data.count(b"\n"), piece[end:]
            else:
                rest += piece
            if len(rest) > _LONGEST_LINE:
                raise KlinesError(f"{self.path}:{line}: a line of more than {_LONGEST_LINE} bytes")
        if rest and not is_torn:
            yield Block(line, rest, is_torn)

    def _whole_frames(self, file: BinaryIO) -> Iterator[bytes]:
        try:
            yield from _unpack(file, self.whole - file.tell())
        except zstd.ZstdError as error:
            where = f"{self.path}: it is damaged before byte {file.tell():,}"
            raise KlinesError(f"{where} ({error})") from None


@attrs.frozen
class Block:
    """Lines, the first of which has this number. `is_torn`: no checksum says that they are right."""

    line: int
    data: bytes
    is_torn: bool


def _as_far_as_it_goes(file: BinaryIO) -> Iterator[bytes]:
    """Unpack the frame that has no end; where it is cut off, or nonsense after a crash, is the end.

    Byte by byte: what is unpacked together with nonsense is lost. It is a minute at most.
    """
    unpacker = _unpacker()
    with contextlib.suppress(zstd.ZstdError):
        while packed := file.read(_PACKED):
            for at in range(len(packed)):
                if unpacker.eof:
                    # It has been written on since its frames were looked at.
                    unpacker = _unpacker()
                yield unpacker.decompress(packed[at : at + 1])


def _unpack(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Unpack so many bytes from where the file stands."""
    unpacker, packed = _unpacker(), b""
    while True:
        if unpacker.eof:
            packed, unpacker = unpacker.unused_data, _unpacker()
        if not packed and unpacker.needs_input:
            packed = file.read(min(_PACKED, size))
            if not packed:
                return
            size -= len(packed)
        yield unpacker.decompress(packed, max_length=_UNPACKED)
        packed = b""


def _unpacker() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
