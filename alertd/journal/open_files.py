"""Which files are open: a name may be given to another file at any time, and nobody is told."""

import os
from pathlib import Path

import attrs


@attrs.frozen
class OpenFiles:
    """A journal's database and its log as they were opened, whatever their names stand for by now."""

    database: os.stat_result
    log: os.stat_result

    @classmethod
    def at(cls, path: Path) -> "OpenFiles":
        """Return those of the journal at `path`. Raises `OSError`."""
        return cls(path.stat(), _log_of(path).stat())

    def has_database(self, path: Path) -> bool:
        """Tell whether whoever looks at `path` finds the open database. Raises `OSError`."""
        return _is_at(path, self.database)

    def has_log(self, path: Path) -> bool:
        """Tell whether the open log is still beside `path`. Raises `OSError`."""
        return _is_at(_log_of(path), self.log)


def _is_at(path: Path, file: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), file)
    except FileNotFoundError:
        return False


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
