"""Lines for programs."""

import io
import json
import logging
import re
import sys
from typing import Any

import pytest

from alertd.logs.fields import about
from alertd.logs.opening import LogFormat, open_log
from tests.logs.lines import log_a_crash

log = logging.getLogger("alertd.any")


class Said(io.StringIO):
    """Standard error, as a program reads it."""

    def line(self) -> dict[str, Any]:
        (line,) = self.getvalue().splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    there = Said()
    monkeypatch.setattr(sys, "stderr", there)
    open_log("debug", form=LogFormat.JSON, environment={})
    return there


def test_a_line_is_an_object_with_the_time_in_utc_and_milliseconds(said: Said):
    log.warning("BTCUSDT: %s", "not seen", extra=about("feed.lost", symbols=["BTCUSDT"]))
    line = said.line()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "warning",
        "event": "feed.lost",
        "message": "BTCUSDT: not seen",
        "symbols": ["BTCUSDT"],
    }


def test_a_field_that_is_not_known_is_not_there(said: Said):
    log.info("ready", extra=about("ready", count=0, reason=None))
    line = said.line()
    assert "reason" not in line
    assert line["count"] == 0


def test_what_a_library_says_has_its_name(said: Said):
    logging.getLogger("hypercorn.error").warning("hm")
    line = said.line()
    assert (line["event"], line["logger"]) == ("other", "hypercorn.error")


def test_letters_of_every_language_are_themselves_and_nothing_else_reaches_a_terminal(said: Said):
    words = "币\n\x1b[2J\x9b2J\u2028\U000e0001"
    log.info("%s", words)
    text = said.getvalue()
    assert "币" in text
    assert text[:-1].isprintable()
    assert json.loads(text)["message"] == words


def test_a_crash_has_its_trace_in_the_same_line(said: Said):
    log_a_crash()
    assert said.line()["trace"].endswith(
        "ValueError: could not convert string to float: 'of what?'"
    )
