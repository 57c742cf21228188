"""What the log says of the feed, word by word, and how soon."""

import logging

import pytest
import trio

from alertd.logs.fields import event_of, fields_of
from alertd.market.feed.events import (
    BadFrame,
    Disconnected,
    FeedEvent,
    Quiet,
    Renewed,
    Streaming,
    TurnedBack,
)
from alertd.market.feed.faults import Cause, Fault
from alertd.observers.log import LogObserver

REFUSED = Fault(Cause.NETWORK, "Connection refused")
UNKNOWN = Fault(Cause.DNS, "the name is not known", "is feed.url right?")


def lost(
    *symbols: str, failures: int = 1, retry_in_s: float = 0.5, why: Fault = REFUSED
) -> Disconnected:
    return Disconnected(symbols, why, failures, retry_in_s)


@pytest.fixture
def told(said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock) -> "Told":
    return Told(said, log)


class Told:
    """Tells the log what happens, and has the lines that it wrote since it was asked last."""

    def __init__(self, said: pytest.LogCaptureFixture, log: LogObserver) -> None:
        self._said = said
        self.log = log

    async def after(self, seconds: float, *events: FeedEvent) -> list[str]:
        """The lines of these events, and of so many seconds after them."""
        for event in events:
            self.log.on_feed(event)
        await trio.sleep(seconds)
        lines = [it.getMessage() for it in self._said.records if it.levelno > logging.DEBUG]
        self._said.clear()
        return lines


async def test_a_symbol_that_is_lost_is_told_with_the_reason_and_the_next_attempt(
    told: Told, autojump_clock
):
    assert await told.after(0.3, lost("BTCUSDT", failures=2, retry_in_s=3.14)) == [
        "BTCUSDT: not seen: Connection refused; attempt 3 in 3.1 s"
    ]


