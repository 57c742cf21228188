"""What reaches a real notify socket, at a path and at an abstract name."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alertd.systemd import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """A service manager's socket, and its address as $NOTIFY_SOCKET has it."""
    address = str(tmp_path / "notify") if request.param == "path" else f"@alertd-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address.replace("@", "\0") if address.startswith("@") else address)
        listening.setblocking(False)
        yield address, listening


def test_the_manager_is_told_each_turn(manager: tuple[str, socket.socket]):
    address, listening = manager
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": address})
    notifier.ready("4 symbols")
    notifier.status("4 symbols, 2 alerts")
    notifier.stopping()
    assert [listening.recv(1000) for _ in range(3)] == [
        b"READY=1\nSTATUS=4 symbols",
        b"STATUS=4 symbols, 2 alerts",
        b"STOPPING=1\nSTATUS=stopping",
    ]


def test_a_reload_is_told_with_the_time_at_which_it_began(manager: tuple[str, socket.socket]):
    address, listening = manager
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    Notifier(address).reloading()
    told, monotonic, status = listening.recv(1000).decode().splitlines()
    assert (told, status) == ("RELOADING=1", "STATUS=reloading")
    assert monotonic.startswith("MONOTONIC_USEC=")
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert before <= int(monotonic.removeprefix("MONOTONIC_USEC=")) <= now


def test_a_manager_that_was_too_busy_to_hear_of_the_end_of_a_reload_hears_it_later(
    manager: tuple[str, socket.socket], caplog: pytest.LogCaptureFixture
):
    address, listening = manager
    notifier = Notifier(address)
    while not caplog.records:
        notifier.ready("reloaded")
    with contextlib.suppress(BlockingIOError):
        while listening.recv(1000):
            pass
    for status in ("fine", "still fine"):
        notifier.status(status)
    assert listening.recv(1000) == b"READY=1\nSTATUS=fine"
    assert listening.recv(1000) == b"STATUS=still fine"


def test_a_line_break_in_the_status_cannot_say_anything_else(manager: tuple[str, socket.socket]):
    address, listening = manager
    Notifier(address).status("fine\nSTOPPING=1")
    assert listening.recv(1000) == b"STATUS=fine STOPPING=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}])
def test_without_a_manager_nothing_is_sent(
    environment: dict[str, str], caplog: pytest.LogCaptureFixture
):
    Notifier.from_environment(environment).ready("fine")
    assert not caplog.records


def test_a_manager_that_is_gone_is_a_warning_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    Notifier(str(tmp_path / "nobody")).ready("fine")
    assert "could not be told" in caplog.text
