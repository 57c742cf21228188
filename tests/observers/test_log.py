"""What the log says of what the daemon sees, and what the tally counts."""

import logging

import attrs
import pytest

from alertd.delivery import report as report_of
from alertd.delivery import report as reports
from alertd.delivery.report import Outcome, Report
from alertd.engine.alert import AlertState
from alertd.journal.events import Unsaved
from alertd.market.feed.events import BadFrame, Disconnected, Quiet, Streaming, TurnedBack
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from alertd.observers.log import LogObserver
from alertd.observers.observer import Noted
from alertd.observers.tally import Tally
from alertd.web.operations import Reload
from tests.delivery.deliveries import delivery_of
from tests.delivery.samples import MESSAGE, alert_of, reading_of, rule_of
from tests.engine.tickers import check_of, ticker
from tests.observers.touches import touch

REFUSED = Fault(Cause.NETWORK, "Connection refused")


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "alertd")
    return caplog


def report(outcome: Outcome, **keys: object) -> Report:
    about: dict[str, object] = {
        "destination": "phone: Telegram",
        "key": "phone/0123456789ab",
        "deliveries": (delivery_of(),),
        "message": MESSAGE,
    }
    return Report(**({"attempt": 1, "latency_s": 0.25} | about | {"outcome": outcome} | keys))  # type: ignore[arg-type]


def test_a_symbol_that_is_lost_is_a_warning_with_the_reason_and_the_next_attempt(
    said: pytest.LogCaptureFixture,
):
    LogObserver().on_feed(Disconnected(("BTCUSDT",), REFUSED, 2, 3.14))
    assert said.record_tuples == [
        ("alertd", logging.WARNING, "BTCUSDT: not seen: Connection refused; attempt 3 in 3.1 s")
    ]


def test_a_symbol_that_is_seen_is_told(said: pytest.LogCaptureFixture):
    LogObserver().on_feed(Streaming("BTCUSDT"))
    assert said.messages == ["BTCUSDT: streaming"]


def test_levels_that_were_touched_unseen_are_a_warning(said: pytest.LogCaptureFixture):
    log = LogObserver()
    log.on_gap(GapNoticed("BTCUSDT"))
    log.on_gap(GapsLookedInto(("BTCUSDT",), (), (), 720))
    assert not said.messages
    touched = (touch(), *(touch(number, at_ms=None) for number in range(1, 22)))
    log.on_gap(GapsLookedInto(("BTCUSDT",), (), touched, 720))
    (line,) = said.messages
    assert line.startswith(
        "touched while nobody watched, and not alerted: "
        "BTCUSDT 105000 (btc-105k): high 105220 at 14:07 UTC, BTCUSDT 1 (btc-105k): high 221, "
    )
    assert line.endswith(", and 2 more")


def test_a_fault_is_told_with_what_to_do_about_it(said: pytest.LogCaptureFixture):
    fault = Fault(Cause.DEAF, "nothing was sent", "is the route right?")
    LogObserver().on_feed(Disconnected(("A", "B", "C", "D"), fault, 1, 0.5))
    (said_of_it,) = said.messages
    assert said_of_it.startswith("4 symbols (A, B, C, ...): not seen: nothing was sent (")
    assert said_of_it.endswith("(is the route right?); attempt 2 in 0.5 s")


def test_symbols_that_fall_quiet_are_named_with_the_likely_reason(
    said: pytest.LogCaptureFixture,
):
    LogObserver().on_feed(Quiet(("A", "B"), 31.0, "A may be delisted"))
    assert said.messages == [
        "A, B: silent for 31 s on a connection that is well; A may be delisted"
    ]


def test_failures_in_a_row_are_said_ever_more_rarely(said: pytest.LogCaptureFixture):
    for failures in range(1, 40):
        LogObserver().on_feed(Disconnected(("X",), REFUSED, failures, 60.0))
    attempts = [message.partition("attempt ")[2].split()[0] for message in said.messages]
    assert attempts == ["2", "3", "5", "9", "17", "33"]


def test_a_market_that_begins_anew_is_a_warning_with_both_times(said: pytest.LogCaptureFixture):
    LogObserver().on_feed(TurnedBack("X", 1_767_313_800_000, 1_767_312_000_000))
    (line,) = said.messages
    assert "from 2026-01-02 00:30:00 to 2026-01-02 00:00:00" in line
    assert line.endswith("its rules begin anew")


def test_repeated_noise_is_said_ever_more_rarely(said: pytest.LogCaptureFixture):
    for count in range(1, 1200):
        LogObserver().on_feed(BadFrame(("X",), "garbage", count))
    assert [message.partition("(")[2].split()[0] for message in said.messages] == [
        "1", "10", "100", "1000",
    ]  # fmt: skip


def test_an_alert_is_logged_with_what_was_compared(said: pytest.LogCaptureFixture):
    tested = rule_of(check_of("close", "crosses_above", 100), name="up")
    LogObserver().on_alert(Noted(alert_of(tested, ticker(close=101.5)), 57, None))
    assert said.messages == ["alert 57: up BTCUSDT: close 101.5, crossed above 100"]


