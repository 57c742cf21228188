"""The daemon, killed some 25 times at points of all kinds; 500 times and more: `make crash`."""

import random
from pathlib import Path

import pytest

from tests.crash.campaign import Campaign

KILLS = 25


@pytest.mark.timeout(180)
async def test_no_alert_is_lost_or_told_again_without_need_wherever_the_process_is_killed(
    library: Path, tmp_path: Path
):
    draw = random.Random(2)  # noqa: S311 - a draw that can be repeated
    campaign = Campaign(tmp_path, library, KILLS, draw)
    await campaign.run(at_once=4)
    assert campaign.breaches == []
    assert campaign.killed >= KILLS
    assert any(chain.account.pictures for chain in campaign.chains)
