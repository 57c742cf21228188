"""The log's lines, as a person on a terminal and as the journal gets them."""

import logging
import os
import re
from collections.abc import Iterator

import pytest

from alertd import logs
from alertd.delivery.secrets import SecretsFilter


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_has_the_time_the_level_and_the_text(capfd: pytest.CaptureFixture[str]):
    logs.set_up("info", environment={})
    logging.getLogger("alertd").warning("BTCUSDT: %s", "not seen")
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning BTCUSDT: not seen\n", capfd.readouterr().err)


def journal() -> dict[str, str]:
    """The environment of a process whose standard error is the journal."""
    stderr = os.fstat(2)
    return {"JOURNAL_STREAM": f"{stderr.st_dev}:{stderr.st_ino}"}


def test_the_journal_has_a_clock_of_its_own(capfd: pytest.CaptureFixture[str]):
    logs.set_up("info", environment=journal())
    logging.getLogger("alertd").info("ready")
    assert capfd.readouterr().err == "info    ready\n"


def test_text_has_the_time_in_the_journal_too(capfd: pytest.CaptureFixture[str]):
    logs.set_up("info", always_timed=True, environment=journal())
    logging.getLogger("alertd").info("ready")
    assert re.match(r"\d\d:", capfd.readouterr().err)


def test_a_journal_that_is_not_our_standard_error_does_not_count(
    capfd: pytest.CaptureFixture[str],
):
    logs.set_up("info", environment={"JOURNAL_STREAM": "1:1"})
    logging.getLogger("alertd").info("ready")
    assert re.match(r"\d\d:", capfd.readouterr().err)


def test_what_is_below_the_level_is_left_out(capfd: pytest.CaptureFixture[str]):
    logs.set_up("warning", environment={})
    logging.getLogger("alertd").info("streaming")
    assert capfd.readouterr().err == ""


def test_libraries_are_quiet_even_at_debug(capfd: pytest.CaptureFixture[str]):
    logs.set_up("debug", environment={})
    logging.getLogger("urllib3.connectionpool").debug("POST /bot123:token")
    assert capfd.readouterr().err == ""


def test_filters_see_every_record(capfd: pytest.CaptureFixture[str]):
    logs.set_up("info", filters=[SecretsFilter(["hush-hush"])], environment={})
    logging.getLogger("alertd.any").error("the token is %s", "hush-hush")
    assert "the token is ***" in capfd.readouterr().err


def test_what_a_peer_says_cannot_forge_a_line_or_steer_a_terminal(
    capfd: pytest.CaptureFixture[str],
):
    logs.set_up("info", environment={})
    logging.getLogger("alertd").warning("%s: skipped", "X\nerror   NOT DELIVERED\x1b[2J币")
    said = capfd.readouterr().err
    assert said.endswith("warning X\\nerror   NOT DELIVERED\\x1b[2J币: skipped\n")
    assert said.count("\n") == 1
