"""A command on a terminal of its own, as a person sees it."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs

PATIENCE_S = 20
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@attrs.define
class Terminal:
    """A command on a terminal of its own, and all that it has written there."""

    pid: int
    descriptor: int
    text: str = ""

    def read_until(self, words: str) -> str:
        """Read until these words were written since the last frame began; return all since then."""
        ends_s = time.monotonic() + PATIENCE_S
        while words not in self.frame:
            left_s = ends_s - time.monotonic()
            assert left_s > 0, self.frame
            if select.select([self.descriptor], [], [], left_s)[0]:
                self.text += os.read(self.descriptor, 65_536).decode(errors="replace")
        return self.frame

    @property
    def frame(self) -> str:
        return _CONTROLS.sub("", self.text.rpartition("\x1b[H")[2])

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ends(self) -> int:
        """Wait for its end; return its exit status, or the signal's below 0."""
        try:
            while chunk := os.read(self.descriptor, 65_536):
                self.text += chunk.decode(errors="replace")
        except OSError:
            pass  # how a terminal says that its other end is closed
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())


@contextmanager
def on_terminal(*arguments: str, folder: Path | None = None) -> Generator[Terminal]:
    """Run a command of alertd's on a terminal of 80 columns."""
    environment = os.environ | {
        "TERM": "xterm",
        "XDG_RUNTIME_DIR": "",
        "PYTHONPATH": str(Path.cwd()),
    }
    environment.pop("COLUMNS", None)
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(folder or Path.cwd())
        command = [sys.executable, "-m", "alertd", *arguments]
        os.execve(sys.executable, command, environment)  # noqa: S606 - a process of the test's own
    terminal = Terminal(pid, descriptor)
    terminal.resize(24, 80)
    try:
        yield terminal
    finally:
        os.close(descriptor)
