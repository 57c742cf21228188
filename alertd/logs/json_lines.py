"""Lines for programs: one JSON object each, as docs/logs.md and its JSON Schema describe it."""

import json
import logging
import re
from datetime import UTC, datetime

from alertd.logs.fields import event_of, fields_of, trace_of

_UNPRINTABLE = re.compile(r"[^ -~]")


class JsonFormatter(logging.Formatter):
    """Writes `time` (ISO 8601, UTC, milliseconds), `level`, `event`, `message`, then the fields.

    A crash has its `trace`; what is not alertd's own has its `logger`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the object, on one line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": event_of(record),
            "message": record.getMessage(),
        }
        line |= fields_of(record)
        if not record.name.startswith("alertd"):
            line["logger"] = record.name
        if trace := trace_of(record):
            line["trace"] = trace
        return _UNPRINTABLE.sub(_escaped, json.dumps(line, ensure_ascii=False, default=str))


def _escaped(found: re.Match[str]) -> str:
    """Leave the letters of every language as they are, and nothing that could steer a terminal."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]
