"""The tree that a YAML file spells, built from the parser's events in one pass and within bounds.

No tag is obeyed, an alias counts as often as it is used, and nothing is nested deeper than a
person would nest it.
"""

from collections.abc import Iterator
from typing import Any

import attrs
import yaml

from alertd.config.mistakes import MORE_MISTAKES, MOST_MISTAKES, Mistake, Place
from alertd.config.scalars import Scalar, plain_scalar
from alertd.config.wording import shown

# 10,000 rules with texts of their own take 250,000 values: these are limits for accidents and
# attacks, not for people. A value takes 280 bytes while it is read.
MOST_VALUES = 500_000
DEEPEST = 60
LONGEST_TEXT = 20_000


At = tuple[int, int]


@attrs.frozen
class Spot:
    """Where a value stands, line and column counted from 0, and where its parts do, if any.

    The parts of a mapping are by key: where the key stands, and the spot of its value.
    """

    at: At
    parts: "dict[str, tuple[At, Spot]] | list[Spot] | None" = None


class RefusedError(Exception):
    """Reading on makes no sense."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake)
        self.mistake = mistake


@attrs.frozen
class _Node:
    """A value that has been read; `size` and `height` take its aliases as if written out."""

    data: Any
    spot: Spot
    size: int
    height: int


@attrs.frozen
class _Entry:
    """A key of a mapping, where it stands, and its value."""

    key_at: At
    node: _Node


class TreeBuilder:
    """Builds one document from the parser's events, collecting what can be told in one go."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self._events = events
        self._file = file
        self._anchors: dict[str, _Node | None] = {}
        self._values = 0
        self.mistakes: list[Mistake] = []

    def document(self) -> tuple[Any, Spot]:
        """Return the one document and where its parts stand.

        Raises `RefusedError`, and what the parser raises; other mistakes are in `mistakes`.
        """
        next(self._events)  # the stream's start
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None, Spot((0, 0))
        root = self._node(next(self._events), 0)
        next(self._events)  # the document's end
        event = next(self._events)
        if isinstance(event, yaml.DocumentStartEvent):
            raise self._refused(event, "a second document starts here (`---`): a file holds one")
        return root.data, root.spot

    def _node(self, event: Any, depth: int) -> _Node:
        self._check_length(event, event.anchor)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        if event.tag is not None:
            self._mistake(event, f"{shown(event.tag)}: tags are not read; write the value alone")
        values_before = self._values
        self._count(event, 1)
        if isinstance(event, yaml.ScalarEvent):
            self._check_length(event, event.value)
            data, spot, height = _scalar(event), Spot(_at(event)), 0
        else:
            data, spot, height = self._container(event, depth + 1)
        node = _Node(data, spot, self._values - values_before, height)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, depth: int) -> _Node:
        name = shown("*" + event.anchor)
        if event.anchor not in self._anchors:
            raise self._refused(event, f"{name} stands for nothing: no `&{event.anchor}` before it")
        node = self._anchors[event.anchor]
        if node is None:
            raise self._refused(event, f"{name} stands inside of what it stands for")
        self._count(event, node.size)
        self._check_depth(event, depth + node.height)
        return node

    def _container(self, event: Any, depth: int) -> tuple[Any, Spot, int]:
        self._check_depth(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _sequence(self, start: Any, depth: int) -> tuple[list[Any], Spot, int]:
        nodes = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            nodes.append(self._node(event, depth))
        spot = Spot(_at(start), [node.spot for node in nodes])
        return [node.data for node in nodes], spot, _height_over(nodes)

    def _mapping(self, start: Any, depth: int) -> tuple[dict[str, Any], Spot, int]:
        entries: dict[str, _Entry] = {}
        inherited: dict[str, _Entry] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            node = self._node(next(self._events), depth)
            if key == "<<" and event.implicit[0]:
                for name, entry in self._merged(event, node).items():
                    inherited.setdefault(name, entry)
            elif key in entries:
                line, column = entries[key].key_at
                first = f"first at {line + 1}:{column + 1}"
                self._mistake(event, f"{shown(key)} stands here twice, {first}")
            else:
                entries[key] = _Entry(_at(event), node)
        # What a mapping says itself counts more than what it takes over by `<<`.
        entries = {**inherited, **entries}
        spot = Spot(_at(start), {key: (e.key_at, e.node.spot) for key, e in entries.items()})
        data = {key: entry.node.data for key, entry in entries.items()}
        return data, spot, _height_over([entry.node for entry in entries.values()])

    def _key(self, event: Any, depth: int) -> str:
        """Return a key as it is written: a rule may be called `2024` or `no`."""
        if isinstance(event, yaml.ScalarEvent):
            self._node(event, depth)
            return str(event.value)
        if isinstance(event, yaml.AliasEvent) and isinstance(
            data := self._node(event, depth).data, str
        ):
            return data
        raise self._refused(event, "a key is a word, not a list or a mapping; does it lack quotes?")

    def _merged(self, event: Any, node: _Node) -> dict[str, _Entry]:
        """Return what `<<: *other` takes over; of a list, the first mapping with a key counts."""
        merged: dict[str, _Entry] = {}
        for part in _items_of(node):
            if not isinstance(part.data, dict):
                self._mistake(event, "`<<` takes over a mapping: write `<<: *name`")
            for key, entry in _entries_of(part).items():
                merged.setdefault(key, entry)
        return merged

    def _count(self, event: Any, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise self._refused(event, f"more than {MOST_VALUES:,} values, aliases counted in full")

    def _check_length(self, event: Any, text: str | None) -> None:
        if text is not None and len(text) > LONGEST_TEXT:
            raise self._refused(event, f"longer than {LONGEST_TEXT:,} characters: no text is")

    def _check_depth(self, event: Any, depth: int) -> None:
        if depth > DEEPEST:
            raise self._refused(event, f"nested more than {DEEPEST} deep")

    def _mistake(self, event: Any, text: str) -> None:
        self.mistakes.append(self._refused(event, text).mistake)
        if len(self.mistakes) == MOST_MISTAKES:
            raise self._refused(event, MORE_MISTAKES)

    def _refused(self, event: Any, text: str) -> RefusedError:
        line, column = _at(event)
        return RefusedError(Mistake(Place(self._file, line + 1, column + 1), text))


def _at(event: Any) -> At:
    return event.start_mark.line, event.start_mark.column


def _scalar(event: Any) -> Scalar:
    is_plain = event.implicit[0]
    text: str = event.value
    return plain_scalar(text) if is_plain else text


def _height_over(nodes: list[_Node]) -> int:
    return 1 + max((node.height for node in nodes), default=0)


def _items_of(node: _Node) -> list[_Node]:
    """Take a list apart again; anything else is its only part."""
    if not isinstance(node.spot.parts, list):
        return [node]
    parts = zip(node.data, node.spot.parts, strict=True)
    return [_Node(data, spot, 0, node.height - 1) for data, spot in parts]


def _entries_of(node: _Node) -> dict[str, _Entry]:
    """Take a mapping apart again; its parts have been counted, and are lower than it is."""
    if not isinstance(node.spot.parts, dict):
        return {}
    return {
        key: _Entry(key_at, _Node(node.data[key], spot, 0, node.height - 1))
        for key, (key_at, spot) in node.spot.parts.items()
    }
