"""Lines for people."""

import logging
import os
import pty
import re
import sys

import pytest

from alertd.logs.opening import open_log
from alertd.logs.text import TextFormatter
from tests.logs.lines import log_a_crash

log = logging.getLogger("alertd")


def test_what_a_peer_says_cannot_forge_a_line_or_steer_a_terminal(
    capfd: pytest.CaptureFixture[str],
):
    open_log("info", environment={})
    log.warning("%s: skipped", "X\nerror   NOT DELIVERED\x1b[2J币")
    said = capfd.readouterr().err
    assert said.endswith("warning X\\nerror   NOT DELIVERED\\x1b[2J币: skipped\n")
    assert said.count("\n") == 1


def line(level: int, text: str, *, coloured: bool) -> str:
    record = logging.LogRecord("alertd", level, "", 0, text, None, None)
    return TextFormatter(dated=False, coloured=coloured).format(record)


@pytest.mark.parametrize(
    ("level", "painted"),
    [
        (logging.DEBUG, "\x1b[2mdebug  \x1b[0m"),
        (logging.INFO, "info   "),
        (logging.WARNING, "\x1b[33mwarning\x1b[0m"),
        (logging.ERROR, "\x1b[31merror  \x1b[0m"),
        (logging.CRITICAL, "\x1b[1;37;41mcritical\x1b[0m"),
    ],
)
def test_a_terminal_shows_the_level_in_its_colour(level: int, painted: str):
    assert line(level, "ready", coloured=True).endswith(f"\x1b[0m {painted} ready")


def test_without_colours_there_is_nothing_but_the_line():
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d info    ready", line(logging.INFO, "ready", coloured=False)
    )


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """What a terminal gets of a warning."""
    ours, theirs = pty.openpty()
    try:
        with os.fdopen(theirs, "w") as stderr:
            monkeypatch.setattr(sys, "stderr", stderr)
            open_log("info", environment=environment)
            log.warning("ready")
            return os.read(ours, 1000).decode()
    finally:
        os.close(ours)


def test_a_terminal_gets_the_time_without_the_date(monkeypatch: pytest.MonkeyPatch):
    said = on_a_terminal(monkeypatch, NO_COLOR="1")
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning ready\r\n", said)


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch):
    assert "\x1b[33mwarning\x1b[0m" in on_a_terminal(monkeypatch)


def test_a_dumb_terminal_gets_no_colours(monkeypatch: pytest.MonkeyPatch):
    assert "\x1b" not in on_a_terminal(monkeypatch, TERM="dumb")


def test_a_crash_has_its_traceback(capfd: pytest.CaptureFixture[str]):
    open_log("info", environment={})
    log_a_crash()
    first, *others = capfd.readouterr().err.splitlines()
    assert first.endswith("error   a crash")
    assert others[0] == "Traceback (most recent call last):"
    assert others[-1].startswith("ValueError: could not convert string to float: 'of what?'")
