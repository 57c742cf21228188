"""Apprise's own log, which is where its plug-ins say why a send failed."""

import functools
import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager

_APPRISE = logging.getLogger("apprise")
_OURS = logging.getLogger("alertd.delivery.apprise")


@functools.cache
def own_apprise_log() -> None:
    """Make Apprise log everything, for its results, and print none of it unless asked to.

    A plug-in logs a refusal as a warning, and its cause (a timeout, a bad certificate) only at
    DEBUG: without that level a result has no cause. What is said there is reported with each
    outcome anyway, so it reaches the daemon's log only where `alertd.delivery` is at DEBUG.
    """
    _APPRISE.setLevel(logging.DEBUG)
    _APPRISE.propagate = False
    _APPRISE.addHandler(_Forward())


@contextmanager
def unheard() -> Generator[None]:
    """Let Apprise say nothing in this thread: of a URL that it cannot use, it logs the whole.

    Other threads send meanwhile, and the causes of their failures are in this log.
    """
    thread = threading.get_ident()
    _APPRISE.addFilter(_UNHEARD)
    _UNHEARD.threads.add(thread)
    try:
        yield
    finally:
        _UNHEARD.threads.discard(thread)


class _Unheard(logging.Filter):
    """Drops what is said in some threads."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - it is about the thread
        return threading.get_ident() not in self.threads


_UNHEARD = _Unheard()


class _Forward(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if _OURS.isEnabledFor(logging.DEBUG):
            _OURS.handle(record)
