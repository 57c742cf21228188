"""A request to a unix socket, by the standard library: httpx would double the time that a command starts in."""

import http.client
import socket
from pathlib import Path

import attrs


@attrs.frozen(kw_only=True)
class Asked:
    """What is asked; `target` is a path with its query, ready for the line of a request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


@attrs.frozen
class Answered:
    """What was answered."""

    status: int
    body: bytes


def ask(place: Path, asked: Asked, *, timeout_s: float) -> Answered:
    """Ask whoever listens at `place`.

    Raises `TimeoutError`, other `OSError`s and `http.client.HTTPException`.
    """
    connection = _Connection(place, timeout_s=timeout_s)
    try:
        connection.request(asked.method, asked.target, asked.body or None, asked.headers)
        response = connection.getresponse()
        return Answered(response.status, response.read())
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    def __init__(self, place: Path, *, timeout_s: float) -> None:
        super().__init__("alertd", timeout=timeout_s)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))
