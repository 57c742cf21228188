"""The control socket as a file: made so that only those meant to can use it, and gone at the end."""

import fcntl
import os
import socket
import stat
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

# Clients that wait to be let in; more are turned away by the system.
_BACKLOG = 16
# Source: unix(7), sun_path has 108 bytes with its end.
_LONGEST_PATH = 107


class AlreadyRunningError(Exception):
    """The user's: another daemon listens there. It says where."""


class SocketError(Exception):
    """The machine's: why there can be no control socket."""


@contextmanager
def listening_socket(path: Path, *, group: bool = False) -> Generator[socket.socket]:
    """Listen at `path` for as long as the block lasts; what a dead daemon left there is replaced.

    The socket is for its owner alone, and for its group where `group` says so; a folder that has
    to be made for it is for its owner. Raises `AlreadyRunningError` and `SocketError`.
    """
    try:
        listening = _listen(path, 0o660 if group else 0o600)
        own = path.lstat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SocketError(f"{path}: {reason}") from None
    try:
        yield listening
    finally:
        listening.close()
        _remove_own(path, own)


def _listen(path: Path, mode: int) -> socket.socket:
    if len(bytes(path)) > _LONGEST_PATH:
        raise SocketError(f"{path}: a socket's path has at most {_LONGEST_PATH} bytes")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as on_failure:
        listening = on_failure.enter_context(socket.socket(socket.AF_UNIX))
        with _alone_in(path.parent):
            _remove_stale(path)
            listening.bind(str(path))
            # Nobody gets in before `listen`, so that the right mode is on time.
            path.chmod(mode)
            listening.listen(_BACKLOG)
        on_failure.pop_all()
    return listening


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Keep out others who look for a stale socket at this moment."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_own(path: Path, own: os.stat_result) -> None:
    """Remove the socket, unless another daemon's is there: it may have begun while this one ended."""
    with suppress(OSError), _alone_in(path.parent):
        found = path.lstat()
        # The number of a file that is gone may be another's by now; the time makes it one of a kind.
        if (found.st_ino, found.st_ctime_ns) == (own.st_ino, own.st_ctime_ns):
            path.unlink()


def _remove_stale(path: Path) -> None:
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise SocketError(f"{path}: there is something there, and it is no socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as probe:
        # One that listens and has no time, its backlog being full, would block.
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except BlockingIOError:
            pass
    raise AlreadyRunningError(f"another alertd listens at {path}")
