"""Plain data into attrs classes, by cattrs, with all that is wrong said in a person's words."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeVar

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from alertd.config.mistakes import MOST_MISTAKES, WrongError, wrongs_in
from alertd.config.values import mapping, unknown_key
from alertd.config.wording import first_names

_Class = TypeVar("_Class")
_READ, _KEY = "read", "key"


def key(
    read: Callable[[Any], Any],
    *,
    default: Any = None,
    name: str | None = None,
    repr: bool = True,  # noqa: A002 - as attrs.field has it
) -> Any:
    """Return the attrs field of a key: how its value is read, its name where Python's differs."""
    return attrs.field(default=default, repr=repr, metadata={_READ: read, _KEY: name})


def reader(cls: type[_Class]) -> Callable[[object], _Class]:
    """Return the function that reads a mapping into `cls`, an attrs class of `key` fields.

    The function raises a group of `WrongError`.
    """
    read_sound = sound_reader(cls)

    def read(value: object) -> _Class:
        found, wrongs = read_sound(value)
        if wrongs:
            raise ExceptionGroup("wrong values", wrongs)
        return found

    return read


def sound_reader(cls: type[_Class]) -> Callable[[object], tuple[_Class, list[WrongError]]]:
    """Return the function that reads what is sound in a mapping, and what is wrong with the rest.

    So what is sound can be held against the rest of the file, and all mistakes are found at once.
    Raises `WrongError` for what is no mapping.
    """
    overrides = {
        field.name: override(rename=_key_of(field), struct_hook=_hook(field.metadata[_READ]))
        for field in _fields(cls)
    }
    structure = make_dict_structure_fn(
        cls,
        cattrs.Converter(),
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **overrides,  # type: ignore[arg-type]  # its options have the same form
    )
    keys = {field.name: _key_of(field) for field in _fields(cls)}

    what = first_names(keys.values())

    def read(value: object) -> tuple[_Class, list[WrongError]]:
        data = mapping(value, what)
        try:
            return structure(data, cls), []
        except cattrs.ClassValidationError as error:
            wrongs = _wrongs(error, keys)
        sound_keys = set(keys.values()) - {wrong.path[0] for wrong in wrongs}
        sound = {key: value for key, value in data.items() if key in sound_keys}
        return structure(sound, cls), wrongs

    return read


def keys_of(cls: type) -> tuple[str, ...]:
    """Return the keys that an attrs class of `key` fields is written with, in their order."""
    return tuple(_key_of(field) for field in _fields(cls))


def _fields(cls: type) -> "tuple[attrs.Attribute[Any], ...]":
    return attrs.fields(cls)  # type: ignore[no-any-return]


def _key_of(field: "attrs.Attribute[Any]") -> str:
    return field.metadata[_KEY] or field.name


def _hook(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def _wrongs(error: cattrs.ClassValidationError, keys: Mapping[str, str]) -> list[WrongError]:
    """Return what cattrs found, told from its notes: which attribute, and which keys are extra."""
    with_notes, others = error.group_exceptions()
    wrongs = [
        wrong.below(keys[note.name]) for part, note in with_notes for wrong in wrongs_in(part)
    ]
    for other in others:
        if not isinstance(other, cattrs.ForbiddenExtraKeysError):
            raise other
        unknown = islice(sorted(other.extra_fields), MOST_MISTAKES)
        wrongs.extend(unknown_key(it, keys.values()).below(it) for it in unknown)
    return wrongs
