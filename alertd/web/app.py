"""The control room's HTTP: what may be asked, and what is answered.

It is one application for everybody who is let in. Who that is, is the business of the socket that
it is served on: on the unix socket the file's permissions decide.
"""

import glob

import attrs
import trio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alertd.engine.explanation import Explanation
from alertd.engine.rule import Rule
from alertd.web import answers, explain_answers
from alertd.web.operations import Operations
from alertd.web.past import past_routes
from alertd.web.records import Asked, Records, UnreadableError
from alertd.web.requests import RefusedError, answer, body_of, expect, fail, near_to, refuse
from alertd.web.rules import rule_routes
from alertd.web.silence_views import now_ms, silence_over
from alertd.web.silences import silence_routes
from alertd.web.views import explained, standing


def make_app(operations: Operations, records: Records) -> Starlette:
    """Return the application through which a daemon is asked and told."""
    room = _Room(operations, records)
    return Starlette(
        routes=[
            Route("/api/status", room.status),
            Route("/api/names", room.names),
            Route("/api/explain", room.explain),
            Route("/api/rearm", room.rearm, methods=["POST"]),
            Route("/api/reload", room.reload, methods=["POST"]),
            *rule_routes(operations),
            *past_routes(operations, records),
            *silence_routes(operations, records),
        ],
        exception_handlers={HTTPException: refuse, Exception: fail},
    )


class _Room:
    """The endpoints."""

    def __init__(self, operations: Operations, records: Records) -> None:
        self._operations = operations
        self._records = records

    async def status(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        return answer(self._operations.overview())

    async def names(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        operations, rule = self._operations, request.query_params.get("rule")
        named = answers.Names(
            rules=tuple(it.name for it in operations.rules),
            symbols=operations.watching(rule) if rule else tuple(operations.symbols),
            channels=tuple(self._records.channels),
        )
        return answer(named)

    async def explain(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        rule = await self._rule(request.query_params.get("rule"))
        wanted = request.query_params.get("symbol")
        symbols = self._operations.watching(rule.name)
        found = []
        for symbol in symbols if wanted is None else [await _symbol(wanted, symbols)]:
            explanation = self._operations.explain(rule.name, symbol)
            if explanation is not None:
                found.append(self._standing(explanation))
            # With hundreds of symbols, tickers are read in between.
            await trio.lowlevel.checkpoint()
        if len(found) == 1:
            found = [attrs.evolve(found[0], past_alert=await self._last(rule, found[0].symbol))]
        return answer(explained(rule, found))

    def _standing(self, explanation: Explanation) -> explain_answers.Standing:
        streaming = explanation.symbol in self._operations.streaming
        plain = standing(explanation, streaming=streaming)
        rule, symbol = explanation.rule, explanation.symbol
        silence = silence_over(self._records.silences, rule, symbol, now_ms=now_ms())
        return attrs.evolve(plain, silence=silence)

    async def _last(self, rule: Rule, symbol: str) -> answers.PastAlert | None:
        """Return the last alert that was kept, if that can be had: all else is known without it."""
        asked = Asked(rule=glob.escape(rule.name), symbol=glob.escape(symbol), limit=1)
        try:
            return next(iter(await self._records.history(asked)), None)
        except UnreadableError:
            return None

    async def rearm(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        wanted = await body_of(request, answers.Rearm)
        rule, symbol = await self._rule(wanted.rule), wanted.symbol
        if symbol is not None:
            symbol = await _symbol(symbol, self._operations.watching(rule.name))
        if not rule.once:
            raise RefusedError(409, "the rule has no `once: true`, so it is always armed")
        rearmed = self._operations.rearm(rule.name, symbol)
        return answer(answers.Rearmed(rule=rule.name, rearmed=rearmed))

    async def reload(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        return answer(await self._operations.reload())

    async def _rule(self, name: str | None) -> Rule:
        if name is None:
            raise RefusedError(400, "which rule?")
        rules = {rule.name: rule for rule in self._operations.rules}
        if name not in rules:
            raise RefusedError(404, "there is no such rule", await near_to(name, rules))
        if not rules[name].enabled:
            raise RefusedError(409, "the rule is disabled")
        return rules[name]


async def _symbol(wanted: str, symbols: tuple[str, ...]) -> str:
    for name in (wanted, wanted.upper()):
        if name in symbols:
            return name
    raise RefusedError(404, "the rule does not watch that symbol", await near_to(wanted, symbols))
