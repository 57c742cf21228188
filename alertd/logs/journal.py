"""Lines for systemd's journal: with their weight, and natively with their fields.

Sources: sd-daemon(3) for the prefixes `<4>`; "Native Journal Protocol" of systemd's documentation
for the datagrams, which need no library.
"""

import logging
import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from alertd.logs.fields import Field, event_of, fields_of, one_line, trace_of

JOURNAL_SOCKET = Path("/run/systemd/journal/socket")

# Their numbers are those of syslog(3).
_CRITICAL, _ERROR, _WARNING, _INFO, _DEBUG = 2, 3, 4, 6, 7
_PRIORITIES = (
    (logging.CRITICAL, _CRITICAL),
    (logging.ERROR, _ERROR),
    (logging.WARNING, _WARNING),
    (logging.INFO, _INFO),
)


def is_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether what is written to a stream goes to the journal. Source: systemd.exec(5)."""
    if "JOURNAL_STREAM" not in environment:
        return False
    try:
        there = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environment["JOURNAL_STREAM"] == f"{there.st_dev}:{there.st_ino}"


class PrefixFormatter(logging.Formatter):
    """Writes `<4>BTCUSDT: not seen: ...`: the journal takes the weight off, and has its own clock."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a crash has several, each with its prefix."""
        prefix = f"<{_priority(record)}>"
        trace = map(one_line, trace_of(record).splitlines())
        return "\n".join(f"{prefix}{line}" for line in (_words(record), *trace))


class JournalHandler(logging.StreamHandler[TextIO]):
    """Hands records to the journal with their fields; where that fails, writes them to a stream.

    A datagram is taken at once or not at all: a journal that is busy must not hold up the feed, and
    one that is too large for a datagram is rare enough.
    """

    def __init__(self, stream: TextIO, address: Path) -> None:
        super().__init__(stream)
        self.setFormatter(PrefixFormatter())
        self._address = str(address)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, which never raises."""
        try:
            self._socket.sendto(b"".join(_entry(record)), self._address)
        except OSError:
            super().emit(record)

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()
        super().close()


def _priority(record: logging.LogRecord) -> int:
    return next((it for least, it in _PRIORITIES if record.levelno >= least), _DEBUG)


def _words(record: logging.LogRecord) -> str:
    return one_line(record.getMessage())


def _entry(record: logging.LogRecord) -> Iterator[bytes]:
    """Yield the fields of a journal entry; ours are ALERTD_SYMBOL and so on."""
    message = "\n".join(filter(None, (_words(record), trace_of(record))))
    yield _assignment("MESSAGE", message)
    yield _assignment("PRIORITY", str(_priority(record)))
    yield _assignment("SYSLOG_IDENTIFIER", "alertd")
    yield _assignment("ALERTD_EVENT", event_of(record))
    for key, value in fields_of(record).items():
        for each in _values(value):
            yield _assignment(f"ALERTD_{key.upper()}", each)


def _values(value: Field) -> Iterator[str]:
    """Yield what a field holds: the journal's fields may be there several times."""
    if isinstance(value, str | int | float):
        yield str(value)
    else:
        yield from map(str, value)


def _assignment(name: str, value: str) -> bytes:
    content = value.encode(errors="replace")
    if b"\n" not in content:
        return b"%s=%s\n" % (name.encode(), content)
    return b"%s\n%s%s\n" % (name.encode(), len(content).to_bytes(8, "little"), content)
