"""The log of a test, and what its environment is in the journal."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def given_back() -> Iterator[None]:
    """Give the root logger back as it was, and the levels of all others."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in root.manager.loggerDict}
    try:
        yield
    finally:
        for handler in set(root.handlers) - set(handlers):
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in root.manager.loggerDict:
            logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


def in_the_journal() -> dict[str, str]:
    """The environment of a process whose standard error is the journal."""
    stderr = os.fstat(2)
    return {"JOURNAL_STREAM": f"{stderr.st_dev}:{stderr.st_ino}"}


def log_a_crash() -> None:
    """Log a mistake of ours, with where it was made."""
    try:
        float("of what?")
    except ValueError:
        logging.getLogger("alertd").exception("a crash")
