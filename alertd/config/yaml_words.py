"""What the YAML parser stumbles over, put into the words of a person who edits a file."""

import re

import yaml

from alertd.config.mistakes import Mistake, Place
from alertd.config.wording import shown

# Source: YAML 1.2.2, section 5.1, "Character Set".
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENTED = "this does not continue what stands above: is it indented differently?"

# The parser's problem -> our words; {context} is where the thing began that it could not end.
_WORDS = {
    "mapping values are not allowed in this context": "a `:` cannot stand here: is the line above "
    "indented differently, or does a text that contains `: ` lack quotes?",
    "did not find expected ',' or ']'": "a `,` or the `]` is missing for the list of {context}",
    "did not find expected ',' or '}'": "a `,` or the `}}` is missing for the mapping of {context}",
    "did not find expected '-' indicator": _INDENTED,
    "did not find expected key": _INDENTED,
    "did not find expected <document start>": _INDENTED,
    "did not find expected node content": "a value is missing here",
    "found unknown escape character": "no such escape in double quotes: write `\\\\` for a "
    "backslash, or use single quotes",
    "found unexpected document indicator": "`---` cannot stand inside of quotes",
    "found a tab character where an indentation space is expected": "a tab: indent with spaces",
}


def unreadable_character(text: str, file: str) -> Mistake | None:
    """Return the first character that no YAML file may hold, as a mistake."""
    found = _UNREADABLE.search(text)
    if found is None:
        return None
    place = place_at(text, found.start(), file)
    return Mistake(place, f"a control character (U+{ord(found[0]):04X}): remove it")


def place_at(text: str, offset: int, file: str) -> Place:
    """Return the place of a character, counted from the text's start."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def yaml_mistake(error: yaml.MarkedYAMLError, text: str, file: str) -> Mistake:
    """Return what the parser says about `text` as a mistake."""
    mark, context = error.problem_mark, error.context_mark
    if mark is None:
        return Mistake(Place(file), f"not readable as YAML: {error.problem}")
    place = Place(file, mark.line + 1, mark.column + 1)
    if error.problem == "found character that cannot start any token":
        return Mistake(place, _bad_start(text[mark.index : mark.index + 1]))
    if error.problem == "found unexpected end of stream" and context is not None:
        opening = Place(file, context.line + 1, context.column + 1)
        return Mistake(opening, "the quotes that open here never close")
    words = _WORDS.get(str(error.problem))
    if words is None:
        return Mistake(place, f"not readable as YAML: {error.problem}")
    began = f"{context.line + 1}:{context.column + 1}" if context is not None else "above"
    return Mistake(place, words.format(context=began))


def _bad_start(character: str) -> str:
    if character == "\t":
        return "a tab: indent with spaces"
    return f"a value cannot start with {shown(character)}: put it in quotes"
