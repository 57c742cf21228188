"""The control socket as a file: who may use it, and what becomes of it."""

import os
import socket
import stat
import sys
import threading
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from alertd.web.listening import AlreadyRunningError, SocketError, listening_socket


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "run" / "alertd.sock"


def test_it_is_for_its_owner_alone_whatever_the_umask_says(place: Path):
    before = os.umask(0)
    try:
        with listening_socket(place):
            assert (mode_of(place), mode_of(place.parent)) == (0o600, 0o700)
    finally:
        os.umask(before)


def test_its_group_is_let_in_where_that_is_asked_for(place: Path):
    before = os.umask(0o077)
    try:
        with listening_socket(place, group=True):
            assert mode_of(place) == 0o660
    finally:
        os.umask(before)


def test_clients_get_through(place: Path):
    with listening_socket(place) as listening, socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place))
        accepted, _ = listening.accept()
        with accepted:
            accepted.sendall(b"hello")
        assert client.recv(10) == b"hello"


def test_it_is_gone_at_the_end(place: Path):
    with listening_socket(place):
        assert place.exists()
    assert not place.exists()


def test_one_that_ends_leaves_the_socket_of_the_next_alone(place: Path):
    with ExitStack() as the_next:
        with listening_socket(place) as ending:
            ending.close()  # as when its last messages are delivered
            the_next.enter_context(listening_socket(place))
        with socket.socket(socket.AF_UNIX) as client:
            assert client.connect_ex(str(place)) == 0


def test_what_a_dead_daemon_left_is_replaced(place: Path):
    place.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place))
    with listening_socket(place), socket.socket(socket.AF_UNIX) as client:
        assert client.connect_ex(str(place)) == 0


def test_a_live_daemons_is_left_alone(place: Path):
    with listening_socket(place):
        with pytest.raises(AlreadyRunningError, match=str(place)), listening_socket(place):
            pass
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(place))


def test_a_daemon_that_is_too_busy_to_answer_is_alive(place: Path):
    place.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as client:
        busy.bind(str(place))
        busy.listen(0)
        client.connect(str(place))
        with pytest.raises(AlreadyRunningError), listening_socket(place):
            pass


def test_a_file_that_is_no_socket_is_never_removed(place: Path):
    place.parent.mkdir()
    place.write_text("precious")
    with pytest.raises(SocketError, match="no socket"), listening_socket(place):
        pass
    assert place.read_text() == "precious"


def test_a_path_that_is_too_long_is_said_so(tmp_path: Path):
    with pytest.raises(SocketError, match="at most 107"), listening_socket(tmp_path / ("x" * 108)):
        pass


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path):
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "alertd.sock"
    with pytest.raises(SocketError, match=r"alertd\.sock: "), listening_socket(place):
        pass


@pytest.fixture
def restless() -> Generator[None]:
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_of_many_that_start_at_once_over_a_stale_one_a_single_one_listens(place: Path, restless):
    place.parent.mkdir()
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(place))
        assert sorted(_started_at_once(place)) == ["listens"] + 7 * ["refused"]


def _started_at_once(place: Path) -> list[str]:
    together, outcomes = threading.Barrier(8), list[str]()

    def start() -> None:
        together.wait()
        try:
            with listening_socket(place):
                outcomes.append("listens")
                together.wait()
        except (AlreadyRunningError, SocketError) as error:
            outcomes.append("refused" if isinstance(error, AlreadyRunningError) else str(error))
            together.wait()

    starters = [threading.Thread(target=start) for _ in range(8)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    return outcomes
