"""What docs/logs.md promises of a line, held against lines."""

import json
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from alertd.logs.json_lines import JsonFormatter

PAGE = (Path(__file__).parents[2] / "docs" / "logs.md").read_text(encoding="utf-8")
_SHOWN = [
    json.loads(it) for it in re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]
(SCHEMA,) = (it for it in _SHOWN if "$schema" in it)
EXAMPLES = [it for it in _SHOWN if "$schema" not in it]
VALIDATOR = Draft202012Validator(SCHEMA)


def events_and_fields() -> dict[str, set[str]]:
    """The events of the page's table, with the fields that each may have."""
    found: dict[str, set[str]] = {}
    before: set[str] = set()
    table = PAGE[PAGE.index("| event | says |") :]
    for row in re.findall(r"^\| (`[a-z].*?) \| .*? \| (.*?) ?\|$", table, re.MULTILINE):
        fields = set(re.findall(r"`(\w+)`", row[1]))
        if row[1].startswith("the same"):
            fields |= before
        else:
            before = fields
        found |= dict.fromkeys(re.findall(r"`([a-z.-]+)`", row[0]), fields)
    return found


def check_lines(records: Iterable[logging.LogRecord]) -> None:
    """Check alertd's own lines: the schema, and the fields that the table has for each event."""
    known = events_and_fields()
    for record in records:
        if not record.name.startswith("alertd"):
            continue
        line: dict[str, Any] = json.loads(JsonFormatter().format(record))
        VALIDATOR.validate(line)
        surplus = line.keys() - {"time", "level", "event", "message", "trace"}
        assert surplus <= known[line["event"]], line
