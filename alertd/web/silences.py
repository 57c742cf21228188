"""The endpoints about silences: which there are, a new one, and the end of one or of all."""

from collections.abc import Iterable, Mapping

import trio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alertd.engine.rule import Rule, Severity
from alertd.engine.silence import Silence, fits
from alertd.web import answers
from alertd.web.operations import Operations
from alertd.web.records import Records, UnreadableError
from alertd.web.requests import RefusedError, answer, body_of, expect, near_to, whole
from alertd.web.silence_views import now_ms, silence_answer

_LONGEST_MS = 366 * 86_400_000
_LONGEST_PATTERN = 200
_LONGEST_COMMENT = 500


def silence_routes(operations: Operations, records: Records) -> list[Route]:
    """Return where silences are asked about, made and ended."""
    silences = _Silences(operations, records)
    return [
        Route("/api/silences", silences.list, methods=["GET"]),
        Route("/api/silences", silences.add, methods=["POST"]),
        Route("/api/silences", silences.end_all, methods=["DELETE"]),
        Route("/api/silences/{number}", silences.end, methods=["DELETE"]),
    ]


class _Silences:
    """The endpoints."""

    def __init__(self, operations: Operations, records: Records) -> None:
        self._operations = operations
        self._records = records

    async def list(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        try:
            counts: Mapping[int, int] | None = await self._records.silenced()
        except UnreadableError:
            # Which there are is known all the same.
            counts = None
        return self._answer(self._records.silences, counts)

    async def add(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        wanted = await body_of(request, answers.NewSilence)
        _check(wanted)
        warnings = await self._warnings(wanted.rule or "*", wanted.symbol or "*")
        made = self._records.add_silence(
            rule=wanted.rule or "*",
            symbol=wanted.symbol or "*",
            severity=Severity(wanted.severity) if wanted.severity else None,
            until_ms=wanted.until_ms,
            comment=wanted.comment,
        )
        shown = silence_answer(made, now_ms=now_ms(), silenced=0)
        return answer(answers.Silenced(silence=shown, warnings=warnings))

    async def end(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        number = whole("the number of a silence", request.path_params["number"])
        found = {silence.number: silence for silence in self._records.silences}.get(number)
        if found is None:
            raise RefusedError(404, f"there is no silence {number}")
        if not found.is_in_force(now_ms()):
            raise RefusedError(409, f"silence {number} is over already")
        return self._ended([found])

    async def end_all(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        now = now_ms()
        return self._ended([it for it in self._records.silences if it.is_in_force(now)])

    def _ended(self, silences: Iterable[Silence]) -> Response:
        numbers = {silence.number for silence in silences}
        for number in numbers:
            self._records.end_silence(number)
        return self._answer([it for it in self._records.silences if it.number in numbers], None)

    def _answer(self, silences: Iterable[Silence], counts: Mapping[int, int] | None) -> Response:
        now = now_ms()
        shown = (
            silence_answer(
                it, now_ms=now, silenced=None if counts is None else counts.get(it.number, 0)
            )
            for it in silences
        )
        return answer(answers.Silences(silences=tuple(shown)))

    async def _warnings(self, rule: str, symbol: str) -> tuple[str, ...]:
        """Say what a silence is not about, as its names are not known."""
        rules = {it.name: it for it in self._operations.rules}
        meant = [it for name, it in rules.items() if fits(name, rule)]
        if not meant:
            return (f"no rule is called `{rule}`{_hint(await near_to(rule, rules))}",)
        if symbol == "*":
            return ()
        watched = await self._watched(meant)
        if any(fits(it, symbol) for it in watched):
            return ()
        hint = _hint(await near_to(symbol, watched))
        return (f"none of its rules watches `{symbol}`{hint}",)

    async def _watched(self, rules: Iterable[Rule]) -> set[str]:
        watched = set[str]()
        for rule in rules:
            watched.update(self._operations.watching(rule.name))
            # With thousands of rules, tickers are read in between.
            await trio.lowlevel.checkpoint()
        return watched


def _check(wanted: answers.NewSilence) -> None:
    for text, most in (
        (wanted.rule or "", _LONGEST_PATTERN),
        (wanted.symbol or "", _LONGEST_PATTERN),
        (wanted.comment, _LONGEST_COMMENT),
    ):
        if len(text) > most or not text.isprintable():
            raise RefusedError(400, f"names and comments are one line; {most} characters at most")
    if "" in (wanted.rule, wanted.symbol):
        raise RefusedError(400, "a name that is empty fits nothing")
    known = [it.value for it in Severity]
    if wanted.severity is not None and wanted.severity not in known:
        raise RefusedError(400, f"`{wanted.severity}` is no severity", known)
    if wanted.rule is None and _is_of_all(wanted):
        raise RefusedError(400, "that would silence everything: say so with the rule `*`")
    left_ms = wanted.until_ms - now_ms()
    if not 0 < left_ms <= _LONGEST_MS:
        when = "over already" if left_ms <= 0 else "more than a year from now"
        raise RefusedError(400, f"its end is {when}")


def _is_of_all(wanted: answers.NewSilence) -> bool:
    is_any = wanted.symbol is None or not wanted.symbol.strip("*")
    return is_any and wanted.severity in (None, Severity.CRITICAL.value)


def _hint(near: list[str]) -> str:
    return f" (did you mean {' or '.join(f'`{it}`' for it in near)}?)" if near else ""
