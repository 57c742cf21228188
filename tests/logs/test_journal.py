"""Lines for the journal: over a real socket, and where there is none."""

import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from alertd.logs.fields import about
from alertd.logs.opening import open_log
from tests.logs.lines import in_the_journal, log_a_crash

log = logging.getLogger("alertd.any")


class Journal:
    """What journald listens on. Opened in a test's body: standard error is that of its own."""

    def __init__(self, address: Path) -> None:
        self._there = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._there.bind(str(address))
        self._there.settimeout(1)
        self._address = address

    def open_log(self) -> None:
        open_log("debug", environment=in_the_journal(), journal_socket=self._address)

    def received(self) -> list[bytes]:
        return self._there.recv(100_000).splitlines()

    def close(self) -> None:
        self._there.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path / "journal")) as there:
        there.open_log()
        yield there


def test_a_line_goes_to_the_journal_with_its_weight_and_its_fields(journal: Journal):
    fields = about("feed.lost", symbols=["BTCUSDT", "币USDT"], retry_in_s=0.5)
    log.warning("BTCUSDT: %s", "not seen", extra=fields)
    assert journal.received() == [
        b"MESSAGE=BTCUSDT: not seen",
        b"PRIORITY=4",
        b"SYSLOG_IDENTIFIER=alertd",
        b"ALERTD_EVENT=feed.lost",
        b"ALERTD_SYMBOLS=BTCUSDT",
        "ALERTD_SYMBOLS=币USDT".encode(),
        b"ALERTD_RETRY_IN_S=0.5",
    ]


@pytest.mark.parametrize(
    ("level", "priority"),
    [
        (logging.DEBUG, 7),
        (logging.INFO, 6),
        (logging.WARNING, 4),
        (logging.ERROR, 3),
        (logging.CRITICAL, 2),
    ],
)
def test_each_level_has_its_priority(level: int, priority: int, journal: Journal):
    log.log(level, "ready")
    assert f"PRIORITY={priority}".encode() in journal.received()


def test_what_it_says_cannot_forge_a_field(journal: Journal):
    log.info("X\nPRIORITY=0", extra=about("other", reason="Y\nPRIORITY=0"))
    reason = b"Y\nPRIORITY=0"
    assert b"\n".join(journal.received()) == b"\n".join(
        [
            b"MESSAGE=X\\nPRIORITY=0",
            b"PRIORITY=6",
            b"SYSLOG_IDENTIFIER=alertd",
            b"ALERTD_EVENT=other",
            b"ALERTD_REASON",
            len(reason).to_bytes(8, "little") + reason,
        ]
    )


def test_nothing_of_it_is_on_standard_error(journal: Journal, capfd: pytest.CaptureFixture[str]):
    journal.open_log()
    log.info("ready")
    assert journal.received()
    assert capfd.readouterr().err == ""


def test_a_journal_that_is_not_there_gets_lines_with_their_weight(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    open_log("info", environment=in_the_journal(), journal_socket=tmp_path / "nobody")
    log.error("ready")
    assert capfd.readouterr().err == "<3>ready\n"


def test_a_journal_that_takes_no_more_gets_what_comes_as_lines_at_once(
    journal: Journal, capfd: pytest.CaptureFixture[str]
):
    journal.open_log()
    for _ in range(1000):
        log.info("ready")
    lines = capfd.readouterr().err.splitlines()
    assert set(lines) == {"<6>ready"}
    assert len(lines) < 1000


def test_a_crash_is_one_entry(journal: Journal):
    log_a_crash()
    first, _, *others = journal.received()
    assert first == b"MESSAGE"
    assert b"Traceback (most recent call last):" in others[0] + others[1]
    assert b"PRIORITY=3" in others


def test_every_line_of_a_crash_has_its_weight(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    open_log("info", environment=in_the_journal(), journal_socket=tmp_path / "nobody")
    log_a_crash()
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == "<3>a crash"
    assert lines[-1] == "<3>ValueError: could not convert string to float: 'of what?'"
    assert all(line.startswith("<3>") for line in lines)
