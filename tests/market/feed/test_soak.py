"""Minutes of the whole market on an exchange that fails at random; hours of it: soak.py."""

import pytest
import trio
from trio.testing import MockClock

from alertd.market.feed.feed import Shape
from tests.market.feed.soak import COUNT, Soak, resident_mib

# What a few minutes may add to the process, in MiB: a leak of a tenth of the tickers would.
_ROOM_MIB = 8.0
_TROUBLE_S = 120.0


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.002)


@pytest.mark.parametrize(
    ("shape", "beat_s", "trouble_s"), [(Shape.SHARED, 2.0, 5.0), (Shape.PER_SYMBOL, 10.0, 1.0)]
)
async def test_every_ticker_is_seen_once_and_in_order_whatever_the_exchange_does(
    shape: Shape,
    beat_s: float,
    trouble_s: float,
    clock: MockClock,
    many_sockets: None,
):
    soak = Soak(shape, beat_s=beat_s, trouble_s=trouble_s)
    async with trio.open_nursery() as nursery:
        await nursery.start(soak.run)
        tasks, memory = trio.lowlevel.current_statistics().tasks_living, resident_mib()
        with trio.move_on_after(_TROUBLE_S):
            await soak.trouble()
        await soak.calm()
        ledger = soak.ledger
        assert trio.lowlevel.current_statistics().tasks_living == pytest.approx(tasks, abs=20)
        assert resident_mib() - memory < _ROOM_MIB
        assert ledger.tally.streaming == set(soak.names)
        assert len(soak.names) == COUNT
        assert ledger.disconnections > 0
        assert ledger.unseen == 0
        assert ledger.seen == ledger.sent
        nursery.cancel_scope.cancel()
