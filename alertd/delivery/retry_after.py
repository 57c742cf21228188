"""For how long a service wants to be left alone, by its answer."""

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from alertd.delivery.answers import Answer

_LONGEST_S = 86_400.0  # a day: what a service asks beyond that is taken for nonsense


def retry_after_s(answer: Answer, now: datetime) -> float | None:
    """Return the seconds for which the answer asks, a day at the most; None where it does not.

    Discord says it exactly in a header of its own. Others use HTTP's `Retry-After`, in seconds or
    as a date (RFC 9110, 10.2.3), and Telegram a number in its answer's body
    (core.telegram.org/bots/api#responseparameters).
    """
    for name in ("X-RateLimit-Reset-After", "Retry-After"):
        asked = _seconds(answer.headers.get(name, ""), now)
        if asked is not None:
            return asked
    return _telegrams(answer.body, now)


def _seconds(text: str, now: datetime) -> float | None:
    try:
        asked = float(text)
    except ValueError:
        asked = _until(text, now)
    return min(asked, _LONGEST_S) if asked > 0 else None


def _until(text: str, now: datetime) -> float:
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return math.nan
    return (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds()


def _telegrams(body: str, now: datetime) -> float | None:
    try:
        return _seconds(str(json.loads(body)["parameters"]["retry_after"]), now)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
