"""What an answer over HTTP means when a send has failed."""

import json
from datetime import UTC, datetime
from types import MappingProxyType

from alertd.delivery.answers import Answer
from alertd.delivery.failure import Failure
from alertd.delivery.known import KNOWN, first_known
from alertd.delivery.retry_after import retry_after_s

# Not refusals, though they are 4xx: a timeout, a conflict, too early, and too many.
_PASSING = frozenset({408, 409, 425, 429})
_SERVERS_FAULT = "it has a fault of its own"
_DOWN = "it is down or overloaded"
_WORDS = MappingProxyType(
    {
        400: "it does not understand the request",
        401: "the token or the password is wrong",
        402: "the account is not paid for",
        403: "it is not allowed: the token is wrong, or may not do this",
        404: "nothing is there: the address, topic or room in the URL is wrong",
        407: "the proxy wants a login",
        410: "it is gone for good",
        413: "this message is too long",
        429: "it gets too many messages",
        500: _SERVERS_FAULT,
        502: _DOWN,
        503: _DOWN,
        504: _DOWN,
    }
)
# Where services put what they have to say.
_KEYS = ("description", "error_description", "errors", "error", "message", "detail", "reason")


def failure_by(plugin: str, answer: Answer) -> Failure | None:
    """Return what the answer means to those who set the channel up; None where it says nothing.

    It says nothing where it is a good one without a complaint: Slack complains with status 200.
    """
    said = _said(answer.body)
    known = first_known(KNOWN.get(plugin, ()), said)
    status = answer.status
    if known is not None:
        reason, is_final = f"{known.words} (HTTP {status})", known.is_final
    elif status >= 400:  # noqa: PLR2004 - HTTP's classes
        own = f"HTTP {status}: {said}" if said else f"HTTP {status}"
        reason = f"{_WORDS[status]} ({own})" if status in _WORDS else own
        is_final = status < 500 and status not in _PASSING  # noqa: PLR2004 - HTTP's classes
    else:
        return None
    return Failure(reason, is_final, None if is_final else retry_after_s(answer, datetime.now(UTC)))


def _said(body: str) -> str:
    """Return what a body says in a few words, whether it is JSON or plain text."""
    try:
        said = _complaint(json.loads(body))
    except (ValueError, RecursionError):
        said = "" if body.lstrip().startswith("<") else body
    return " ".join(said.split())


def _complaint(said: object) -> str:
    match said:
        case str():
            return said
        case dict():
            found = (_complaint(said[key]) for key in _KEYS if key in said)
            return next(filter(None, found), "")
        case list():
            return ", ".join(filter(None, map(_complaint, said)))
    return ""
