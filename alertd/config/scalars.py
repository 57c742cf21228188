"""YAML 1.2's core scalars: what a plain word of a file is.

PyYAML follows YAML 1.1, where `no` is false, `1:30` is 90, `017` is 15 and `1e6` is a text. Here
they are the text, the text, 17 and a million: what a person reads.
Source: YAML 1.2.2, section 10.3.2, "Tag Resolution" of the core schema.
"""

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER_STARTS = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# Python turns no more than 4,300 digits into an integer, nor back; 400 are already past any float.
_MOST_DIGITS = 400


def plain_scalar(text: str) -> Scalar:
    """Return the value of a scalar that stands in its file without quotes."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMBER_STARTS else text


def _number(text: str) -> Scalar:
    is_short = len(text) <= _MOST_DIGITS
    if is_short and _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if is_short and _BASED.fullmatch(text):
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text
