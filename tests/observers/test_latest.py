"""What was last heard of symbols and destinations."""

from collections.abc import Iterator

import pytest

from alertd.delivery.report import Outcome
from alertd.heartbeat import Beat, Pulse
from alertd.market.feed.events import Disconnected, Quiet, Streaming
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.latest import Latest, Unseen
from alertd.web.operations import Reload
from tests.observers.reports import report_of

CUT = Fault(Cause.CLOSED, "cut")


class Clock:
    """A clock that is set by hand."""

    ms = 1_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def latest(clock: Clock) -> Latest:
    return Latest(clock)


def cut(*symbols: str) -> Disconnected:
    return Disconnected(symbols, CUT, failures=1, retry_in_s=1)


def test_a_symbol_is_not_seen_from_the_first_word_of_it_on_for_the_last_reason(
    latest: Latest, clock: Clock
):
    latest.on_feed(Quiet(("BTCUSDT",), 30, "halted"))
    clock.ms = 5_000
    latest.on_feed(cut("BTCUSDT"))
    assert latest.unseen == {"BTCUSDT": Unseen(1_000, "cut", is_cut=True)}


def test_a_gap_lasts_from_the_cut_until_the_symbol_is_seen(latest: Latest, clock: Clock):
    latest.on_feed(Streaming("BTCUSDT"))
    for lasts_ms in (3_000, 2_000):
        latest.on_feed(cut("BTCUSDT"))
        clock.ms += lasts_ms
        latest.on_feed(Streaming("BTCUSDT"))
    assert (latest.unseen, latest.gaps, latest.longest_gap_ms) == ({}, 2, 3_000)


def test_a_symbol_that_had_not_been_seen_or_was_merely_quiet_has_no_gap(latest: Latest):
    latest.on_feed(cut("BTCUSDT"))
    latest.on_feed(Streaming("BTCUSDT"))
    latest.on_feed(Quiet(("BTCUSDT",), 30, "halted"))
    latest.on_feed(Streaming("BTCUSDT"))
    assert latest.gaps == 0


def test_a_symbol_that_is_not_watched_any_more_is_forgotten(latest: Latest):
    latest.on_feed(Streaming("BTCUSDT"))
    latest.on_feed(cut("BTCUSDT", "ETHUSDT"))
    latest.on_symbols((), ("BTCUSDT",))
    latest.on_unwatched(("ETHUSDT",))
    assert latest.unseen == {}
    latest.on_feed(cut("BTCUSDT"))
    latest.on_feed(Streaming("BTCUSDT"))
    assert latest.gaps == 0


def outcomes() -> Iterator[Outcome]:
    return (it for it in Outcome if it is not Outcome.DELIVERED)


def test_only_what_was_delivered_was_taken(latest: Latest, clock: Clock):
    latest.on_delivery(report_of(Outcome.DELIVERED, key="phone/1"))
    clock.ms = 9_000
    for outcome in outcomes():
        latest.on_delivery(report_of(outcome, key="phone/1"))
    assert latest.delivered_ms == {"phone/1": 1_000}


def test_the_last_reload_is_kept_with_its_time(latest: Latest, clock: Clock):
    clock.ms = 7_000
    latest.on_reload(Reload(True, "reloaded"))
    assert (latest.reload, latest.reload_ms) == (Reload(True, "reloaded"), 7_000)


def test_a_heartbeat_is_not_heard_until_it_is(latest: Latest):
    latest.on_beat(Beat(Pulse.UNHEARD, "HTTP 500"))
    assert latest.unheard == "the heartbeat is not heard: HTTP 500"
    latest.on_beat(Beat(Pulse.HEARD))
    assert latest.unheard == ""
