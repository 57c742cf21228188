"""A YAML file as plain data, with the place of every value and key."""

from pathlib import Path as FilePath
from typing import Any

import attrs
import yaml

from alertd.config.mistakes import Mistake, MistakesError, Path, Place
from alertd.config.tree import RefusedError, Spot, TreeBuilder
from alertd.config.yaml_words import place_at, unreadable_character, yaml_mistake

# 10,000 rules with texts of their own take about 3 MB.
LARGEST_FILE = 8 * 1024 * 1024


@attrs.frozen
class Document:
    """What a file holds: `data` is made of dict (keys are texts), list and plain scalars."""

    file: str
    data: Any
    _root: Spot = attrs.field(repr=False)

    def place(self, path: Path = (), *, on_key: bool = False) -> Place:
        """Return where the value at `path` stands, or, `on_key`, the key that leads to it.

        A number in the path is passed over where the file has a single value in place of a list,
        and a path that leads further than the file ends at the last value on its way.
        """
        spot, key = self._root, None
        for step in path:
            match step, spot.parts:
                case str(), dict(parts) if step in parts:
                    key, spot = parts[step]
                case int(), list(parts) if step < len(parts):
                    spot, key = parts[step], None
        line, column = key if on_key and key else spot.at
        return Place(self.file, line + 1, column + 1)


def parse_document(text: str, file: str) -> Document:
    """Return the YAML in `text`; `file` is the name that mistakes carry.

    Raises `MistakesError`.
    """
    unreadable = unreadable_character(text, file)
    if unreadable is not None:
        raise MistakesError([unreadable])
    builder = TreeBuilder(yaml.parse(text, Loader=yaml.CSafeLoader), file)
    try:
        data, root = builder.document()
    except yaml.MarkedYAMLError as error:
        raise MistakesError([*builder.mistakes, yaml_mistake(error, text, file)]) from None
    except RefusedError as refused:
        raise MistakesError([*builder.mistakes, refused.mistake]) from None
    if builder.mistakes:
        raise MistakesError(builder.mistakes)
    return Document(file, data, root)


def read_document(path: FilePath) -> Document:
    """Return the YAML file at `path`. Raises `MistakesError`, also for a file that is not there."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise MistakesError([Mistake(Place(file), f"cannot be read: {reason}")]) from None
    if len(raw) > LARGEST_FILE:
        text = f"larger than {LARGEST_FILE // 1024**2} MB: no file of rules is"
        raise MistakesError([Mistake(Place(file), text)])
    return parse_document(_decoded(raw, file), file)


def _decoded(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        place = place_at(before, len(before), file)
        text = f"byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        raise MistakesError([Mistake(place, text)]) from None
