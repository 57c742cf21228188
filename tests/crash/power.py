"""A power cut: what was not synced when the process ended is lost, in part, and in no order.

Theory of operation. `cut.c` has noted every change of the journal's files with the bytes before and after it,
and every sync. From the files as the kill left them, all changes that no sync has covered are
undone, the newest first: that is what is on the disk for sure. Of the rest a disk may have written
any part, so each sector of each change is then kept or lost by a draw. A folder's entries are
another matter than the contents of its files: they are kept in their order up to some point, as
file systems with a journal of their own do it, and only a sync of the folder makes sure of them.

A file that was made anew under its old name is another file: contents belong to (name, generation).
"""

import itertools
import random
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import attrs

_HEAD = struct.Struct("<cBHIIIqq")
_SECTOR = 512

File = tuple[str, int]


@attrs.frozen
class Change:
    """A record of the undo log; `what` is as in cut.c."""

    what: str
    name: str
    offset: int
    old_size: int
    old: bytes
    new: bytes


@attrs.frozen
class _Pending:
    """A change that no sync has covered, of one file."""

    change: Change
    file: File


@attrs.define
class Disk:
    """The contents of files, and the folder's names for them."""

    contents: dict[File, bytearray]
    names: dict[str, File]


def read_changes(undo: Path) -> Iterator[Change]:
    """Yield the records of an undo log, without one that the kill has cut short: it was not made."""
    data, at = undo.read_bytes() if undo.exists() else b"", 0
    while at + _HEAD.size <= len(data):
        what, name, _, old, new, _, offset, old_size = _HEAD.unpack_from(data, at)
        ends = [at := at + length for length in (_HEAD.size, name, old, new)]
        if at > len(data):
            return
        parts = [data[begin:end] for begin, end in itertools.pairwise(ends)]
        yield Change(what.decode(), parts[0].decode(), offset, old_size, parts[1], parts[2])


def cut_power(journal: Path, undo: Path, kept: Callable[[], bool]) -> int:
    """Leave of the journal's files what a power cut leaves; return how many changes were at stake.

    `kept` is drawn for each sector and each entry of the folder that may be lost. The undo log is
    gone afterwards: what is there now is on the disk.
    """
    pending, newest = _pending(read_changes(undo))
    disk = _read(journal, newest)
    for each in reversed(pending):
        _undo(disk, each)
    _write_part(disk, pending, kept)
    _replace(journal, disk)
    undo.unlink(missing_ok=True)
    return len(pending)


def partly(draw: random.Random) -> Callable[[], bool]:
    """Return a disk that keeps a share of what it need not keep; now and then it keeps nothing."""
    share = draw.choice((0.0, 0.5, 0.9))
    return lambda: draw.random() < share


def _files(journal: Path) -> list[Path]:
    return list(journal.parent.glob(f"{journal.name}*"))


def _read(journal: Path, newest: Mapping[str, int]) -> Disk:
    # What SQLite's processes share is memory, and is made anew.
    paths = [path for path in _files(journal) if not path.name.endswith("-shm")]
    names = {path.name: (path.name, newest.get(path.name, 0)) for path in paths}
    contents = {names[path.name]: bytearray(path.read_bytes()) for path in paths}
    return Disk(contents, names)


def _pending(changes: Iterable[Change]) -> tuple[list[_Pending], dict[str, int]]:
    """Return the changes that no sync has covered, and the newest generation of each name."""
    newest: dict[str, int] = {}
    pending: list[_Pending] = []
    for change in changes:
        if change.what == "c":
            newest[change.name] = newest.get(change.name, 0) + 1
        file = change.name, newest.get(change.name, 0)
        match change.what:
            case "s":
                pending = [it for it in pending if it.file != file or it.change.what in "cu"]
            case "d":
                gone = {it.file for it in pending if it.change.what == "u"}
                pending = [
                    it for it in pending if it.change.what not in "cu" and it.file not in gone
                ]
            case _:
                pending.append(_Pending(change, file))
    return pending, newest


def _undo(disk: Disk, pending: _Pending) -> None:
    change, file = pending.change, pending.file
    match change.what:
        case "c":
            disk.names.pop(change.name, None)
        case "u":
            disk.contents[file] = bytearray(change.old)
            disk.names[change.name] = file
        case _:
            content = disk.contents.setdefault(file, bytearray())
            content[change.offset : change.offset + len(change.old)] = change.old
            del content[change.old_size :]


def _write_part(disk: Disk, pending: Iterable[_Pending], kept: Callable[[], bool]) -> None:
    in_order = True
    for each in pending:
        change, content = each.change, disk.contents.setdefault(each.file, bytearray())
        match change.what:
            case "c" | "u":
                in_order = in_order and kept()
                if in_order and change.what == "c":
                    disk.names[change.name] = each.file
                elif in_order:
                    disk.names.pop(change.name, None)
            case "t":
                if kept():
                    _resize(content, change.offset)
            case _:
                for begin, end in _sectors(change.offset, len(change.new)):
                    if kept():
                        _resize(content, max(len(content), begin))
                        content[begin:end] = change.new[begin - change.offset : end - change.offset]


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))


def _sectors(offset: int, length: int) -> Iterator[tuple[int, int]]:
    end = offset + length
    while offset < end:
        until = min(end, (offset // _SECTOR + 1) * _SECTOR)
        yield offset, until
        offset = until


def _replace(journal: Path, disk: Disk) -> None:
    for path in _files(journal):
        path.unlink()
    for name, file in disk.names.items():
        (journal.parent / name).write_bytes(disk.contents[file])
