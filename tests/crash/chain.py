"""A chain of lives on one journal, all but the last to be killed, and the account of them."""

import random
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

import attrs
import trio
import trio.testing

from tests.crash.account import Account, End, draw_up
from tests.crash.kept import read_journal
from tests.crash.life import Plan, live
from tests.crash.power import cut_power, partly
from tests.crash.world import World, made_world

# Until a life has told everything: messages a second apart, and some are tried again.
_CALM_S = 20.0
_MOST_CALM_LIVES = 8
_CALM = Plan(patience_s=_CALM_S, climbs=0)
_POWER_GOES_TOO = 0.5


@attrs.frozen
class Life:
    """What became of a life.

    `steps` are those that it made, by name. `at_stake` is None where the power stayed, else how
    many changes of the files it could take.
    """

    plan: Plan
    steps: tuple[str, ...]
    killed: bool
    at_stake: int | None = None


@attrs.frozen
class Chain:
    """What became of a chain."""

    lives: tuple[Life, ...]
    account: Account


async def run_chain(
    folder: Path, library: Path, plans: Sequence[Plan], draw: random.Random
) -> Chain:
    """Live by each plan in turn on a new journal, then unharmed until nothing waits; draw up the account.

    Some of the kills take the power with them.
    """
    async with made_world(folder, library) as world:
        lives: list[Life] = []
        ends: list[End] = []
        for plan in (*plans, *[_CALM] * _MOST_CALM_LIVES):
            if plan is _CALM:
                world.market.come_to_rest()
            life, end = await _live(world, len(lives), plan, draw)
            lives.append(life)
            ends.append(end)
            if plan is _CALM and not read_journal(world.tools.journal, world.tools.undo).waiting:
                break
        return Chain(tuple(lives), _account(world, ends))


async def _live(world: World, number: int, plan: Plan, draw: random.Random) -> tuple[Life, End]:
    for receiver in world.receivers:
        receiver.life = number
    killed = await live(world, plan)
    at = trio.current_time()
    # What the process sent at the end arrives, and is counted to this life.
    await trio.testing.wait_all_tasks_blocked(0.005)
    at_stake = None
    power_goes = draw.random() < _POWER_GOES_TOO if plan.power_goes is None else plan.power_goes
    if killed and power_goes:
        at_stake = cut_power(world.tools.journal, world.tools.undo, partly(draw))
    kept = read_journal(world.tools.journal, world.tools.undo)
    end = End(number, at, killed, kept.delivered, kept.damage)
    return Life(plan, tuple(world.tools.take_steps()), killed, at_stake), end


def _account(world: World, ends: Sequence[End]) -> Account:
    receptions = [it for receiver in world.receivers for it in receiver.receptions]
    return draw_up(
        sorted(receptions, key=attrgetter("at")),
        ends,
        destinations=[it.destination for it in world.takers],
        once=world.market.once,
        kept=read_journal(world.tools.journal, world.tools.undo).alerts,
    )
