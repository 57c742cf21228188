"""What services answer, word for word.

Apprise's plug-ins tell in their logs that a send has failed, and of the answer a part; its headers,
and with them for how long a service wants to be left alone, they keep to themselves. All that speak
HTTP do it by `requests`, and every request of its goes through `Session.send`: there it is listened
to, in the thread that sends and for as long as it sends, and nothing is changed.
"""

import functools
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import attrs
import requests

_LONGEST_BODY = 4000  # bytes are kept; what a service has to say is at its beginning


@attrs.frozen
class Answer:
    """One answer of a service over HTTP. The names of its headers are looked up in any case."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: str = ""


_LISTENERS: ContextVar[list[Answer] | None] = ContextVar("listeners", default=None)


@contextmanager
def answers_heard() -> Generator[list[Answer]]:
    """Collect the answers that come to this thread meanwhile, in their order."""
    _listen()
    heard: list[Answer] = []
    token = _LISTENERS.set(heard)
    try:
        yield heard
    finally:
        _LISTENERS.reset(token)


@functools.cache
def _listen() -> None:
    send = requests.Session.send

    @functools.wraps(send)
    def overheard(
        self: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        response = send(self, request, **options)
        listener = _LISTENERS.get()
        if listener is not None:
            # What is streamed can be read once only, and that is not our part.
            body = "" if options.get("stream") else _beginning(response.content)
            listener.append(Answer(response.status_code, response.headers, body))
        return response

    requests.Session.send = overheard  # type: ignore[method-assign]  # it listens, and changes nothing


def _beginning(content: bytes | None) -> str:
    return (content or b"")[:_LONGEST_BODY].decode(errors="replace")
