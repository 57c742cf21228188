"""What a line of the log is about, besides its words: the name of the event, and its fields.

They travel with the record. Rooms that do not know this one (the arrows are in ARCHITECTURE.md)
write the same `extra` by hand.
"""

import logging
import re
import traceback
from collections.abc import Mapping, Sequence

Field = str | int | float | Sequence[str] | Sequence[int]

# What comes from elsewhere, such as a library's own lines.
OTHER = "other"

_UNPRINTABLE = re.compile(r"[^ -~]")


def about(event: str, **fields: Field | None) -> dict[str, object]:
    """Return the `extra` of a line of the log; a field that is None is left out."""
    return {"event": event, "fields": {key: it for key, it in fields.items() if it is not None}}


def event_of(record: logging.LogRecord) -> str:
    """Return the stable name of what a record tells."""
    return getattr(record, "event", OTHER)


def fields_of(record: logging.LogRecord) -> Mapping[str, Field]:
    """Return a record's fields; many have none."""
    return getattr(record, "fields", {})


def one_line(text: str) -> str:
    """Return a text in which a peer's words can neither end the line nor steer a terminal."""
    return _UNPRINTABLE.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    letter = found[0]
    return letter if letter.isprintable() else ascii(letter)[1:-1]


def trace_of(record: logging.LogRecord) -> str:
    """Return the exception and the stack that a record brings, over several lines; mostly nothing."""
    if record.exc_info and record.exc_info[0] and not record.exc_text:
        record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    return "\n".join(filter(None, (record.exc_text, record.stack_info)))
