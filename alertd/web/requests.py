"""What all endpoints share: whom a request is for, what it says, how it is answered or refused."""

import difflib
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import msgspec
import trio
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from alertd.web import answers
from alertd.web.places import CONFIG_HEADER, MISDIRECTED

_LARGEST_BODY = 64 * 1024
_BODY_S = 5.0
_MOST_NEAR = 2
# The largest number that a journal can hold. Source: https://sqlite.org/datatype3.html
LARGEST = 2**63 - 1

_Body = TypeVar("_Body")


class RefusedError(HTTPException):
    """The asker's mistake, with names that may have been meant."""

    def __init__(self, status: int, error: str, near: Iterable[str] = ()) -> None:
        super().__init__(status, error)
        self.near = tuple(near)


def expect(request: Request, config_file: Path) -> None:
    """Refuse a request that is meant for a daemon that runs by another configuration."""
    expected = request.headers.get(CONFIG_HEADER)
    own = config_file.resolve()
    if expected is not None and Path(unquote(expected)) != own:
        raise RefusedError(MISDIRECTED, f"this alertd runs by {own}")


async def near_to(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that may have been meant."""
    # In lower case, because to difflib `BTC` and `btc` have nothing in common.
    names = {it.lower(): it for it in known}
    search = partial(difflib.get_close_matches, name.lower(), names, n=_MOST_NEAR)
    # Among 10,000 names that takes most of a second, and tickers are read beside it.
    near = await trio.to_thread.run_sync(search, abandon_on_cancel=True)
    return [names[it] for it in near]


def whole(name: str, text: str) -> int:
    """Return the whole number that is written, of 0 or more."""
    # Of more digits than any number has here, none is even looked at.
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
        raise RefusedError(400, f"{name} is a whole number")
    return int(text)


async def body_of(request: Request, kind: type[_Body]) -> _Body:
    """Return what was sent, within bounds of size and time."""
    with trio.move_on_after(_BODY_S):
        body = await _read(request)
        return _decoded(body, kind)
    raise RefusedError(408, f"the request was not over within {_BODY_S:g} s")


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async with aclosing(request.stream()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > _LARGEST_BODY:
                    raise RefusedError(413, f"at most {_LARGEST_BODY} bytes are read")
    except ClientDisconnect:
        raise RefusedError(400, "the request was not over") from None
    return bytes(body)


def _decoded(body: bytes, kind: type[_Body]) -> _Body:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise RefusedError(400, f"not the JSON that is expected: {error}") from None


async def refuse(_: Request, error: Exception) -> Response:
    """Answer for what is refused."""
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    near = error.near if isinstance(error, RefusedError) else ()
    refused = answers.Refused(error=error.detail, near=near)
    return answer(refused, error.status_code, error.headers)


async def fail(_: Request, error: Exception) -> Response:
    """Answer for a mistake of ours; starlette raises it again, and the server logs it."""
    what = f"alertd failed at this, its log says how ({type(error).__name__})"
    return answer(answers.Refused(error=what), 500)


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return data as the response to be sent."""
    body = msgspec.json.encode(data)
    return Response(body, status, headers, media_type="application/json")
