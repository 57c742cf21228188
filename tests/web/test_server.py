"""Serving on the socket: what clients do, however badly, harms neither the others nor the daemon."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
import trio.testing
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from trio.testing import MockClock

from alertd.web.listening import listening_socket
from alertd.web.server import serve

HELLO = b"GET / HTTP/1.1\r\nHost: alertd\r\nConnection: close\r\n\r\n"
MUCH = 50_000_000


async def _hello(_: Request) -> Response:
    return PlainTextResponse("hello")


async def _much(_: Request) -> Response:
    return PlainTextResponse(b"x" * MUCH)


async def _wrong(_: Request) -> Response:
    raise ValueError("a mistake of ours")


APP = Starlette(routes=[Route("/", _hello), Route("/much", _much), Route("/wrong", _wrong)])


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.05)


@asynccontextmanager
async def served(path: Path, **options: Any) -> AsyncIterator[trio.CancelScope]:
    """The application on a socket, until the block ends or the scope is cancelled."""
    with listening_socket(path) as listening:
        async with trio.open_nursery() as nursery:
            await nursery.start(partial(serve, APP, listening, **options))
            yield nursery.cancel_scope
            nursery.cancel_scope.cancel()


async def asked(path: Path, request: bytes = HELLO) -> bytes:
    async with await trio.open_unix_socket(path) as client:
        await client.send_all(request)
        return await ended(client)


async def ended(client: trio.SocketStream) -> bytes:
    """What a client is sent until it is cut off, politely or not."""
    received = bytearray()
    with suppress(trio.BrokenResourceError):
        async for chunk in client:
            received += chunk
    return bytes(received)


async def test_a_request_is_answered(tmp_path: Path, clock: MockClock):
    async with served(tmp_path / "socket"):
        assert (await asked(tmp_path / "socket")).endswith(b"\r\n\r\nhello")


async def test_a_client_that_says_nothing_is_cut_off(tmp_path: Path, clock: MockClock):
    async with (
        served(tmp_path / "socket"),
        await trio.open_unix_socket(tmp_path / "socket") as client,
    ):
        assert await ended(client) == b""
        assert trio.current_time() == pytest.approx(5, abs=1)


async def test_a_client_that_never_finishes_its_request_is_cut_off(
    tmp_path: Path, clock: MockClock
):
    async with (
        served(tmp_path / "socket"),
        await trio.open_unix_socket(tmp_path / "socket") as client,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(_trickle, client)
        await ended(client)
        assert trio.current_time() == pytest.approx(5, abs=1)
        nursery.cancel_scope.cancel()


async def _trickle(client: trio.SocketStream) -> None:
    with suppress(trio.BrokenResourceError):
        for byte in HELLO[:-1]:
            await client.send_all(bytes([byte]))
            await trio.sleep(1)


async def test_more_clients_than_there_are_places_for_wait_for_their_turn(
    tmp_path: Path, clock: MockClock
):
    async with served(tmp_path / "socket", most_clients=2):
        silent = [await trio.open_unix_socket(tmp_path / "socket") for _ in range(2)]
        assert (await asked(tmp_path / "socket")).endswith(b"hello")
        assert trio.current_time() >= 5
        for client in silent:
            await client.aclose()


async def test_a_client_that_does_not_read_its_answer_gives_up_its_place(
    tmp_path: Path, clock: MockClock
):
    async with (
        served(tmp_path / "socket", most_clients=1),
        await trio.open_unix_socket(tmp_path / "socket") as client,
    ):
        await client.send_all(HELLO.replace(b"/ ", b"/much ", 1))
        assert (await asked(tmp_path / "socket")).endswith(b"hello")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_a_connection_does_not_last_for_ever(
    tmp_path: Path, clock: MockClock, request_: bytes
):
    async with (
        served(tmp_path / "socket", longest_s=60),
        await trio.open_unix_socket(tmp_path / "socket") as client,
    ):
        await client.send_all(request_)
        await ended(client)
        assert trio.current_time() == pytest.approx(60, abs=1)


async def test_a_client_that_does_not_read_does_not_hold_up_the_end(tmp_path: Path):
    with trio.fail_after(2):
        async with (
            served(tmp_path / "socket", patience_s=60) as scope,
            await trio.open_unix_socket(tmp_path / "socket") as client,
        ):
            await client.send_all(HELLO.replace(b"/ ", b"/much ", 1))
            await trio.testing.wait_all_tasks_blocked(0.1)
            scope.cancel()
    assert scope.cancel_called


async def test_at_the_end_nobody_is_let_in_to_wait(tmp_path: Path):
    with listening_socket(tmp_path / "socket") as listening:
        async with trio.open_nursery() as nursery:
            await nursery.start(serve, APP, listening)
            nursery.cancel_scope.cancel()
        with pytest.raises(ConnectionRefusedError):
            await trio.open_unix_socket(tmp_path / "socket")


async def test_a_mistake_of_ours_in_an_answer_is_logged_and_the_next_is_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with served(tmp_path / "socket"):
        wrong = await asked(tmp_path / "socket", HELLO.replace(b"/ ", b"/wrong ", 1))
        assert wrong.startswith(b"HTTP/1.1 500")
        assert (await asked(tmp_path / "socket")).endswith(b"hello")
    assert "a mistake of ours" in caplog.text


async def test_a_client_that_leaves_in_the_middle_harms_nobody(tmp_path: Path):
    async with served(tmp_path / "socket"):
        for end in range(0, len(HELLO), 7):
            async with await trio.open_unix_socket(tmp_path / "socket") as client:
                await client.send_all(HELLO[:end])
        assert (await asked(tmp_path / "socket")).endswith(b"hello")


def _nonsense() -> list[bytes]:
    dice = random.Random(7)  # noqa: S311 - nonsense, and the same each time
    return [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + dice.randbytes(200),
        b"GET / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: !!\r\nConnection: Upgrade\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"GET /%ff%00%0a HTTP/1.1\r\nHost: \xff\r\n\r\n",
        *(dice.randbytes(dice.randrange(1, 400)) + b"\r\n\r\n" for _ in range(20)),
    ]


async def test_nonsense_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    async with served(tmp_path / "socket", patience_s=0.5):
        for request in _nonsense():
            async with await trio.open_unix_socket(tmp_path / "socket") as client:
                with suppress(trio.BrokenResourceError):
                    await client.send_all(request)
                    await client.send_eof()
                await ended(client)
            assert (await asked(tmp_path / "socket")).endswith(b"hello"), request
    assert not caplog.text
