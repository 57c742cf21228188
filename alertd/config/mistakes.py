"""Mistakes of the person who wrote a file: what is wrong, where, and what may have been meant."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import attrs

Step = str | int
Path = tuple[Step, ...]

# Nobody mends more at once, and to look for what may have been meant takes its time for each.
MOST_MISTAKES = 1_000
MORE_MISTAKES = f"{MOST_MISTAKES:,} mistakes: what follows was not read"

_Key = TypeVar("_Key", str, int)
_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


@attrs.frozen(order=True)
class Place:
    """Where in a file; line and column count from 1, and line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@attrs.frozen(order=True)
class Mistake:
    """One thing that is wrong, in the words of the person who is to mend it."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class MistakesError(Exception):
    """The user's mistakes, each once, in the order of files and places; at least one."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


class WrongError(ValueError):
    """What is wrong with a value, said where its place is not known.

    `path` leads to it from the value that was being read; `on_key` means the key at the path's
    end rather than the value behind it.
    """

    def __init__(self, text: str, path: Path = (), *, on_key: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.path = path
        self.on_key = on_key

    def below(self, step: Step) -> "WrongError":
        """Return the same, as seen from the value that holds this one at `step`."""
        return WrongError(self.text, (step, *self.path), on_key=self.on_key)


def wrongs_in(error: Exception) -> list[WrongError]:
    """Return what is wrong according to `error`: a `WrongError` or a group of them, however deep."""
    if isinstance(error, ExceptionGroup):
        return [wrong for part in error.exceptions for wrong in wrongs_in(part)]
    if isinstance(error, WrongError):
        return [error]
    raise error


@attrs.frozen
class Wrongs:
    """Gathers what is wrong with the parts of a value, so that all of it is told at once."""

    found: list[WrongError] = attrs.field(factory=list)

    def add(self, text: str, path: Path, *, on_key: bool = False) -> None:
        """Note what is wrong at a path below the value."""
        self.found.append(WrongError(text, path, on_key=on_key))
        self._stop_at_too_many()

    def read(
        self, step: _Key, value: _Item, read: Callable[[_Key, _Item], _Value]
    ) -> _Value | None:
        """Return what `read` makes of the part at `step`; None where something is wrong with it."""
        try:
            return read(step, value)
        except (WrongError, ExceptionGroup) as error:
            self.found.extend(wrong.below(step) for wrong in wrongs_in(error))
            self._stop_at_too_many()
            return None

    def raise_any(self) -> None:
        """Raise a group of all that was found, if anything was."""
        if self.found:
            raise ExceptionGroup("wrong values", self.found)

    def _stop_at_too_many(self) -> None:
        if len(self.found) >= MOST_MISTAKES:
            self.raise_any()


def read_each(
    items: Iterable[tuple[_Key, _Item]], read: Callable[[_Key, _Item], _Value]
) -> dict[_Key, _Value]:
    """Read every item and return the results; raise a group of all that is wrong with them."""
    wrongs = Wrongs()
    results = {step: wrongs.read(step, value, read) for step, value in items}
    wrongs.raise_any()
    # Nothing is wrong, so that every None is what `read` returned.
    return results  # type: ignore[return-value]
