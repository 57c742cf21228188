"""The log: one line for what matters, to standard error."""

import logging
import os
import sys
from collections.abc import Iterable, Mapping

# These say little that a user of alertd can act on, and at DEBUG some print tokens. Apprise, which
# says why a send failed, is heard by the delivery room.
_QUIET = ("urllib3", "requests", "httpx", "httpcore", "trio-websocket", "asyncio")


def set_up(
    level: str,
    *,
    always_timed: bool = False,
    filters: Iterable[logging.Filter] = (),
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Send the log to standard error from `level` (debug, info, warning, error) on.

    `filters` see every record: they keep secrets out. Lines begin with the time, except in the
    journal, which has its own; there too where `always_timed`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(with_time=always_timed or not _is_journal(environment)))
    for each in filters:
        handler.addFilter(each)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_journal(environment: Mapping[str, str]) -> bool:
    """Whether standard error is the journal, which has its own clock. Source: systemd.exec(5)."""
    if "JOURNAL_STREAM" not in environment:
        return False
    try:
        stderr = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return environment["JOURNAL_STREAM"] == f"{stderr.st_dev}:{stderr.st_ino}"


class _Formatter(logging.Formatter):
    """`07:24:39 warning BTCUSDT: not seen: ...`, without the time where the journal adds it."""

    def __init__(self, *, with_time: bool) -> None:
        time = "%(asctime)s " if with_time else ""
        super().__init__(f"{time}%(lowered)-7s %(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        record.lowered = record.levelname.lower()
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Write the line itself, in which a peer's text can neither end it nor steer a terminal."""
        record.message = "".join(
            letter if letter.isprintable() else ascii(letter)[1:-1] for letter in record.message
        )
        return super().formatMessage(record)
