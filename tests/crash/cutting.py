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
    """The process ends at one of its steps: at this one of its `kind`, counted from 1."""

    kind: str
    step: int
    side: Side


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
            variables |= {
                "CUT_ONLY": cut.kind,
                "CUT_AT": str(cut.step),
                "CUT_SIDE": cut.side.value,
            }
        return variables

    def take_steps(self) -> list[str]:
        """Return the steps that were made since this was asked last: `sync alertd.db-wal`, `send 8080`."""
        if not self.steps.exists():
            return []
        steps = self.steps.read_text(encoding="ascii").splitlines()
        self.steps.unlink()
        return steps


def kind_of(step: str) -> str:
    """Return what a step does to a file of that name, or to any receiver: that ends with a space."""
    return step.rstrip("0123456789")


def build(folder: Path) -> Path:
    """Build the library in a folder, and return where it is."""
    library = folder / "cut.so"
    subprocess.run(["gcc", *_FLAGS, "-o", str(library), str(_SOURCE)], check=True)
    return library
