"""Readers of single values: a plain value in, the value that is meant out, or `WrongError`."""

import enum
from collections.abc import Callable, Collection
from typing import TypeVar

from alertd.config.mistakes import WrongError, read_each
from alertd.config.wording import did_you_mean, did_you_mean_or_all, kind, shown

_Member = TypeVar("_Member", bound=enum.Enum)

_LONGEST_NAME = 100
_MOST_ITEMS = 1_000
_TRUTHS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


def text(value: object) -> str:
    """Read a text that says something."""
    if isinstance(value, bool | int | float):
        raise WrongError(f"a text is expected here, not {kind(value)}: put it in quotes")
    if not isinstance(value, str):
        raise WrongError(f"a text is expected here, not {kind(value)}")
    if not value.strip():
        raise WrongError("a text is expected here, not an empty one")
    return value


def name(value: object) -> str:
    """Read the name of a rule or a channel: it shows in alerts, lists and logs."""
    word = text(value)
    if not word.isprintable() or len(word) > _LONGEST_NAME:
        raise WrongError(f"{shown(word)}: a name is one line of at most {_LONGEST_NAME} characters")
    return word


def truth(value: object) -> bool:
    """Read `true` or `false`."""
    if isinstance(value, bool):
        return value
    meant = _TRUTHS.get(value.lower()) if isinstance(value, str) else None
    hint = f" (did you mean {shown(meant)}?)" if meant else ""
    raise WrongError(f"true or false is expected here, not {kind(value)}{hint}")


def member_of(choices: type[_Member]) -> Callable[[object], _Member]:
    """Return the reader of an enumeration's values."""
    words = [str(member.value) for member in choices]

    def read(value: object) -> _Member:
        if value in words:
            return choices(value)
        if not isinstance(value, str):
            raise WrongError(f"one of {', '.join(words)} is expected here, not {kind(value)}")
        raise WrongError(f"unknown: {shown(value)}{did_you_mean_or_all(value, words)}")

    return read


def several(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    """Return the reader of a list of texts; a single one may stand without a list around it."""

    def read_several(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            return (read(value),)
        if len(value) > _MOST_ITEMS:
            raise WrongError(f"a list of {len(value):,}: {_MOST_ITEMS:,} are the most")
        results = read_each(enumerate(value), lambda _, item: read(item)).values()
        seen: set[str] = set()
        for index, result in enumerate(results):
            if result in seen:
                raise WrongError("this is listed twice", (index,))
            seen.add(result)
        return tuple(results)

    return read_several


def mapping(value: object, what: str) -> dict[str, object]:
    """Read a mapping; `what` is what it should hold."""
    if not isinstance(value, dict):
        raise WrongError(f"a mapping is expected here ({what}), not {kind(value)}")
    return value


def unknown_key(
    key: str,
    known: Collection[str],
    later: Collection[str] = (),
    *,
    what: str = "key",
    listed: bool = False,
) -> WrongError:
    """Return what is wrong with a key that is not known; `later` are those that are to come.

    Where none of the known ones is like it, all are named if they are `listed`.
    """
    if key in later:
        return WrongError(f"{shown(key)} is not in this version yet", on_key=True)
    hint = did_you_mean(key, known)
    if listed and not hint:
        hint = f" (there is {', '.join(known)})"
    return WrongError(f"unknown {what} {shown(key)}{hint}", on_key=True)