async def test_a_loss_is_a_warning_with_its_fields(
    said: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    log.on_feed(lost("A", "B", retry_in_s=0.54, why=UNKNOWN))
    await trio.sleep(0.3)
    (record,) = said.records
    assert (record.levelno, event_of(record)) == (logging.WARNING, "feed.lost")
    assert fields_of(record) == {
        "symbols": ("A", "B"),
        "count": 2,
        "reason": "the name is not known (is feed.url right?)",
        "cause": "name",
        "attempt": 2,
        "retry_in_s": 0.5,
        "losses": 1,
    }


async def test_a_symbol_that_is_seen_is_told(told: Told, autojump_clock):
    assert await told.after(0.3, Streaming("BTCUSDT")) == ["BTCUSDT: streaming"]


async def test_a_symbol_that_is_back_is_told_with_how_long_it_was_away(told: Told, autojump_clock):
    await told.after(5, Streaming("A"))
    await told.after(90, lost("A"))
    assert await told.after(0.3, Streaming("A")) == ["A: streaming, after 1m 30s"]


async def test_a_symbol_that_is_back_at_once_is_told_of_once(told: Told, autojump_clock):
    await told.after(5, Streaming("A"))
    assert await told.after(1, lost("A"), Streaming("A")) == ["A: streaming; lost once meanwhile"]


async def test_two_hundred_that_are_lost_together_are_a_line(told: Told, autojump_clock):
    symbols = [f"S{number}" for number in range(200)]
    assert await told.after(2, *map(lost, symbols)) == [
        "200 symbols (S0, S1, S2, ...): not seen: Connection refused; attempt 2 in 0.5 s"
    ]


async def test_two_hundred_that_come_back_together_are_a_line(told: Told, autojump_clock):
    symbols = [f"S{number}" for number in range(200)]
    await told.after(5, *map(Streaming, symbols))
    await told.after(4, *map(lost, symbols))
    assert await told.after(2, *map(Streaming, symbols)) == [
        "200 symbols (S0, S1, S2, ...): streaming, after 4s"
    ]


async def test_those_that_are_not_back_yet_are_counted(told: Told, autojump_clock):
    await told.after(5, lost("A", "B", "C"))
    assert await told.after(0.3, Streaming("A")) == ["A: streaming, after 5s; 2 not yet"]


async def test_the_start_says_how_long_it_took(told: Told, autojump_clock):
    symbols = tuple(f"S{number}" for number in range(573))
    told.log.on_watched(symbols)
    await trio.sleep(12)
    assert await told.after(1, *map(Streaming, symbols)) == [
        "573 symbols (S0, S1, S2, ...): streaming, after 12s"
    ]


async def test_several_reasons_are_counted_beside_the_commonest(told: Told, autojump_clock):
    several = [lost("A"), lost("B", why=UNKNOWN), lost("C")]
    assert await told.after(0.3, *several) == [
        "A, B, C: not seen: Connection refused, and 1 other reason; attempt 2 in 0.5 s"
    ]


async def test_what_stays_lost_is_told_again_ever_more_rarely(told: Told, autojump_clock):
    lines = []
    for failures in range(1, 61):
        lines += await told.after(60, lost("A", "B", failures=failures, retry_in_s=60))
    assert lines[1] == (
        "A, B: not seen for 1m 30s: Connection refused; 2 attempts so far, next in 29.8 s"
    )
    assert [line.split(":")[1] for line in lines[1:]] == [
        f" not seen for {lasted}" for lasted in ("1m 30s", "3m 30s", "7m 30s", "15m 30s", "31m 30s")
    ]


async def test_a_new_cause_is_told_at_once(told: Told, autojump_clock):
    await told.after(20, lost("A"))
    assert await told.after(0.3, lost("A", failures=2, why=UNKNOWN)) == [
        "A: not seen for 20s: the name is not known (is feed.url right?); 2 attempts so far, next in 0.5 s"
    ]


async def test_one_more_that_is_lost_during_an_outage_is_told(told: Told, autojump_clock):
    await told.after(300, lost("A", "B", "C"))
    assert await told.after(1.1, lost("D")) == [
        "D: not seen: Connection refused; attempt 2 in 0.5 s"
    ]


async def test_one_that_comes_and_goes_is_told_ever_more_rarely_and_with_how_often(
    told: Told, autojump_clock
):
    lines = []
    for _ in range(60):
        lines += await told.after(30, lost("A"))
        lines += await told.after(30, Streaming("A"))
    assert len(lines) <= 30
    assert any("lost 9 times meanwhile" in line for line in lines)


async def test_the_others_are_told_at_once_although_one_comes_and_goes(told: Told, autojump_clock):
    for _ in range(60):
        await told.after(30, lost("A"))
        await told.after(30, Streaming("A"))
    assert await told.after(0.3, lost("B")) == [
        "B: not seen: Connection refused; attempt 2 in 0.5 s"
    ]


async def test_symbols_that_fall_quiet_are_named_with_the_likely_reason(told: Told, autojump_clock):
    assert await told.after(0.3, Quiet(("A", "B"), 31.0, "A may be delisted")) == [
        "A, B: silent for 31 s on a connection that is well; A may be delisted"
    ]


async def test_what_is_not_watched_any_more_is_not_told_of(told: Told, autojump_clock):
    told.log.on_feed(lost("A"))
    told.log.on_unwatched(("A",))
    assert await told.after(100) == []


async def test_a_market_that_begins_anew_is_told_with_both_times(told: Told, autojump_clock):
    turned = TurnedBack("X", 1_767_313_800_000, 1_767_312_000_000)
    (line,) = await told.after(0, turned)
    assert "from 2026-01-02 00:30:00 to 2026-01-02 00:00:00" in line
    assert line.endswith("its rules begin anew")


async def test_bad_frames_are_counted_after_the_first(told: Told, autojump_clock):
    frames = [BadFrame(("X",), "garbage", count) for count in range(1, 1200)]
    assert await told.after(61, *frames) == [
        "X: a bad frame was skipped (1 so far): garbage",
        "X: a bad frame was skipped (1199 so far): garbage (1198 more in the last 1m)",
    ]


async def test_the_connections_that_are_renewed_are_counted_after_the_first(
    told: Told, autojump_clock
):
    lines = await told.after(61, *(Renewed((f"S{number}",)) for number in range(573)))
    assert len(lines) == 2
    assert lines[1].endswith("(572 more in the last 1m)")


async def test_every_attempt_is_in_the_log_at_debug(
    caplog: pytest.LogCaptureFixture, log: LogObserver, autojump_clock
):
    caplog.set_level(logging.DEBUG, "alertd")
    for failures in range(1, 4):
        log.on_feed(lost("A", failures=failures))
    attempts = [it.getMessage() for it in caplog.records if it.levelno == logging.DEBUG]
    assert attempts[2] == "A: no connection: Connection refused; attempt 4 in 0.5 s"


async def test_what_is_held_back_is_written_at_the_end(
    said: pytest.LogCaptureFixture, autojump_clock
):
    log = LogObserver()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(log.work)
        await trio.testing.wait_all_tasks_blocked()
        log.on_feed(BadFrame(("X",), "garbage", 1))
        log.on_feed(BadFrame(("X",), "garbage", 2))
        log.on_feed(lost("A"))
        nursery.cancel_scope.cancel()
    assert said.messages[1:] == [
        "A: not seen: Connection refused; attempt 2 in 0.5 s",
        "X: a bad frame was skipped (2 so far): garbage (1 more in the last 0s)",
    ]
