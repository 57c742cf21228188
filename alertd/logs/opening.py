"""Where the log goes, and how its lines look there."""

import enum
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from alertd.logs.journal import JOURNAL_SOCKET, JournalHandler, PrefixFormatter, is_journal
from alertd.logs.json_lines import JsonFormatter
from alertd.logs.text import TextFormatter, takes_colour

# These say little that a user of alertd can act on, and at DEBUG some print tokens. Apprise, which
# says why a send failed, is heard by the delivery room.
_QUIET = ("urllib3", "requests", "httpx", "httpcore", "trio-websocket", "asyncio")


class LogFormat(enum.Enum):
    """How a line of the log looks; auto is for the journal where it goes there, else for people."""

    AUTO = "auto"
    TEXT = "text"
    JOURNAL = "journal"
    JSON = "json"


def open_log(
    level: str,
    *,
    form: LogFormat = LogFormat.AUTO,
    filters: Iterable[logging.Filter] = (),
    environment: Mapping[str, str] = os.environ,
    journal_socket: Path = JOURNAL_SOCKET,
) -> None:
    """Send the log to standard error from `level` (debug, info, warning, error) on.

    Where that is the journal, and in its `form`, the journal gets it by its own socket. `filters`
    see every record: they keep secrets out.
    """
    stream, goes_to_journal = sys.stderr, is_journal(sys.stderr, environment)
    if form is LogFormat.AUTO:
        form = LogFormat.JOURNAL if goes_to_journal else LogFormat.TEXT
    if form is LogFormat.JOURNAL and goes_to_journal:
        handler: logging.Handler = JournalHandler(stream, journal_socket)
    else:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(_formatter(form, stream, environment))
    for each in filters:
        handler.addFilter(each)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(
    form: LogFormat, stream: TextIO, environment: Mapping[str, str]
) -> logging.Formatter:
    match form:
        case LogFormat.JSON:
            return JsonFormatter()
        case LogFormat.JOURNAL:
            return PrefixFormatter()
    return TextFormatter(dated=not stream.isatty(), coloured=takes_colour(stream, environment))
