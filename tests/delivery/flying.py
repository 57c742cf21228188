"""Time that flies while nothing is being sent, and stands still while a real server answers."""

import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from alertd.delivery.dispatcher import Dispatcher


@asynccontextmanager
async def flying(clock: MockClock, dispatcher: Dispatcher) -> AsyncGenerator[None]:
    """Run the dispatcher; the clock jumps to what comes next whenever it is not sending."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(dispatcher.run)
        nursery.start_soon(_fly, clock, dispatcher)
        yield
        nursery.cancel_scope.cancel()


async def _fly(clock: MockClock, dispatcher: Dispatcher) -> None:
    while True:
        # A moment of real time for the servers' threads.
        await wait_all_tasks_blocked(0.001)
        pause_s = trio.lowlevel.current_statistics().seconds_to_next_deadline
        if 0 < pause_s < math.inf and not _is_sending(dispatcher):
            clock.jump(pause_s)


def _is_sending(dispatcher: Dispatcher) -> bool:
    return any(each._carrier._threads.borrowed_tokens for each in dispatcher._workers.values())
