"""Which files a configuration is made of."""

import errno
import glob
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from alertd.config.mistakes import Mistake, MistakesError, Place, WrongError
from alertd.config.values import text
from alertd.config.wording import shown

DEFAULT_PATHS = (Path("config.yaml"), Path("/etc/alertd/config.yaml"))
TESTS = ".test.yaml"
JOURNAL = "state/alertd.db"
RECORDINGS = "state/recordings"
_LONGEST_PATTERN = 1_000
_MOST_FOLDERS = 10_000


def find_config(given: Path | None) -> Path:
    """Return the configuration file: the one given, else the first default that is there.

    Raises `MistakesError` where there is none.
    """
    if given is not None:
        return given
    for path in DEFAULT_PATHS:
        if path.exists():
            return path
    first, second = DEFAULT_PATHS
    text = f"there is no such file, nor {second}: name one with --config FILE"
    raise MistakesError([Mistake(Place(str(first)), text)])


def state_folder(config: Path, environment: Mapping[str, str]) -> Path:
    """Return where alertd may keep files: below the service manager's folder, else beside `config`.

    Source: systemd.exec(5), STATE_DIRECTORY; where there are several, the first is meant.
    """
    return _base_folder(config, environment) / "state"


def journal_name(value: object) -> str:
    """Read the name of the journal's file. Raises `WrongError`."""
    written = text(value)
    if "://" in written or not written.isprintable():
        raise WrongError(f"{shown(written)} is no name of a file: write it like {JOURNAL}")
    if written.startswith("~"):
        raise WrongError(f"{shown(written)}: `~` stands for nothing here; write the whole path")
    if written == "off":
        raise WrongError("there is always a journal: name its file, or leave this out")
    last = written.rpartition("/")[2]
    if last == ".." or last != Path(written).name:
        raise WrongError(f"{shown(written)} is a folder: name a file in it, like {JOURNAL}")
    return written


def folder_name(value: object) -> Path:
    """Read the name of a folder. Raises `WrongError`."""
    written = text(value)
    if "://" in written or not written.isprintable():
        raise WrongError(f"{shown(written)} is no name of a folder: write it like {RECORDINGS}")
    if written.startswith("~"):
        raise WrongError(f"{shown(written)}: `~` stands for nothing here; write the whole path")
    return Path(written)


def below_base(written: str | Path, config: Path, environment: Mapping[str, str]) -> Path:
    """Return where a file or a folder is: below the service manager's folder, else beside `config`."""
    return _base_folder(config, environment) / written


def _base_folder(config: Path, environment: Mapping[str, str]) -> Path:
    given = environment.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else config.parent


def rule_files(pattern: str, config: Path) -> list[Path]:
    """Return the files that a pattern names, relative to the configuration file's folder.

    Tests of rules (`*.test.yaml`) and the configuration file itself are no rule files. Raises
    `WrongError` where nothing is left.
    """
    if "\0" in pattern or len(pattern) > _LONGEST_PATTERN:
        raise WrongError(f"{shown(pattern)} is no name of files")
    if pattern.count("**") > 1:
        raise WrongError(f"{shown(pattern)}: `**` stands once, for folders however deep")
    try:
        files = matching_files(pattern, config)
    except OSError as error:
        reason = str(error.strerror).lower()
        raise WrongError(f"the files of {shown(pattern)} cannot be looked at: {reason}") from None
    if not files:
        raise WrongError(f"no file matches {shown(pattern)}, seen from this file's folder")
    return files


def matching_files(pattern: str, config: Path) -> list[Path]:
    """Return the same, and nothing where nothing matches. Raises `OSError`."""
    folder = config.parent
    found = sorted(_matches(pattern, folder))
    files = [folder / match for match in found if not match.endswith(TESTS)]
    return [file for file in files if file.is_file() and not file.samefile(config)]


def _matches(pattern: str, folder: Path) -> Iterator[str]:
    """Yield what matches, folder by folder below `**`: where links lead in circles there is no end."""
    if pattern == "**" or pattern.endswith("/**"):
        pattern += "/*"
    above, deep, below = pattern.partition("**/")
    if not deep:
        yield from glob.iglob(pattern, root_dir=folder)  # noqa: PTH207 - Path.glob refuses absolute patterns
        return
    folders = glob.iglob(above + deep, root_dir=folder, recursive=True)  # noqa: PTH207 - so does this one
    here = [] if above else [above]
    for count, inner in enumerate(chain(here, folders)):
        if count > _MOST_FOLDERS:
            raise OSError(errno.E2BIG, f"more than {_MOST_FOLDERS:,} folders")
        yield from glob.iglob(glob.escape(inner) + below, root_dir=folder)  # noqa: PTH207 - and this
