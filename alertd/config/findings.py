"""The mistakes of all files, gathered while the reading goes on."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import attrs

from alertd.config.document import Document
from alertd.config.mistakes import (
    MORE_MISTAKES,
    MOST_MISTAKES,
    Mistake,
    MistakesError,
    Path,
    WrongError,
    wrongs_in,
)
from alertd.config.values import mapping, unknown_key
from alertd.config.wording import first_names

_Value = TypeVar("_Value")


@attrs.frozen
class Findings:
    """Collects mistakes, so that everything that can be read is read in spite of them."""

    mistakes: list[Mistake] = attrs.field(factory=list)

    def add(self, document: Document, path: Path, text: str, *, on_key: bool = False) -> None:
        """Note what is wrong at a path of a document. Raises `MistakesError` if it is too much."""
        place = document.place(path, on_key=on_key)
        self.mistakes.append(Mistake(place, text))
        if len(self.mistakes) >= MOST_MISTAKES:
            raise MistakesError([*self.mistakes, Mistake(place, MORE_MISTAKES)])

    def read(
        self, document: Document, path: Path, value: object, read: Callable[[object], _Value]
    ) -> _Value | None:
        """Return what `read` makes of the value at `path`; None where something is wrong with it."""
        try:
            return read(value)
        except (WrongError, ExceptionGroup) as error:
            for wrong in wrongs_in(error):
                self.add(document, path + wrong.path, wrong.text, on_key=wrong.on_key)
            return None

    def sections(
        self,
        document: Document,
        path: Path,
        value: object,
        known: Collection[str],
        later: Collection[str] = (),
    ) -> dict[str, Any]:
        """Return the known sections of a mapping, and note the others as mistakes."""
        what = first_names(known)
        sections = self.read(document, path, value, lambda value: mapping(value, what)) or {}
        for key in [key for key in sections if key not in known]:
            wrong = unknown_key(key, known, later)
            self.add(document, (*path, key), wrong.text, on_key=True)
        return {key: section for key, section in sections.items() if key in known}
