"""Where a rule's keys come from: the rule itself, its file's defaults, the configuration's."""

from collections.abc import Sequence

import attrs

from alertd.config.document import Document
from alertd.config.mistakes import Path, Place
from alertd.config.written import WrittenRule


@attrs.frozen
class Layer:
    """The sound keys of a rule as one place of one file has them; not `is_sound` if others are not."""

    document: Document
    path: Path
    keys: WrittenRule
    is_sound: bool
    _places: dict[str, tuple[Place, ...]] = attrs.field(
        factory=dict, init=False, eq=False, repr=False
    )

    def place(self, key: str) -> Place:
        """Return where the value of a key stands."""
        return self.document.place((*self.path, key))

    def places(self, field: str) -> tuple[Place, ...]:
        """Return where each item of a list stands; rules that share the layer share the answer."""
        if field not in self._places:
            items = range(len(getattr(self.keys, field)))
            at = (self.document.place((*self.path, field, index)) for index in items)
            self._places[field] = tuple(at)
        return self._places[field]


def source_of(field: str, layers: Sequence[Layer]) -> Layer | None:
    """Return the nearest layer that has a value for a field of `WrittenRule`."""
    return next((layer for layer in layers if getattr(layer.keys, field) is not None), None)
