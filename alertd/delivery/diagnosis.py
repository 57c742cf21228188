"""Why a send failed, by what the service answered and what Apprise's plug-in logged of it."""

from collections.abc import Iterable, Sequence

from alertd.delivery.answers import Answer
from alertd.delivery.causes import cause_in, reply_in
from alertd.delivery.failure import Failure
from alertd.delivery.known import KNOWN, first_known
from alertd.delivery.refusals import failure_by


def failure_of(
    plugin: str,
    answers: Iterable[Answer],
    *,
    warnings: Sequence[str] = (),
    details: Sequence[str] = (),
) -> Failure:
    """Judge a failed send of a plug-in (`NotifyTelegram`).

    `warnings` are what it logged at WARNING and above, `details` the rest. Where several requests
    failed, one that another try may mend is the reason.
    """
    refused = [failure_by(plugin, answer) for answer in answers]
    lost = [reply_in(line) or cause_in(line) for line in details]
    found = [failure for failure in (*refused, *lost) if failure is not None]
    return min(found or [_quoted(plugin, warnings)], key=lambda failure: failure.is_final)


def _quoted(plugin: str, warnings: Sequence[str]) -> Failure:
    """Return the last of what a plug-in said, in better words where they are known."""
    said = warnings[-1].rstrip(".") if warnings else "the service gave no reason"
    known = first_known(KNOWN.get(plugin, ()), said)
    return Failure(known.words, known.is_final) if known else Failure(said)
