"""JSON Schemas of single values: what a text or a number has to look like.

A schema may take a little more than the loader does, and never less: an editor that underlines what
is right is worse than one that lets a mistake pass, which `alertd check` finds.
"""

import enum
from collections.abc import Iterable
from typing import Any

from alertd.engine.words import UNITS_MS

Schema = dict[str, Any]

_DIGITS = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,4})?[kMB]?"
_DURATION = "".join(f"(?:[0-9]{{1,15}}{unit})?" for unit in UNITS_MS)

TEXT: Schema = {"type": "string", "pattern": r"\S"}
TRUTH: Schema = {"type": "boolean"}
NAME: Schema = {"type": "string", "pattern": r"\S", "maxLength": 100}
NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^[-+]?{_DIGITS}$"}],
    "description": "A number: 100000, 100_000, 0.25, 1e6, 2.5k, 50M, 1.2B",
}
POSITIVE: Schema = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "pattern": f"^[+]?{_DIGITS}$"},
    ],
    "description": "A number above 0: 1000, 0.25, 2.5k",
}
PERCENT: Schema = {
    "type": "string",
    "pattern": rf"^[+]?{_DIGITS}\s*%$",
    "description": "A percentage: 3%",
}
LENGTH: Schema = {
    "type": "string",
    "pattern": f"^(?=[0-9]){_DURATION}$",
    "description": "A length of time: 500ms, 30s, 15m, 4h, 7d or a sum, 1h30m",
}
DURATION: Schema = {
    "anyOf": [{"const": 0}, LENGTH],
    "description": "A duration: 500ms, 30s, 15m, 4h, 7d or a sum, 1h30m; or 0",
}
RATE: Schema = {"type": "string", "pattern": "^[0-9]{1,6}/[smh]$", "examples": ["1/s", "20/m"]}


def member_of(choices: type[enum.Enum]) -> Schema:
    """Return the schema of an enumeration's values."""
    return {"enum": [member.value for member in choices]}


def any_of(*schemas: Schema, **others: Any) -> Schema:
    """Return the schema of what one of these takes."""
    return {"anyOf": list(schemas), **others}


def several(schema: Schema, *, unique: bool = True, at_least: int = 0) -> Schema:
    """Return the schema of a list, or of a single value without a list around it."""
    items = {"type": "array", "items": schema, "uniqueItems": unique, "minItems": at_least}
    return any_of(schema, items)


def mapping(keys: dict[str, Schema], **others: Any) -> Schema:
    """Return the schema of a mapping that has none but these keys."""
    return {"type": "object", "properties": keys, "additionalProperties": False, **others}


def described(schema: Schema, description: str, default: object = None) -> Schema:
    """Return the schema with what an editor shows of the key."""
    shown = f"{description} Default: {default}." if default is not None else description
    return {**schema, "description": shown}


def for_keys(keys: Iterable[str], known: dict[str, Schema]) -> dict[str, Schema]:
    """Return the schemas of exactly these keys, in their order; `KeyError` for one that has none."""
    return {key: known[key] for key in keys}


def filled(schema: Schema) -> Schema:
    """Return the schema of a value in which `${...}` may stand."""
    return any_of(schema, {"type": "string", "pattern": r"\$"})
