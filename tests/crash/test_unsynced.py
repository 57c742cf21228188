"""A kill leaves what was not synced to be read, and a power cut takes it later: what is sent must be synced before."""

from pathlib import Path

from tests.crash.cutting import Cut, Side
from tests.crash.kept import read_journal
from tests.crash.life import Plan, live
from tests.crash.world import World, made_world

_MOST_SYNCS = 9


async def leave_unsynced_alerts(world: World) -> None:
    """Kill the process between the writing of some alerts and the sync."""
    for number in range(3, _MOST_SYNCS):
        assert await live(world, Plan(cut=Cut("sync alertd.db-wal", number, Side.BEFORE)))
        found = read_journal(world.tools.journal, None)
        sure = read_journal(world.tools.journal, world.tools.undo)
        if found.waiting > sure.waiting:
            return
    raise AssertionError("no sync was one of alerts")


async def test_what_a_killed_process_had_not_synced_is_on_the_disk_before_it_is_sent(
    library: Path, tmp_path: Path
):
    async with made_world(tmp_path / "world", library) as world:
        await leave_unsynced_alerts(world)
        assert await live(world, Plan(cut=Cut("receive ", 1, Side.AFTER)))
        told = {it for each in world.receivers for r in each.receptions for it in r.told}
        sure = read_journal(world.tools.journal, world.tools.undo)
    assert told
    assert {it.number: it.says for it in told}.items() <= sure.alerts.items()
