"""The room that is left on the disk where the journal is, and when that is worth a word."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import attrs
import trio

from alertd.logs.fields import about

_log = logging.getLogger(__name__)

_MIB = 1024**2
_LOOK_EVERY_S = 60.0
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_THREE_DIGITS = 100
# The journal of a busy day takes a few MiB. A small disk, such as a router's, may be smaller than
# the first of the two when it is empty, and of a large one a share would be more than alertd ever
# needs.
_LITTLE = 100 * _MIB
_LITTLE_SHARE = 0.02
# There is room again where there is more than twice as much: what others write moves all the time.
_ENOUGH_AGAIN = 2


@attrs.frozen
class Room:
    """Bytes that a user other than root may still write, and those of the whole file system."""

    free: int
    total: int

    def is_low(self, *, was_low: bool) -> bool:
        """Tell whether it is little; where it was, until there is clearly more."""
        little = min(_LITTLE, self.total * _LITTLE_SHARE)
        return self.free < (_ENOUGH_AGAIN * little if was_low else little)

    def __str__(self) -> str:
        return f"{_size(self.free)} of {_size(self.total)}"


@attrs.frozen
class DiskEvent:
    """A disk that is nearly full, or no longer."""

    folder: Path
    room: Room
    is_low: bool

    def __str__(self) -> str:
        if self.is_low:
            return f"the disk of {self.folder} is nearly full: {self.room} left"
        return f"the disk of {self.folder} has room again: {self.room}"


def room_at(folder: Path) -> Room:
    """Return the room where a folder is, or will be. Blocks, on a network disk for long.

    Raises `OSError`. Source: statvfs(3); f_bavail is what is free for others than root.
    """
    there = next(it for it in (folder, *folder.absolute().parents) if it.exists())
    found = os.statvfs(there)
    return Room(found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)


async def watch_disk(
    folder: Path,
    report: Callable[[DiskEvent], None],
    *,
    look: Callable[[Path], Room] = room_at,
) -> None:
    """Look every minute, until cancelled, and report when room becomes little and when it is not.

    What cannot be looked at is in the log, once: whoever writes there will say more.
    """
    is_low, is_blind = False, False
    while True:
        try:
            room = await trio.to_thread.run_sync(look, folder, abandon_on_cancel=True)
        except OSError as error:
            if not is_blind:
                _log.warning(
                    "the disk of %s cannot be looked at: %s",
                    folder,
                    error.strerror,
                    extra=about("disk.unknown", reason=error.strerror),
                )
            is_blind = True
        else:
            is_blind = False
            if room.is_low(was_low=is_low) is not is_low:
                is_low = not is_low
                report(DiskEvent(folder, room, is_low))
        await trio.sleep(_LOOK_EVERY_S)


def _size(count: int) -> str:
    """Return a count of bytes for people: `83 MiB`, `1.5 GiB`."""
    power = sum(count >= 1000 * 1024**step for step in range(len(_UNITS) - 1))
    size = count / 1024**power
    return f"{size:.3g} {_UNITS[power]}" if size < _THREE_DIGITS else f"{size:.0f} {_UNITS[power]}"
