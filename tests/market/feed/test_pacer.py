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


async def test_a_hold_is_kept_by_those_who_wait_already_and_those_who_come_later(
    autojump_clock: MockClock,
):
    pacer = Pacer(interval_s=1, burst=5)
    async with trio.open_nursery() as nursery:

        async def ban() -> None:
            await trio.sleep(10.5)
            pacer.hold(120)

        nursery.start_soon(ban)
        times = await times_of_turns(pacer, 300)
    assert times[:15] == [0, 0, 0, 0, 0, *range(1, 11)]
    assert times[15:] == [130.5 + number for number in range(285)]


async def test_after_a_hold_there_is_no_burst(autojump_clock: MockClock):
    pacer = Pacer(interval_s=1, burst=5)
    pacer.hold(60)
    assert await times_of_turns(pacer, 4) == [60, 61, 62, 63]


async def test_a_shorter_hold_does_not_end_a_longer_one(autojump_clock: MockClock):
    pacer = Pacer(interval_s=1, burst=5)
    pacer.hold(60)
    pacer.hold(10)
    assert await times_of_turns(pacer, 1) == [60]


async def test_who_is_cancelled_in_line_takes_no_turn(autojump_clock: MockClock):
    pacer = Pacer(interval_s=10, burst=1)
    await pacer.turn()
    with trio.move_on_after(5):
        await times_of_turns(pacer, 20)
    assert await times_of_turns(pacer, 1) == [5]
