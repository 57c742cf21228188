"""What the log says of what the daemon sees, and what the tally counts."""

import logging

import attrs
import pytest
import trio

from alertd.delivery import report as report_of
from alertd.delivery.report import Outcome, Report
from alertd.engine.alert import AlertState
from alertd.heartbeat import Beat, Pulse
from alertd.journal.events import Unsaved
from alertd.market.feed.events import Disconnected, Streaming
from alertd.market.feed.faults import Cause, Fault
from alertd.market.listings import RefreshFailed
from alertd.market.rest_error import RestError
from alertd.observers.gaps import GapNoticed, GapsLookedInto
from alertd.observers.log import LogObserver, log_listing
from alertd.observers.observer import Noted
from alertd.observers.tally import Tally
from alertd.web.operations import Reload
from tests.delivery.deliveries import delivery_of
from tests.delivery.samples import MESSAGE, alert_of, reading_of, rule_of
from tests.engine.tickers import check_of, ticker
from tests.observers.touches import touch

REFUSED = Fault(Cause.NETWORK, "Connection refused")


def report(outcome: Outcome, **keys: object) -> Report:
    about: dict[str, object] = {
        "destination": "phone: Telegram",
        "key": "phone/0123456789ab",
        "deliveries": (delivery_of(),),
        "message": MESSAGE,
    }
    return Report(**({"attempt": 1, "latency_s": 0.25} | about | {"outcome": outcome} | keys))  # type: ignore[arg-type]


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


async def test_a_retry_says_why_and_when(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    log.on_delivery(report(Outcome.RETRYING, reason="HTTP 500", retry_in_s=2.5))
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


async def test_the_retries_of_a_destination_are_one_line_and_then_one_now_and_then(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    for attempt in range(1, 200):
        log.on_delivery(report(Outcome.RETRYING, attempt=attempt, reason="HTTP 500"))
        await trio.sleep(18)
    assert len(said.messages) == 9
    assert said.messages[1].endswith("attempt 5 in 0.0 s (3 more in the last 1m)")


async def test_the_retries_of_another_destination_are_told_at_once(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    for key in ("phone/1", "mail/1"):
        log.on_delivery(report(Outcome.RETRYING, key=key, destination=key, reason="HTTP 500"))
    assert len(said.messages) == 2


async def test_what_is_passed_on_is_counted_after_the_first(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    for _ in range(30):
        log.on_delivery(report(Outcome.PASSED_ON, reason="HTTP 401", passed_to="mail"))
    await trio.sleep(61)
    first, rest = said.messages
    assert first.startswith("passed on to `mail`: 0: my-rule BTCUSDT, which was for phone: ")
    assert rest.endswith(": HTTP 401 (29 more in the last 1m)")


async def test_a_heartbeat_that_comes_and_goes_is_no_flood(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    for _ in range(90):
        for beat in (Beat(Pulse.UNHEARD, "HTTP 503"), Beat(Pulse.HEARD)):
            log.on_beat(beat)
            await trio.sleep(20)
    assert len(said.messages) <= 20


def test_a_list_of_symbols_that_cannot_be_read_is_logged_ever_more_rarely(
    said: pytest.LogCaptureFixture,
):
    error = RestError("no answer", "look at the network")
    for failures in range(1, 9):
        log_listing(RefreshFailed(error, failures, 10.0))
    assert len(said.messages) == 4
