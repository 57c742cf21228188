"""Reloads take turns, and nobody is told of one that began before he asked."""

import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.reload import Turns
from alertd.web.operations import Reload


@pytest.fixture
def slow_reloads() -> "tuple[Turns, list[trio.Event]]":
    """Turns of reloads each of which waits for its own event."""
    begun: list[trio.Event] = []

    async def reload() -> Reload:
        begun.append(trio.Event())
        number = len(begun)
        await begun[-1].wait()
        return Reload(True, str(number))

    return Turns(reload), begun


async def test_those_who_ask_during_a_reload_share_the_next(
    slow_reloads: tuple[Turns, list[trio.Event]], autojump_clock: MockClock
):
    turns, begun = slow_reloads
    said: list[str] = []

    async def ask() -> None:
        said.append((await turns.take()).summary)

    async with trio.open_nursery() as nursery:
        for _ in range(4):
            nursery.start_soon(ask)
            await trio.testing.wait_all_tasks_blocked()
        begun[0].set()
        await trio.testing.wait_all_tasks_blocked()
        begun[1].set()
    assert said == ["1", "2", "2", "2"]


async def test_a_reload_whose_asker_has_gone_is_not_taken_for_the_others(
    slow_reloads: tuple[Turns, list[trio.Event]], autojump_clock: MockClock
):
    turns, begun = slow_reloads
    async with trio.open_nursery() as nursery:
        with trio.move_on_after(1):
            await turns.take()
        begun_before = len(begun)
        nursery.start_soon(turns.take)
        await trio.testing.wait_all_tasks_blocked()
        begun[-1].set()
    assert (begun_before, len(begun)) == (1, 2)
