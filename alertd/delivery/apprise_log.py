"""Apprise's own log, which is where its plug-ins say why a send failed."""

import functools
import logging
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
    """Let Apprise say nothing at all: of a URL that it cannot use, it logs the whole."""
    _APPRISE.disabled = True
    try:
        yield
    finally:
        _APPRISE.disabled = False


class _Forward(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if _OURS.isEnabledFor(logging.DEBUG):
            _OURS.handle(record)
