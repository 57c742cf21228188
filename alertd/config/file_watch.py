"""Whether the files behind a configuration are still as they were when it was read.

They are looked at again and again. That sees what any editor does (rename over, write in place),
new files and other machines' writes on a shared folder, costs a `stat` for each file, and needs
neither a library nor a thread that waits for the kernel.
"""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from alertd.config.files import matching_files
from alertd.config.mistakes import Mistake
from alertd.config.model import Config

# What a file looked like: when it was changed (ns since 1970), its size, its inode.
Stamp = tuple[int, int, int]
Look = Mapping[Path, Stamp | None]


@attrs.define
class FileWatch:
    """The files of a configuration, and those that match its patterns. Blocks on the disk."""

    _config: Config
    _named: frozenset[Path]
    _known: Look

    @classmethod
    def of(cls, config: Config) -> "FileWatch":
        """Watch the files of a configuration that was read."""
        watch = cls(config, frozenset(config.files), {})
        watch._settle_for(watch.look(), config.read_at_ns)
        return watch

    def take_refusal(self, mistakes: Iterable[Mistake], *, read_at_ns: int) -> None:
        """Wait for another change: what was read then had mistakes, maybe in files of its own."""
        self._named |= {Path(mistake.place.file) for mistake in mistakes}
        self._settle_for(self.look(), read_at_ns)

    def look(self) -> Look:
        """Return how the files look now; None for one that cannot be looked at."""
        folder = self._config.files[0]
        files = set(self._named)
        for pattern in self._config.file_patterns:
            try:
                files.update(matching_files(pattern, folder))
            except OSError:
                continue  # a folder that is being moved: what was in it is named, and missing
        return {file: _stamp(file) for file in files}

    def has_changed(self, look: Look) -> bool:
        """Tell whether the files look other than when they were read."""
        return look != self._known

    def _settle_for(self, look: Look, read_at_ns: int) -> None:
        """Take this look for what was read, but for files that were changed since that began.

        A change in the future is another machine's clock, and says nothing.
        """
        now_ns = time.time_ns()
        self._known = {
            file: None if stamp is not None and read_at_ns <= stamp[0] <= now_ns else stamp
            for file, stamp in look.items()
        }


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:
        return None
    # The time of change and not of modification: it cannot be set, and a rename sets it.
    return (status.st_ctime_ns, status.st_size, status.st_ino)
