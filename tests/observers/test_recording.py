"""What becomes of a recording: in the log, the status line and a system alert."""

import logging
from pathlib import Path

import pytest

from alertd.market.past.recorded.events import (
    Recorded,
    RecordingEnds,
    RecordingEvent,
    RecordingGoesOn,
    Unrecorded,
)
from alertd.observers.log import LogObserver
from alertd.observers.system_alerts import SystemAlert, SystemAlerts
from alertd.observers.tally import Tally
from alertd.status import status_line

TAPES = Path("tapes")
FULL = "no space left on device"
WHAT_IT_MEANS = "Alerts are sent as ever; what comes now may be missing in a replay."


def logged(caplog: pytest.LogCaptureFixture, *events: RecordingEvent) -> list[tuple[str, str]]:
    """The level and the line of each event."""
    observer = LogObserver()
    with caplog.at_level(logging.INFO):
        for event in events:
            observer.on_recording(event)
    return [(record.levelname, record.message) for record in caplog.records]


def test_a_file_that_is_finished_is_logged_with_what_a_ticker_takes(
    caplog: pytest.LogCaptureFixture,
):
    recorded = Recorded(TAPES / "2026-11-22T16-00-00Z.jsonl.zst", 1_031_400, 21_659_400)
    line = "recorded tapes/2026-11-22T16-00-00Z.jsonl.zst: 1,031,400 tickers, 21.0 bytes each"
    assert logged(caplog, recorded) == [("INFO", line)]


def test_what_keeps_it_from_being_written_is_logged_ever_more_rarely(
    caplog: pytest.LogCaptureFixture,
):
    lines = logged(caplog, *(Unrecorded(TAPES, FULL, failures) for failures in range(1, 9)))
    assert lines == [("ERROR", f"nothing can be recorded in tapes: {FULL}")] * 4


def test_that_it_goes_on_is_logged_with_what_is_missing(caplog: pytest.LogCaptureFixture):
    assert logged(caplog, RecordingGoesOn(TAPES, 0), RecordingGoesOn(TAPES, 1234)) == [
        ("WARNING", "the recording in tapes goes on: nothing is missing"),
        ("WARNING", "the recording in tapes goes on: 1,234 tickers are missing"),
    ]


def test_people_are_told_of_it_once_it_lasts_and_once_it_is_over():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    for failures in (1, 2, 3):
        alerts.on_recording(Unrecorded(TAPES, FULL, failures))
    alerts.on_recording(RecordingGoesOn(TAPES, 7))
    assert [(it.title, it.body) for it in said] == [
        (
            "nothing is recorded",
            f"nothing can be recorded in tapes: {FULL}. {WHAT_IT_MEANS}",
        ),
        ("the recording goes on", "the recording in tapes goes on: 7 tickers are missing."),
    ]


def test_one_failure_alone_is_not_worth_a_word():
    said: list[SystemAlert] = []
    alerts = SystemAlerts(said.append, blind_after_s=60)
    alerts.on_recording(Unrecorded(TAPES, FULL, 1))
    alerts.on_recording(RecordingGoesOn(TAPES, 0))
    assert said == []


def status(*events: RecordingEvent) -> str:
    tally = Tally()
    for event in events:
        tally.on_recording(event)
    return status_line(tally, symbols=0, rules="0 rules")


def test_the_status_says_so_for_as_long_as_it_lasts():
    broken = Unrecorded(TAPES, FULL, 1)
    told = f"NOTHING IS RECORDED: {FULL}"
    assert status(broken).endswith(told)
    assert told in status(broken, Recorded(TAPES, 1, 1))
    assert told not in status(broken, RecordingGoesOn(TAPES, 0))
    assert told not in status(broken, RecordingEnds(5))
