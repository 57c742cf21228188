"""One life of the process: from its start to its end, whichever that is."""

import signal
from collections.abc import Callable

import attrs
import trio

from tests.crash.cutting import Cut
from tests.crash.market import LADDER, WAVE
from tests.crash.world import World

_CLIMBS = 2
_BETWEEN_CLIMBS_S = 0.15
# From the last answer to the mark on the disk.
_MARKING_S = 0.2
_END_WITHIN_S = 60.0


class StuckError(Exception):
    """The process neither did what it should nor was killed."""


@attrs.frozen
class Plan:
    """How a life is to end: at a `cut`, at a time after its start, or in order where both are None.

    With a kill the power goes as well or not, or by a draw. `patience_s` is how long it is given to tell everybody what it has set off, before it is asked to end.
    """

    cut: Cut | None = None
    kill_after_s: float | None = None
    power_goes: bool | None = None
    patience_s: float = 1.5
    climbs: int = _CLIMBS


async def live(world: World, plan: Plan) -> bool:
    """Let the process live by a plan, while the market climbs; return whether it was killed."""
    process = await world.start(plan.cut)
    async with trio.open_nursery() as nursery:
        if plan.kill_after_s is not None:
            nursery.start_soon(_kill_later, process, plan.kill_after_s)
        nursery.start_soon(_go_through, world, process, plan)
        with trio.move_on_after(_END_WITHIN_S):
            await process.wait()
        nursery.cancel_scope.cancel()
    if process.returncode not in (0, -signal.SIGKILL):
        process.kill()
        status = process.returncode
        how = "did not end" if status is None else f"ended with status {status}"
        raise StuckError(f"it {how}, see {world.log}")
    return process.returncode != 0


async def _kill_later(process: trio.Process, after_s: float) -> None:
    await trio.sleep(after_s)
    process.kill()


async def _go_through(world: World, process: trio.Process, plan: Plan) -> None:
    await world.exchange.subscribed_to([LADDER, WAVE])
    for _ in range(plan.climbs):
        world.market.climb()
        await trio.sleep(_BETWEEN_CLIMBS_S)
    with trio.move_on_after(plan.patience_s):
        await _until(lambda: world.all_is_told)
    await trio.sleep(_MARKING_S)
    process.terminate()


async def _until(reached: Callable[[], bool]) -> None:
    while not reached():  # noqa: ASYNC110 - whatever changes it comes over sockets
        await trio.sleep(0.02)
