"""The endpoints about the past: which alerts there were, and deliveries that are tried again."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alertd.web import answers
from alertd.web.operations import Operations
from alertd.web.records import Asked, Records, UnreadableError
from alertd.web.requests import LARGEST, RefusedError, answer, body_of, expect, near_to, whole

# An answer of so many alerts has a few megabytes.
_MOST_AT_ONCE = 1_000
_USUAL = 100
_LONGEST_PATTERN = 200
_NUMBERS = ("number", "since_ms", "until_ms", "before", "limit")
_KNOWN = frozenset({"rule", "symbol", "undelivered", *_NUMBERS})


def past_routes(operations: Operations, records: Records) -> list[Route]:
    """Return where the past is asked about."""
    past = _Past(operations, records)
    return [
        Route("/api/history", past.history),
        Route("/api/retry", past.retry, methods=["POST"]),
    ]


async def past_alerts(records: Records, asked: Asked) -> Sequence[answers.PastAlert]:
    """Return the alerts that are asked for; refuse where they cannot be read."""
    try:
        return await records.history(asked)
    except UnreadableError as error:
        raise RefusedError(503, str(error)) from None


class _Past:
    """The endpoints."""

    def __init__(self, operations: Operations, records: Records) -> None:
        self._operations = operations
        self._records = records

    async def history(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        alerts = await past_alerts(self._records, _asked(request.query_params))
        return answer(answers.History(alerts=tuple(alerts)))

    async def retry(self, request: Request) -> Response:
        expect(request, self._operations.config_file)
        wanted = await body_of(request, answers.Retry)
        await self._check_channel(wanted.channel)
        await self._check_alert(wanted.alert)
        try:
            tried = await self._records.retry(alert=wanted.alert, channel=wanted.channel)
        except UnreadableError as error:
            raise RefusedError(503, str(error)) from None
        return answer(answers.Retried(destinations=tuple(tried)))

    async def _check_channel(self, channel: str | None) -> None:
        known = self._records.channels
        if channel is not None and channel not in known:
            raise RefusedError(404, "there is no such channel", await near_to(channel, known))

    async def _check_alert(self, number: int | None) -> None:
        if number is None:
            return
        if not await past_alerts(self._records, Asked(number=_in_bounds("alert", number), limit=1)):
            raise RefusedError(404, f"there is no alert {number} in the journal")


def _asked(params: Mapping[str, str]) -> Asked:
    unknown = params.keys() - _KNOWN
    if unknown:
        raise RefusedError(400, f"what is `{min(unknown)}`?")
    numbers = {
        name: _in_bounds(name, whole(name, params[name])) for name in _NUMBERS if name in params
    }
    return Asked(
        rule=_pattern(params.get("rule")),
        symbol=_pattern(params.get("symbol")),
        undelivered=_flag("undelivered", params.get("undelivered", "false")),
        **{"limit": _USUAL} | numbers,
    )


def _in_bounds(name: str, number: int) -> int:
    most = _MOST_AT_ONCE if name == "limit" else LARGEST
    if not 0 <= number <= most:
        raise RefusedError(400, f"{name} is from 0 to {most}")
    return number


def _flag(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise RefusedError(400, f"{name} is true or false")
    return text == "true"


def _pattern(text: str | None) -> str | None:
    if text is not None and len(text) > _LONGEST_PATTERN:
        raise RefusedError(400, f"a rule or a symbol has at most {_LONGEST_PATTERN} characters")
    return text
