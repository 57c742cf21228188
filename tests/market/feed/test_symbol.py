"""One symbol's tickers: each once, in rising event time, and time itself may begin anew."""

import attrs
import pytest

from alertd.market.feed.events import FeedEvent, LateTicker, Streaming, TurnedBack
from alertd.market.feed.symbol import SymbolStream
from alertd.market.ticker import Ticker
from tests.engine.tickers import ticker

HOUR_S = 3600


@attrs.define
class Taken:
    times: list[int] = attrs.field(factory=list)
    events: list[FeedEvent] = attrs.field(factory=list)

    def take(self, ticker: Ticker) -> None:
        self.times.append((ticker.time_ms - 1_000_000) // 1000)


@pytest.fixture
def taken() -> Taken:
    return Taken()


def tell(taken: Taken, *times_s: int) -> SymbolStream:
    stream = SymbolStream(symbol="BTCUSDT", on_ticker=taken.take, report=taken.events.append)
    for now, at_s in enumerate(times_s):
        stream.take(ticker(at_s), float(now))
    return stream


def test_tickers_are_handed_on_once_and_in_order(taken: Taken):
    tell(taken, 2, 4, 4, 3, 6)
    assert taken.times == [2, 4, 6]
    assert taken.events == [
        Streaming("BTCUSDT"),
        LateTicker("BTCUSDT", 1),
        LateTicker("BTCUSDT", 2),
    ]


def test_one_wild_time_does_not_silence_the_symbol(taken: Taken):
    tell(taken, 2, 4, 100 * HOUR_S, 6, 8, 10)
    assert taken.times == [2, 4, 100 * HOUR_S, 8, 10]
    assert isinstance(taken.events[-1], TurnedBack)


def test_a_single_ticker_from_long_ago_is_late_and_no_new_beginning(taken: Taken):
    tell(taken, 10 * HOUR_S, 2, 10 * HOUR_S + 2, 4, 10 * HOUR_S + 4)
    assert taken.times == [10 * HOUR_S, 10 * HOUR_S + 2, 10 * HOUR_S + 4]


def test_what_is_older_than_all_that_was_seen_before_a_restart_is_late(taken: Taken):
    stream = SymbolStream(
        symbol="BTCUSDT",
        on_ticker=taken.take,
        report=taken.events.append,
        newest_ms=ticker(HOUR_S).time_ms,
    )
    for now, at_s in enumerate((HOUR_S - 60, HOUR_S + 2)):
        stream.take(ticker(at_s), float(now))
    assert taken.times == [HOUR_S + 2]


def test_a_market_that_is_played_anew_is_followed_from_its_second_ticker_on(taken: Taken):
    tell(taken, HOUR_S, HOUR_S + 2, 2, 4, 6)
    assert taken.times == [HOUR_S, HOUR_S + 2, 4, 6]
    back = TurnedBack("BTCUSDT", 1_000_000 + (HOUR_S + 2) * 1000, 1_004_000)
    assert taken.events[-1] == back


def test_a_long_pause_forward_is_followed_at_once(taken: Taken):
    tell(taken, 2, 30 * HOUR_S)
    assert taken.times == [2, 30 * HOUR_S]


def test_a_symbol_that_was_lost_is_told_to_stream_again(taken: Taken):
    stream = tell(taken, 2)
    stream.lose()
    stream.take(ticker(4), 60.0)
    assert taken.events == [Streaming("BTCUSDT")] * 2


def test_a_symbol_that_was_quiet_is_told_to_stream_again(taken: Taken):
    stream = tell(taken, 2)
    stream.is_quiet = True
    stream.take(ticker(4), 60.0)
    assert taken.events == [Streaming("BTCUSDT")] * 2
