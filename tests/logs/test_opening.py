"""Where the log goes, and in which form."""

import logging
import re

import pytest

from alertd.delivery.secrets import SecretsFilter
from alertd.logs.opening import LogFormat, open_log
from tests.logs.lines import in_the_journal

log = logging.getLogger("alertd")


def test_a_file_of_lines_has_dates(capfd: pytest.CaptureFixture[str]):
    open_log("info", environment={})
    log.warning("BTCUSDT: %s", "not seen")
    line = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning BTCUSDT: not seen\n"
    assert re.fullmatch(line, capfd.readouterr().err)


def test_text_is_text_in_the_journal_too(capfd: pytest.CaptureFixture[str]):
    open_log("info", form=LogFormat.TEXT, environment=in_the_journal())
    log.info("ready")
    assert re.match(r"\d{4}-", capfd.readouterr().err)


def test_a_journal_that_is_not_our_standard_error_does_not_count(
    capfd: pytest.CaptureFixture[str],
):
    open_log("info", environment={"JOURNAL_STREAM": "1:1"})
    log.info("ready")
    assert re.match(r"\d{4}-", capfd.readouterr().err)


def test_lines_for_the_journal_can_be_had_anywhere(capfd: pytest.CaptureFixture[str]):
    open_log("info", form=LogFormat.JOURNAL, environment={})
    log.info("ready")
    assert capfd.readouterr().err == "<6>ready\n"


def test_what_is_below_the_level_is_left_out(capfd: pytest.CaptureFixture[str]):
    open_log("warning", environment={})
    log.info("streaming")
    assert capfd.readouterr().err == ""


def test_libraries_are_quiet_even_at_debug(capfd: pytest.CaptureFixture[str]):
    open_log("debug", environment={})
    logging.getLogger("urllib3.connectionpool").debug("POST /bot123:token")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("form", LogFormat)
def test_filters_see_every_record_and_its_fields(
    form: LogFormat, capfd: pytest.CaptureFixture[str]
):
    open_log("info", form=form, filters=[SecretsFilter(["hush-hush"])], environment={})
    about = {"reason": "hush-hush", "symbols": ["X", "hush-hush"]}
    logging.getLogger("alertd.any").error("it is %s", "hush-hush", extra={"fields": about})
    said = capfd.readouterr().err
    assert "it is ***" in said
    assert "hush" not in said
