"""The pace of connection attempts, to the second, on a virtual clock."""

import trio
from trio.testing import MockClock

from alertd.market.feed.pacer import Pacer


async def times_of_turns(pacer: Pacer, count: int) -> list[float]:
    """Ask for `count` turns at once; return when each came."""
    times: list[float] = []
    start = trio.current_time()

    async def one() -> None:
        await pacer.turn()
        times.append(trio.current_time() - start)

    async with trio.open_nursery() as nursery:
        for _ in range(count):
            nursery.start_soon(one)
    return [round(time, 6) for time in times]


async def test_the_burst_comes_at_once_and_the_rest_at_the_rate(autojump_clock: MockClock):
    pacer = Pacer(interval_s=0.5, burst=3)
    assert await times_of_turns(pacer, 7) == [0, 0, 0, 0.5, 1.0, 1.5, 2.0]


async def test_turns_not_taken_are_saved_up_to_the_burst(autojump_clock: MockClock):
    pacer = Pacer(interval_s=1, burst=2)
    await times_of_turns(pacer, 4)
    await trio.sleep(1)
    assert await times_of_turns(pacer, 2) == [0, 1]
    await trio.sleep(1000)
    assert await times_of_turns(pacer, 4) == [0, 0, 1, 2]


async def test_500_streams_that_come_back_together_are_spread(autojump_clock: MockClock):
    times = await times_of_turns(Pacer(interval_s=1, burst=50), 500)
    assert max(times) == 450
    for start in range(450):
        assert sum(start < time <= start + 1 for time in times) <= 1
