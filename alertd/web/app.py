"""The control room's HTTP: what may be asked, and what is answered.

It is one application for everybody who is let in. Who that is, is the business of the socket that
it is served on: on the unix socket the file's permissions decide.
"""

import difflib
from collections.abc import Iterable, Mapping
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import msgspec
import trio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

import alertd
from alertd.engine.rule import Rule
from alertd.web import answers
from alertd.web.operations import Operations
from alertd.web.places import CONFIG_HEADER
from alertd.web.views import explained, standing

_MISDIRECTED = 421
_LARGEST_BODY = 64 * 1024
_BODY_S = 5.0
_MOST_NEAR = 2

_Body = TypeVar("_Body")


class RefusedError(HTTPException):
    """The asker's mistake, with names that may have been meant."""

    def __init__(self, status: int, error: str, near: Iterable[str] = ()) -> None:
        super().__init__(status, error)
        self.near = tuple(near)


def make_app(operations: Operations) -> Starlette:
    """Return the application through which a daemon is asked and told."""
    room = _Room(operations)
    return Starlette(
        routes=[
            Route("/api/status", room.status),
            Route("/api/explain", room.explain),
            Route("/api/rearm", room.rearm, methods=["POST"]),
            Route("/api/reload", room.reload, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _refuse, Exception: _fail},
    )


class _Room:
    """The endpoints."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def status(self, request: Request) -> Response:
        self._expect_us(request)
        operations = self._operations
        return _answer(
            answers.Status(
                version=alertd.__version__,
                config=str(operations.config_file.resolve()),
                status=operations.status,
            )
        )

    async def explain(self, request: Request) -> Response:
        self._expect_us(request)
        rule = await self._rule(request.query_params.get("rule"))
        wanted = request.query_params.get("symbol")
        symbols = self._symbols(rule)
        found = []
        for symbol in symbols if wanted is None else [await _symbol(wanted, symbols)]:
            explanation = self._operations.explain(rule.name, symbol)
            if explanation is not None:
                streaming = symbol in self._operations.streaming
                found.append(standing(explanation, streaming=streaming))
            # With hundreds of symbols, tickers are read in between.
            await trio.lowlevel.checkpoint()
        return _answer(explained(rule, found))

    async def rearm(self, request: Request) -> Response:
        self._expect_us(request)
        wanted = await _body(request, answers.Rearm)
        rule, symbol = await self._rule(wanted.rule), wanted.symbol
        if symbol is not None:
            symbol = await _symbol(symbol, self._symbols(rule))
        if not rule.once:
            raise RefusedError(409, "the rule has no `once: true`, so it is always armed")
        rearmed = self._operations.rearm(rule.name, symbol)
        return _answer(answers.Rearmed(rule=rule.name, rearmed=rearmed))

    async def reload(self, request: Request) -> Response:
        self._expect_us(request)
        return _answer(await self._operations.reload())

    def _expect_us(self, request: Request) -> None:
        expected = request.headers.get(CONFIG_HEADER)
        own = self._operations.config_file.resolve()
        if expected is not None and Path(unquote(expected)) != own:
            raise RefusedError(_MISDIRECTED, f"this alertd runs by {own}")

    async def _rule(self, name: str | None) -> Rule:
        if name is None:
            raise RefusedError(400, "which rule?")
        rules = {rule.name: rule for rule in self._operations.rules}
        if name not in rules:
            raise RefusedError(404, "there is no such rule", await _near(name, rules))
        if not rules[name].enabled:
            raise RefusedError(409, "the rule is disabled")
        return rules[name]

    def _symbols(self, rule: Rule) -> tuple[str, ...]:
        watched = self._operations.watched.items()
        return tuple(
            symbol for symbol, rules in watched if any(it.name == rule.name for it in rules)
        )


async def _symbol(wanted: str, symbols: tuple[str, ...]) -> str:
    for name in (wanted, wanted.upper()):
        if name in symbols:
            return name
    raise RefusedError(404, "the rule does not watch that symbol", await _near(wanted, symbols))


async def _near(name: str, known: Iterable[str]) -> list[str]:
    # In lower case, because to difflib `BTC` and `btc` have nothing in common.
    names = {it.lower(): it for it in known}
    search = partial(difflib.get_close_matches, name.lower(), names, n=_MOST_NEAR)
    # Among 10,000 names that takes most of a second, and tickers are read beside it.
    near = await trio.to_thread.run_sync(search, abandon_on_cancel=True)
    return [names[it] for it in near]


async def _body(request: Request, kind: type[_Body]) -> _Body:
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


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    near = error.near if isinstance(error, RefusedError) else ()
    refused = answers.Refused(error=error.detail, near=near)
    return _answer(refused, error.status_code, error.headers)


async def _fail(_: Request, error: Exception) -> Response:
    """Answer for a mistake of ours; starlette raises it again, and the server logs it."""
    what = f"alertd failed at this, its log says how ({type(error).__name__})"
    return _answer(answers.Refused(error=what), 500)


def _answer(
    answer: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    body = msgspec.json.encode(answer)
    return Response(body, status, headers, media_type="application/json")
