"""Files that are meant by what a person names: files, folders (searched deeply) and globs."""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from alertd.market.past.checksum import CHECKSUM
from alertd.market.past.klines import KlinesError


def find_files(paths: Sequence[str], endings: tuple[str, ...]) -> list[Path]:
    """Return the files with one of these endings, each once, by name.

    Other files in a folder are left; named by themselves, or by a glob, they are a mistake, except
    for checksums. Raises `KlinesError` for it, and for what is not there.
    """
    found = sorted({path for pattern in paths for path in _files(pattern, endings)})
    if paths and not found:
        raise KlinesError(f"{paths[0]}: a checksum alone is nothing to read")
    return found


def _files(pattern: str, endings: tuple[str, ...]) -> list[Path]:
    # What there is may have a name that would be a glob.
    if os.path.lexists(pattern):
        return _named(Path(pattern), endings)
    matches = glob.glob(pattern, recursive=True)  # noqa: PTH207 - pathlib's globs cannot be absolute
    if not matches:
        raise KlinesError(f"{pattern}: no such file or folder")
    return [file for match in matches for file in _named(Path(match), endings)]


def _named(path: Path, endings: tuple[str, ...]) -> list[Path]:
    if stat.S_ISDIR(_mode(path)):
        found = [file for file in _files_below(path) if file.name.lower().endswith(endings)]
        if not found:
            raise KlinesError(f"{path}: no {', '.join(endings)} file in this folder")
        return [_regular(file) for file in found]
    name = path.name.lower()
    if name.endswith(CHECKSUM.lower()):
        return []
    if not name.endswith(endings):
        raise KlinesError(f"{path}: klines are read from {', '.join(endings)} files")
    return [_regular(path)]


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder and in those in it, but for those that are links."""

    def refuse(error: OSError) -> NoReturn:
        raise _unreadable(error)

    for place, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(place, name) for name in names)


def _unreadable(error: OSError) -> KlinesError:
    return KlinesError(f"{error.filename}: cannot be read ({error.strerror})")


def _regular(path: Path) -> Path:
    """Raise `KlinesError` for what cannot be read more than once, may never end, or is not there."""
    if not stat.S_ISREG(_mode(path)):
        raise KlinesError(f"{path}: a pipe or a device: files are expected")
    return path


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError as error:
        raise _unreadable(error) from None
