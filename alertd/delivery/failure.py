"""Why a send failed, read from what Apprise's plug-ins say in their logs: they return only False."""

import itertools
import re
from collections.abc import Sequence

import attrs

_HTTP_STATUS = re.compile(r"^(?P<words>.*?)[,\s]*error=(?P<status>\d{3})\b", re.DOTALL)
# smtplib shows a reply as (550, b'no such user'), alone or for each recipient.
_SMTP_REPLY = re.compile(r"\((?P<status>[45]\d\d), b(?P<quote>['\"])(?P<words>.*?)(?P=quote)\)")
_PREAMBLE = re.compile(r"^Failed to send .*?notification[^:]*:\s*", re.IGNORECASE)
_EXCEPTION = re.compile(r"^\w+ Exception: (?P<words>.*)", re.DOTALL)
# Not refusals, though they are 4xx: a timeout, a conflict, too early, and too many.
_PASSING = frozenset({408, 409, 425, 429})
# What requests and smtplib put in the deepest bracket of an exception, in a person's words.
_CAUSES = (
    ("timed out", "no answer in time"),
    ("connection refused", "connection refused"),
    ("name or service not known", "host name not found"),
    ("name resolution", "host name not found"),
    ("no address associated", "host name not found"),
    ("certificate", "its TLS certificate is not trusted"),
    ("connection reset", "connection cut"),
    ("connection aborted", "connection cut"),
    ("unexpectedly closed", "connection cut"),
    ("network is unreachable", "network unreachable"),
    ("no route to host", "network unreachable"),
)


@attrs.frozen
class Failure:
    """A failed send: the reason in words, and whether another try cannot mend it.

    A refusal (HTTP 401, "chat not found", a mailbox that does not exist) is final: the service
    has read the message and said no. What is not understood is not final. `retry_after_s` is for how
    long the service itself wants to be left alone, None where it did not say.
    """

    reason: str
    is_final: bool = False
    retry_after_s: float | None = None


def failure_of(warnings: Sequence[str], details: Sequence[str]) -> Failure:
    """Judge a failed send by what its plug-in logged: at WARNING and above, and below that.

    A status is believed in a warning only: among the details is the message itself.
    """
    refusals = filter(None, map(_http_refusal, warnings))
    replies = filter(None, map(_smtp_refusal, details))
    causes = filter(None, map(_connection_cause, details))
    silent = Failure(warnings[-1].rstrip(".") if warnings else "the service gave no reason")
    return next(itertools.chain(refusals, replies, causes), silent)


def _http_refusal(line: str) -> Failure | None:
    found = _HTTP_STATUS.match(line)
    if found is None:
        return None
    status = int(found["status"])
    words = _PREAMBLE.sub("", found["words"]).strip(" .")
    is_final = 400 <= status < 500 and status not in _PASSING  # noqa: PLR2004 - HTTP's classes
    return Failure(f"HTTP {status}: {words}" if words else f"HTTP {status}", is_final)


def _smtp_refusal(line: str) -> Failure | None:
    exception = _EXCEPTION.match(line)
    found = _SMTP_REPLY.search(exception["words"]) if exception else None
    if found is None:
        return None
    # 4yz is "transient", 5yz "permanent": RFC 5321, 4.2.1.
    return Failure(f"SMTP {found['status']}: {found['words']}", found["status"].startswith("5"))


def _connection_cause(line: str) -> Failure | None:
    exception = _EXCEPTION.match(line)
    if exception is None:
        return None
    folded = line.casefold()
    known = (words for sign, words in _CAUSES if sign in folded)
    return Failure(next(known, exception["words"].strip()))
