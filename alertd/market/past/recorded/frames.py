"""How far a recording's file is whole: its frames, looked at without being unpacked."""

import mmap
from collections.abc import Iterator
from pathlib import Path

from alertd.market.past.recorded.zstandard import zstd

# RFC 8878, 3.1.1: a frame begins with 0xFD2FB528, little-endian.
MAGIC = b"\x28\xb5\x2f\xfd"


def begins_as_a_frame(path: Path) -> bool:
    """Tell whether a file begins as a frame does, or might if it were longer. Raises `OSError`."""
    with path.open("rb") as file:
        return MAGIC.startswith(file.read(len(MAGIC)))


def whole_bytes(path: Path) -> int:
    """Return where the last whole frame ends that is reached from the file's beginning.

    Raises `OSError`.
    """
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return 0
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            return max(_frame_ends(mapped), default=0)


def last_frame(path: Path, whole: int) -> int:
    """Return where the last of the whole frames begins, which end at `whole`. Raises `OSError`."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), whole, access=mmap.ACCESS_READ) as mapped,
    ):
        begins = ends = 0
        for end in _frame_ends(mapped):
            begins, ends = ends, end
        return begins


def goes_on_after(path: Path, offset: int) -> bool:
    """Tell whether another frame begins after the one at `offset`: then that one is no torn end.

    Raises `OSError`.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return mapped.find(MAGIC, offset + len(MAGIC)) >= 0


def _frame_ends(mapped: mmap.mmap) -> Iterator[int]:
    offset = 0
    with memoryview(mapped) as view:
        while offset < len(view):
            try:
                offset += zstd.get_frame_size(view[offset:])
            except zstd.ZstdError:
                break
            yield offset