def test_an_alert_by_a_band_is_logged_with_its_ends(said: pytest.LogCaptureFixture):
    LogObserver().on_alert(
        Noted(alert_of(rule_of(check_of("close", "between", 1, 200)), ticker()), 57, None)
    )
    assert said.messages == ["alert 57: my-rule BTCUSDT: close 100, between 1 and 200"]


def test_an_alert_that_is_repeated_is_logged_as_such(said: pytest.LogCaptureFixture):
    alert = alert_of(rule_of(check_of("close", "above", 90)), ticker())
    LogObserver().on_alert(Noted(attrs.evolve(alert, repeats=2), 57, None))
    assert said.messages == ["alert again (2) 57: my-rule BTCUSDT: close 100, above 90"]


def test_a_rule_that_is_over_is_logged_even_if_its_value_is_undefined(
    said: pytest.LogCaptureFixture,
):
    test = check_of("vwap", "above", 90)
    readings = (reading_of(test, value=None, threshold=None, holds=None),)
    alert = alert_of(rule_of(test), readings=readings)
    LogObserver().on_alert(Noted(attrs.evolve(alert, state=AlertState.RESOLVED), 57, None))
    assert said.messages == ["over 57: my-rule BTCUSDT: 24h VWAP n/a, no longer above 90"]


def test_an_undelivered_alert_is_an_error_that_cannot_be_overlooked(
    said: pytest.LogCaptureFixture,
):
    LogObserver().on_delivery(report(Outcome.UNDELIVERED, reason="the chat was not found"))
    (record,) = said.records
    assert record.levelno == logging.ERROR
    assert "NOT DELIVERED" in record.message
    assert "phone: Telegram: the chat was not found" in record.message


def test_a_retry_says_why_and_when(said: pytest.LogCaptureFixture):
    LogObserver().on_delivery(report(Outcome.RETRYING, reason="HTTP 500", retry_in_s=2.5))
    assert "HTTP 500; attempt 2 in 2.5 s" in said.text


def test_the_tally_keeps_which_symbols_are_seen():
    tally = Tally()
    for event in (Streaming("A"), Streaming("B"), Disconnected(("A",), REFUSED, 1, 1.0)):
        tally.on_feed(event)
    assert tally.streaming == {"B"}


def test_the_tally_counts_the_last_word_on_each_delivery():
    tally = Tally()
    for outcome in (Outcome.RETRYING, Outcome.DELIVERED, Outcome.UNDELIVERED, Outcome.DELIVERED):
        tally.on_delivery(report(outcome))
    assert (tally.delivered, tally.undelivered) == (2, 1)


def test_a_reload_is_a_line_and_each_of_its_notes_a_warning(said: pytest.LogCaptureFixture):
    LogObserver().on_reload(Reload(True, "reloaded", notes=("a note", "another")))
    levels = [(record.levelno, record.message) for record in said.records]
    assert levels == [
        (logging.INFO, "reloaded"),
        (logging.WARNING, "a note"),
        (logging.WARNING, "another"),
    ]


def test_a_refused_reload_is_an_error_and_so_is_each_mistake(said: pytest.LogCaptureFixture):
    LogObserver().on_reload(Reload(False, "refused", mistakes=("a.yaml:1:2: wrong",)))
    levels = [(record.levelno, record.message) for record in said.records]
    assert levels == [(logging.ERROR, "refused"), (logging.ERROR, "a.yaml:1:2: wrong")]


def test_a_message_with_a_percent_sign_is_logged_as_it_is(said: pytest.LogCaptureFixture):
    LogObserver().on_reload(Reload(False, "refused", mistakes=("`3%s` of what?",)))
    assert said.messages[-1] == "`3%s` of what?"


def test_alerts_that_are_lost_are_named_as_loudly_as_can_be(said: pytest.LogCaptureFixture):
    LogObserver().on_journal(Unsaved((7, 12)))
    (record,) = said.record_tuples
    assert record[1:] == (
        logging.CRITICAL,
        "LOST: 2 alerts: the journal could not be written, and they were not sent yet: 7, 12",
    )


def test_a_destination_that_somebody_has_removed_is_not_said_to_work(
    said: pytest.LogCaptureFixture,
):
    fault = report_of.Fault(
        label="phone: Telegram",
        key="phone/1",
        channel="phone",
        reason="HTTP 401",
        is_open=False,
        is_refused=True,
        failing_for_s=90,
        is_gone=True,
    )
    LogObserver().on_fault(fault)
    assert said.messages == ["phone: Telegram is not used any more, after it failed for 1m 30s"]


def test_what_is_passed_on_is_logged_ever_more_rarely_until_its_destination_works_again(
    said: pytest.LogCaptureFixture,
):
    log, one = LogObserver(), report(Outcome.PASSED_ON, reason="HTTP 401", passed_to="mail")
    over = reports.Fault(
        label=one.destination,
        key=one.key,
        channel="phone",
        reason="HTTP 401",
        is_open=False,
        is_refused=True,
        failing_for_s=90,
    )
    for _ in range(30):
        log.on_delivery(one)
    log.on_fault(over)
    log.on_delivery(one)
    loud = [it.getMessage() for it in said.records if it.levelno == logging.WARNING]
    assert [it.split(":")[0] for it in loud] == [
        "passed on to `mail` (1 so far)",
        "passed on to `mail` (10 so far)",
        "phone",
        "passed on to `mail` (1 so far)",
    ]
