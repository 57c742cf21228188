"""A digest: several alerts in one message, a line each."""

from collections.abc import Sequence

import attrs

from alertd.delivery.facts import moment
from alertd.delivery.message import Message
from alertd.delivery.services import Limits
from alertd.engine.rule import Severity

_MARKS = {Severity.CRITICAL: "‼", Severity.WARNING: "!", Severity.INFO: "·"}


@attrs.frozen
class Digest:
    """A message that tells of the first `count` of those that it was made for."""

    message: Message
    count: int


def digest_of(messages: Sequence[Message], limits: Limits) -> Digest:
    """Merge as many of the messages as fit, at least the first; they are told in their order.

    Only a line that does not fit by itself is cut. What the title counts as still to come are the
    messages for which there was no room.
    """
    lines = _lines(messages, limits.body)
    told = messages[: len(lines)]
    return Digest(
        Message(
            title=_cut(_title(told, more=len(messages) - len(told)), limits.title),
            body="\n".join(lines),
            severity=max((each.severity for each in told), key=lambda severity: severity.rank),
            rule="",
            symbol="",
            time_ms=max(each.time_ms for each in told),
        ),
        len(told),
    )


def _lines(messages: Sequence[Message], room: int) -> list[str]:
    first, last = (moment(end(each.time_ms for each in messages)) for end in (min, max))
    clock = "%H:%M:%S" if first.date() == last.date() else "%m-%d %H:%M:%S"
    lines: list[str] = []
    left = room + 1
    for message in messages:
        # As a table has its unit: in the first row.
        line = _line(message, clock if lines else f"{clock} UTC", room)
        left -= len(line) + 1  # with the line break before it, which the first has not
        if left < 0:
            break
        lines.append(line)
    return lines


def _line(message: Message, clock: str, room: int) -> str:
    """Say what happened, and at the end, where a line may wrap, when, and which alert it was."""
    what = message.title
    if message.symbol not in what:
        what = f"{message.symbol} {what}"
    number = f" #{message.number}" if message.number else ""
    rest = f" {moment(message.time_ms):{clock}}{number}"
    return _cut(f"{_cut(f'{_MARKS[message.severity]} {what}', room - len(rest))}{rest}", room)


def _title(told: Sequence[Message], *, more: int) -> str:
    critical = sum(each.severity is Severity.CRITICAL for each in told)
    title = "1 alert" if len(told) == 1 else f"{len(told)} alerts"
    if critical:
        title += f" ({critical} critical)"
    return f"{title}, {more} more to come" if more else title


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"
