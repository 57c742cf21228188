"""How a daemon does, piece by piece, and what of it is trouble."""

import pytest

from alertd.delivery.report import Fault, Held
from alertd.journal.events import Failing
from alertd.market.feed.events import Disconnected, Quiet, Streaming
from alertd.market.feed.faults import Cause
from alertd.market.feed.faults import Fault as FeedFault
from alertd.observers.latest import Latest
from alertd.observers.tally import Tally
from alertd.overview import Overview
from alertd.web.operations import Reload

BEGAN_MS = 1_000_000
MINUTE_MS = 60_000
REFUSED = Reload(False, "reload refused for 2 mistakes", ("a:1:2: x", "b"))


def fault_of(**changes: object) -> Fault:
    about: dict[str, object] = {
        "label": "phone: Telegram",
        "key": "phone/1",
        "channel": "phone",
        "reason": "the bot token is wrong",
        "is_open": True,
        "is_refused": True,
        "failing_for_s": 90.0,
    }
    return Fault(**(about | changes))  # type: ignore[arg-type]  # by name


class Heard:
    """What observers were told, looked at so many milliseconds after that."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.latest = Latest(lambda: BEGAN_MS)

    def feed(self, *events: Disconnected | Quiet | Streaming) -> None:
        for event in events:
            self.tally.on_feed(event)
            self.latest.on_feed(event)

    def after(self, milliseconds: int) -> Overview:
        return Overview(self.tally, self.latest, BEGAN_MS + milliseconds)

    def trouble(self, milliseconds: int = 0, standstill: str | None = None) -> tuple[str, ...]:
        return self.after(milliseconds).trouble(standstill, blind_after_ms=MINUTE_MS)


@pytest.fixture
def heard() -> Heard:
    return Heard()


def cut(*symbols: str) -> Disconnected:
    return Disconnected(symbols, FeedFault(Cause.CLOSED, "cut"), failures=1, retry_in_s=1)


def test_at_first_nothing_is_wrong(heard: Heard):
    assert heard.trouble() == ()


def test_symbols_that_are_not_seen_are_together_by_the_reason_the_most_first(heard: Heard):
    heard.feed(Streaming("D"), cut("A"), cut("B"), Quiet(("C",), 30, "halted"))
    told = heard.after(0).feed("ABCDE")
    assert (told.watched, told.streaming) == (5, 1)
    assert [(it.symbols, it.reason, it.since_ms, it.is_cut) for it in told.unseen] == [
        (("A", "B"), "cut", BEGAN_MS, True),
        (("C",), "halted", BEGAN_MS, False),
        (("E",), "no ticker has come yet", None, False),
    ]


def test_a_lost_connection_is_trouble_once_that_is_worth_a_word(heard: Heard):
    heard.feed(cut("A", "B"))
    assert heard.trouble(MINUTE_MS - 1) == ()
    assert heard.trouble(MINUTE_MS) == ("no data for 2 symbols (A, B) for 1m: cut",)


def test_a_symbol_that_is_merely_quiet_is_none(heard: Heard):
    heard.feed(Quiet(("A",), 30, "halted"))
    assert heard.trouble(10 * MINUTE_MS) == ()


def test_what_stands_still_comes_first_and_nothing_is_said_twice(heard: Heard):
    heard.tally.on_journal(Failing("disk full", 1))
    heard.tally.on_reload(REFUSED)
    assert heard.trouble(standstill="no ticker has come for 1m") == (
        "no ticker has come for 1m",
        "the journal cannot be written: disk full",
        "reload refused for 2 mistakes (a:1:2: x)",
    )
    standstill = "the journal cannot be written: disk full"
    assert heard.trouble(standstill=standstill)[0] == standstill
    assert len(heard.trouble(standstill=standstill)) == 2


def test_a_destination_that_refuses_is_trouble_until_it_takes_alerts(heard: Heard):
    heard.tally.on_fault(fault_of())
    assert heard.trouble() == ("phone: Telegram refuses alerts: the bot token is wrong",)
    heard.tally.on_fault(fault_of(is_open=False))
    assert heard.trouble() == ()


@pytest.mark.parametrize(
    ("fault", "state", "reason", "failing_for_ms"),
    [
        (None, "well", "", 0),
        (fault_of(), "refusing", "the bot token is wrong", 90_000),
        (fault_of(is_refused=False, reason="HTTP 500"), "failing", "HTTP 500", 90_000),
    ],
)
def test_a_destination_has_its_state_what_waits_and_when_it_last_took_something(
    heard: Heard, fault: Fault | None, state: str, reason: str, failing_for_ms: int
):
    heard.latest.delivered_ms["phone/1"] = 7
    held = Held(label="phone: Telegram", key="phone/1", waiting=3, fault=fault)
    (told,) = heard.after(0).destinations([held])
    assert (told.destination, told.channel) == ("phone: Telegram", "phone")
    assert (told.state, told.reason, told.failing_for_ms) == (state, reason, failing_for_ms)
    assert (told.waiting, told.delivered_ms) == (3, 7)


def test_the_last_reload_is_told_with_its_time(heard: Heard):
    assert heard.after(0).reload is None
    heard.latest.on_reload(REFUSED)
    told = heard.after(0).reload
    assert told is not None
    assert (told.ok, told.summary, told.time_ms) == (False, REFUSED.summary, BEGAN_MS)
