"""500 streams that are cut together come back at the pace of one, and all of them."""

from collections import Counter
from functools import partial

import pytest
import trio
from trio.testing import MockClock

from alertd.market.feed.events import Disconnected
from alertd.market.feed.feed import Shape
from tests.market.feed.broadcaster import Broadcaster
from tests.market.feed.watched_feed import watched_feed

SYMBOLS = [f"S{number}USDT" for number in range(500)]
BURST = 50


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.002)


async def test_500_streams_that_are_cut_together_come_back_without_a_storm(
    clock: MockClock, many_sockets: None, nursery: trio.Nursery
):
    exchange = Broadcaster()
    settings = {"shape": Shape.PER_SYMBOL, "stale_after_s": 7200}
    async with watched_feed(exchange, *SYMBOLS, **settings) as watched:  # type: ignore[arg-type]
        nursery.start_soon(partial(exchange.trade, *SYMBOLS, every_s=100))
        await exchange.attempted(500)
        await trio.sleep(120)
        assert watched.tally.streaming == set(SYMBOLS)
        cut_at = trio.current_time()
        for client in exchange.clients:
            exchange.cut(client)
        await exchange.attempted(1000)
        await trio.sleep(120)
        nursery.cancel_scope.cancel()
    assert watched.tally.streaming == set(SYMBOLS)
    assert len(watched.of(Disconnected)) == 500
    again = [time - cut_at for time in exchange.attempts[500:]]
    assert len(again) == 500
    by_second = Counter(int(time) for time in again)
    # What was left of the burst, in the first seconds; one a second ever after.
    assert sum(count for second, count in by_second.items() if second < 2) <= BURST + 2
    assert max(count for second, count in by_second.items() if second >= 2) <= 2
    assert max(again) <= 500
