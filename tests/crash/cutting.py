"""What ends a process at a chosen step: cut.c, built, and told by variables where to."""

import enum
import subprocess
from collections.abc import Iterable
from pathlib import Path

import attrs

_SOURCE = Path(__file__).with_name("cut.c")
_FLAGS = ("-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden")


class Side(enum.Enum):
    """Whether the step at which the process ends was made."""

    BEFORE = "before"
    HALF = "half"  # of the bytes; all of it where there are none
    AFTER = "after"


@attrs.frozen
class Cut:
    """The process ends at the step of this number, counted from 1."""

    step: int
    side: Side

    def __str__(self) -> str:
        return f"{self.side.value} {self.step}"


@attrs.frozen
class Tools:
    """The built library, and the logs that it writes for processes on one journal."""

    library: Path
    journal: Path
    steps: Path
    undo: Path

    def environment(self, cut: Cut | None, *, ports: Iterable[int] = ()) -> dict[str, str]:
        """Return the variables by which a process counts its steps, and ends at one of them."""
        variables = {
            "LD_PRELOAD": str(self.library),
            "CUT_FILES": str(self.journal),
            "CUT_STEPS": str(self.steps),
            "CUT_UNDO": str(self.undo),
            "CUT_PORTS": f",{','.join(map(str, ports))},",
        }
        if cut is not None:
            variables |= {"CUT_AT": str(cut.step), "CUT_SIDE": cut.side.value}
        return variables

    def take_steps(self) -> list[str]:
        """Return the steps that were made since this was asked last, by name: `sync alertd.db-wal`."""
        if not self.steps.exists():
            return []
        lines = self.steps.read_text(encoding="ascii").splitlines()
        self.steps.unlink()
        return [line.partition(" ")[2] for line in lines]


def build(folder: Path) -> Path:
    """Build the library in a folder, and return where it is."""
    library = folder / "cut.so"
    subprocess.run(["gcc", *_FLAGS, "-o", str(library), str(_SOURCE)], check=True)
    return library
