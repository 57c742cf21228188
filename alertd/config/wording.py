"""How mistakes are put into words: what is shown of a value, and what may have been meant."""

import difflib
from collections.abc import Collection, Iterable
from typing import Self

_LONGEST_SHOWN = 60
# As many names as people still read on a line, and as many as they choose from.
FEW = 5
_MOST_CHOICES = 8
_ENOUGH = 3  # keys tell what a mapping is


class Filled(str):
    """A text whose `${...}` were filled in; mistakes show `written`, which holds no secret."""

    __slots__ = ("written",)

    written: str

    def __new__(cls, text: str, written: str) -> Self:
        """Keep both texts."""
        filled = super().__new__(cls, text)
        filled.written = written
        return filled


def shown(value: object) -> str:
    """Return a scalar as its file has it, in backticks, short, and safe to print on a terminal."""
    text = str(getattr(value, "written", value))
    if isinstance(value, bool):
        text = text.lower()
    if "://" in text:
        # An address, perhaps with a token in it: what it leads to is enough to know it by.
        text = text.partition("://")[0] + "://…"
    if not text.isprintable():
        text = repr(text)[1:-1]
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}…"
    return f"`{text}`"


def part_of(value: object, part: str) -> str:
    """Return a part of a text, to be shown; of one that was filled in, the whole as written."""
    return value if isinstance(value, Filled) else part


def kind(value: object) -> str:
    """Return what a person calls a value of this kind."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{shown(value)}, a truth value"
        case int() | float():
            return f"{shown(value)}, a number"
        case str():
            return f"{shown(value)}, a text"
        case list():
            return "a list"
        case _:
            return "a mapping"


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return ` (did you mean ...?)` for the known name that is nearest to the word, or nothing.

    `likeness`, up to 1, is the least share of letters that both have in common.
    """
    # In lower case, because to difflib `BTC` and `btc` have nothing in common.
    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), names, n=1, cutoff=likeness)
    return f" (did you mean {shown(names[near[0]])}?)" if near else ""


def did_you_mean_or_all(word: str, known: Iterable[str]) -> str:
    """Return the suggestion; where nothing is near, all known names as long as they are few."""
    names = list(known)
    if hint := did_you_mean(word, names):
        return hint
    if 0 < len(names) <= _MOST_CHOICES:
        return f" (there is {', '.join(map(shown, names))})"
    return ""


def counted(count: int, what: str) -> str:
    """Return a count with its word: 1 rule, 2 rules."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def few(names: Collection[str], most: int = FEW) -> str:
    """Return names on a line, and how many more there are where they are many; programs get all."""
    more = len(names) - most
    return ", ".join(list(names)[:most]) + (f", and {more} more" if more > 0 else "")


def first_names(names: Collection[str]) -> str:
    """Return the first of a mapping's keys, which are enough to tell it from others."""
    more = ", …" if len(names) > _ENOUGH else ""
    return ", ".join(list(names)[:_ENOUGH]) + more
