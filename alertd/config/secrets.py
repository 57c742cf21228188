"""`${...}` in the configuration's values: filled in from outside of the file, never printed."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import attrs

from alertd.config import mistakes
from alertd.config.mistakes import WrongError, wrongs_in
from alertd.config.wording import Filled, did_you_mean, shown

# `$$`, `${...}` or an opening that nothing closes; any other dollar is itself.
_REFERENCE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?:(?P<inside>[^{}]*)\}|(?P<open>)))")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_Value = TypeVar("_Value")

_LARGEST_FILE = 64 * 1024
_MOST_REFERENCES = 100
_FEW = 5  # are told of one text


@attrs.frozen
class Secrets:
    """Looks secrets up and remembers every text it gave away, for those who must hide it."""

    environment: Mapping[str, str] = attrs.field(repr=False)
    found: set[str] = attrs.field(factory=set, repr=False)

    def fill(self, text: str) -> str:
        """Return the text with `${NAME}`, `${NAME:-default}`, `${file:/path}` and `$$` filled in.

        A name is looked up in the service manager's credentials, then in the environment.
        Raises `WrongError`.
        """
        parts: list[str] = []
        wrongs: list[str] = []
        end = 0
        for count, match in enumerate(_REFERENCE.finditer(text)):
            if count == _MOST_REFERENCES:
                raise WrongError(f"more than {_MOST_REFERENCES} `$` to fill in or to double")
            parts.append(text[end : match.start()])
            end = match.end()
            try:
                parts.append(self._one(match))
            except WrongError as wrong:
                wrongs.append(wrong.text)
        if wrongs:
            raise WrongError("; ".join(list(dict.fromkeys(wrongs))[:_FEW]))
        return Filled("".join(parts) + text[end:], text) if parts else text

    def _one(self, match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        if match["open"] is not None:
            raise WrongError("`${` is never closed: write `${NAME}`, or `$$` for a dollar")
        inside: str = match["inside"]
        if inside.startswith("file:"):
            return self._remembered(_file(inside))
        name, has_default, default = inside.partition(":-")
        if not _NAME.fullmatch(name):
            raise WrongError(
                f"{shown(match[0])}: write `${{NAME}}`, `${{NAME:-default}}` or `${{file:/path}}`"
            )
        secret = self._credential(name) or self.environment.get(name)
        if secret:
            return self._remembered(secret)
        if has_default:
            return default
        raise WrongError(self._undefined(name))

    def _credential(self, name: str) -> str | None:
        folder = self.environment.get("CREDENTIALS_DIRECTORY")
        if not folder:
            return None
        try:
            return _read(Path(folder, name), name)
        except FileNotFoundError:
            return None

    def _undefined(self, name: str) -> str:
        if name in self.environment:
            return f"{shown(name)} is empty in the environment"
        hint = did_you_mean(name, self.environment)
        return f"{shown(name)} is neither a credential nor in the environment{hint}"

    def _remembered(self, secret: str) -> str:
        self.found.add(secret)
        return secret


def read_filled(value: object, read: Callable[[object], _Value], secrets: Secrets) -> _Value:
    """Read a value after its texts have been filled in.

    Raises a group of all that is wrong, but a text that cannot be filled in is one thing, not two.
    """
    wrongs: dict[mistakes.Path, WrongError] = {}
    filled = _filled(value, secrets, (), wrongs)
    try:
        result = read(filled)
    except (WrongError, ExceptionGroup) as error:
        unread = [wrong for wrong in wrongs_in(error) if wrong.path not in wrongs]
        raise ExceptionGroup("wrong values", [*wrongs.values(), *unread]) from None
    if wrongs:
        raise ExceptionGroup("wrong values", list(wrongs.values()))
    return result


def _filled(
    value: object, secrets: Secrets, path: mistakes.Path, wrongs: dict[mistakes.Path, WrongError]
) -> object:
    match value:
        case str():
            try:
                return secrets.fill(value)
            except WrongError as wrong:
                wrongs[path] = WrongError(wrong.text, path)
                return value
        case list():
            return [_filled(item, secrets, (*path, i), wrongs) for i, item in enumerate(value)]
        case dict():
            return {k: _filled(item, secrets, (*path, k), wrongs) for k, item in value.items()}
    return value


def _file(inside: str) -> str:
    path = Path(inside.removeprefix("file:"))
    if not path.is_absolute():
        raise WrongError(f"{shown(inside)}: give the file's whole path, from `/` on")
    try:
        return _read(path, inside)
    except FileNotFoundError:
        raise WrongError(f"{shown(inside)} cannot be read: no such file") from None


def _check_kind(path: Path, written: str) -> None:
    # They may keep their reader waiting for ever, or be empty the next time.
    if path.is_fifo() or path.is_char_device() or path.is_socket():
        raise WrongError(f"{shown(written)} is no regular file")


def _read(path: Path, written: str) -> str:
    """Return the text of a secret's file without the line's end that editors leave there.

    Raises `FileNotFoundError`, and `WrongError` for anything else.
    """
    try:
        _check_kind(path, written)
        with path.open("rb") as stream:
            secret = stream.read(_LARGEST_FILE + 1).decode().rstrip("\r\n")
    except (FileNotFoundError, WrongError):
        raise
    except (OSError, ValueError) as error:
        reason = str(error.strerror).lower() if isinstance(error, OSError) else "not UTF-8 text"
        raise WrongError(f"{shown(written)} cannot be read: {reason}") from None
    if not secret or len(secret) > _LARGEST_FILE:
        raise WrongError(f"{shown(written)} is {'too large' if secret else 'empty'}")
    return secret
