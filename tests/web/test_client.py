"""Asking a daemon that cannot be had, or that is not the one that is expected."""

import os
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alertd.web.client import Client, ControlError, RefusedError
from alertd.web.listening import listening_socket
from alertd.web.server import serve


async def status_of(folder: Path, answer: Response, config: str | None = None) -> object:
    """What the client makes of a daemon that answers so."""

    async def status(_: Request) -> Response:
        return answer

    place = folder / "socket"
    client = Client((folder / "nobody", place), Path(config) if config else None)
    with listening_socket(place) as listening:
        async with trio.open_nursery() as nursery:
            app = Starlette(routes=[Route("/api/status", status)])
            await nursery.start(serve, app, listening)
            result = await trio.to_thread.run_sync(_outcome, client.status)
            nursery.cancel_scope.cancel()
    return result


def _outcome(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (ControlError, RefusedError) as error:
        return error


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"<html>"])
@pytest.mark.parametrize("status", [200, 404, 500])
async def test_a_daemon_of_another_version_is_told_from_one_that_is_not_there(
    tmp_path: Path, status: int, body: bytes
):
    error = await status_of(tmp_path, Response(body, status))
    assert isinstance(error, ControlError)
    assert "another version" in str(error)


async def test_a_mistake_of_ours_is_none_of_the_askers(tmp_path: Path):
    error = await status_of(tmp_path, Response(b'{"error": "alertd failed at this"}', 500))
    assert isinstance(error, ControlError)
    assert str(error) == "alertd failed at this"


async def test_a_refusal_has_what_may_have_been_meant(tmp_path: Path):
    error = await status_of(tmp_path, Response(b'{"error": "no", "near": ["a"]}', 404))
    assert isinstance(error, RefusedError)
    assert (str(error), error.near) == ("no", ("a",))


async def test_one_that_runs_by_another_configuration_is_named(tmp_path: Path):
    other = Response(b'{"error": "this alertd runs by /etc/alertd/config.yaml"}', 421)
    error = await status_of(tmp_path, other, "mine.yaml")
    assert str(error) == (
        f"alertd is not running by mine.yaml; at {tmp_path}/socket this alertd runs by"
        " /etc/alertd/config.yaml: name that with --config"
    )


def test_nobody_listens_where_there_is_nothing_or_a_dead_socket(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead"))
    places = (tmp_path / "dead", tmp_path / "nothing", tmp_path / "dead" / "below")
    with pytest.raises(ControlError, match="nobody listens at") as raised:
        Client(places, None).status()
    assert all(str(place) in str(raised.value) for place in places)


def test_one_that_breaks_off_is_said_so(tmp_path: Path):
    with listening_socket(tmp_path / "socket") as listening:
        daemon = threading.Thread(target=_break_off, args=(listening,))
        daemon.start()
        with pytest.raises(ControlError, match="broke off"):
            Client((tmp_path / "socket",), None).status()
        daemon.join()


def _break_off(listening: socket.socket) -> None:
    for _ in range(2):
        accepted, _ = listening.accept()
        accepted.close()


def test_whoever_may_not_ask_is_told_what_to_do(tmp_path: Path):
    place = tmp_path / "socket"
    with listening_socket(place), not_allowed(place), pytest.raises(ControlError) as raised:
        Client((place,), None).status()
    assert str(raised.value) == (
        f"you may not speak to alertd at {place}: become its user or root (sudo), or see"
        " docs/service.md"
    )


@contextmanager
def not_allowed(place: Path) -> Generator[None]:
    """Take the permission away: root has it whatever the file says, so it becomes nobody."""
    if os.geteuid():
        place.chmod(0)
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
