"""Keeping what must not be read out of everything that is printed."""

import base64
import logging
import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import attrs
from apprise import NotifyBase

HIDDEN = "***"
# A shorter secret is hidden only where it stands as a word: a password `on` would else turn
# every "connection" into noise.
_LONG_ENOUGH = 6
_LONGER_THAN_WORDS = 12
_SEPARATORS = re.compile(r"[:/?#&=@,;]+")


@attrs.frozen
class Scrubber:
    """Replaces secrets, in any case and with any URL encoding, by `***`."""

    _pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, secrets: Iterable[str]) -> "Scrubber":
        """Return a scrubber of these secrets."""
        forms = {form for secret in secrets for form in _forms(secret) if form}
        if not forms:
            return cls(None)
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        return cls(re.compile("|".join(map(_pattern_of, longest_first)), re.IGNORECASE))

    def scrub(self, text: str) -> str:
        """Return the text with every secret in it replaced."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)


class SecretsFilter(logging.Filter):
    """Scrubs every record that passes: its message, its fields, its exception, its stack.

    It belongs on each handler, not on a logger: a logger's filters do not see the records of the
    loggers below it, and `urllib3` prints whole URLs at DEBUG.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = frozenset(secrets)
        self._scrubber = Scrubber.of(self._secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Scrub these as well from now on; none is forgotten, as it may still be in use."""
        self._secrets |= frozenset(secrets)
        self._scrubber = Scrubber.of(self._secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub the record in place; none is held back."""
        record.msg, record.args = self._scrubber.scrub(_message_of(record)), None
        if record.exc_info and record.exc_info[0] and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        if record.exc_text:
            # A formatter prints `exc_text` as it is and makes a new one only from `exc_info`.
            record.exc_text, record.exc_info = self._scrubber.scrub(record.exc_text), None
        if record.stack_info:
            record.stack_info = self._scrubber.scrub(record.stack_info)
        if fields := getattr(record, "fields", None):
            # Not in place: whoever wrote them may write them again.
            record.fields = {key: self._scrubbed(value) for key, value in fields.items()}
        return True

    def _scrubbed(self, value: object) -> object:
        match value:
            case str():
                return self._scrubber.scrub(value)
            case tuple() | list():
                return [self._scrubbed(each) for each in value]
        return value


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # Arguments that do not fit their message: logging forgives that, but not inside a filter.
        return f"{record.msg} {record.args}"


def secrets_of(url: str, service: NotifyBase) -> frozenset[str]:
    """Return the pieces of a service's URL that must never be printed.

    Everything in it is secret but what its plug-in declares to be public: the scheme, a host name
    that is one, a user name, and the values of settings such as `format`; and but plain words, such
    as a topic `alerts`, which keep nobody out and would blank them wherever the log uses them. The
    plug-in's own private values are secret in any case, even where one equals something public.
    """
    address, _, query = url.partition("?")
    pieces = {*_SEPARATORS.split(address), *_query_secrets(query, service.template_args)}
    public = {_folded(text) for text in (address.partition(":")[0], *_public(service, address))}
    kept = {piece for piece in pieces if not _is_a_word(piece) and _folded(piece) not in public}
    return frozenset(kept | _private_values(service))


def _is_a_word(piece: str) -> bool:
    return not piece or (piece.isalpha() and len(piece) < _LONGER_THAN_WORDS)


def _query_secrets(query: str, settings: Mapping[str, Mapping[str, Any]]) -> set[str]:
    found = set()
    for part in filter(None, query.split("&")):
        key, _, value = part.partition("=")
        setting = settings.get(key.lower())
        # `+header=`, `-parameter=` and `:field=` are the user's own; so is what nobody knows.
        if setting is None or setting.get("private") or "alias_of" in setting:
            found.add(value or key)
    return found


def _public(service: NotifyBase, address: str) -> set[str]:
    """Return what the plug-in takes for public: in `tgram://` the "host" is the token."""
    names = {
        name
        for name in ("host", "port", "user")
        if name in service.template_tokens and not service.template_tokens[name].get("private")
    }
    values = {str(getattr(service, name, None) or "") for name in names}
    is_web_page = address.lower().startswith(("http://", "https://"))
    return values | ({_SEPARATORS.split(address)[1]} if is_web_page else set())


def _private_values(service: NotifyBase) -> set[str]:
    private = {"password": service.password}
    for name, token in service.template_tokens.items():
        if token.get("private"):
            private[name] = getattr(service, token.get("map_to", name), None)
    if service.password:
        # As a login goes over the wire, and comes back from a server that repeats what it was sent.
        login = f"{service.user or ''}:{service.password}"
        private["login"] = base64.b64encode(login.encode()).decode()
    return {value for value in private.values() if isinstance(value, str) and value}


def _folded(text: str) -> str:
    return unquote(text).casefold()


def _forms(secret: str) -> set[str]:
    plain = {secret, unquote(secret), unquote_plus(secret)}
    return plain | {encode(text, safe="") for text in plain for encode in (quote, quote_plus)}


def _pattern_of(form: str) -> str:
    literal = re.escape(form)
    return literal if len(form) >= _LONG_ENOUGH else rf"(?<!\w){literal}(?!\w)"
