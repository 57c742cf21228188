"""The rule packs that ship with alertd, on the liveliest days of a real month: heard, and no nuisance."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alertd.config.load import load_config
from alertd.market.past.reels import find_reels
from tests.packs import PACKS, Spoken, packs, spoken

BY_PACK = packs()
# LAYER lost half of its value on the 6th, ETH won a fifth on the 8th: hardly a day is as lively.
END_MS = int(datetime(2025, 5, 9, tzinfo=UTC).timestamp() * 1000)
# Alerts a day over all 16 symbols; in the whole month it is about 2, see docs/packs.md.
MOST_A_DAY = {"breakouts": 3, "majors": 6, "movers": 9, "volatility": 7, "volume": 3}


@pytest.fixture(scope="module")
def lively_days(klines_folder: Path) -> Spoken:
    rules = [rule for pack in BY_PACK.values() for rule in pack]
    return spoken(rules, find_reels([str(klines_folder)], end_ms=END_MS))


@pytest.mark.parametrize("pack", BY_PACK)
def test_a_pack_speaks_when_something_happens_and_never_chatters(pack: str, lively_days: Spoken):
    rates = [lively_days.alerts_a_day(rule) for rule in BY_PACK[pack]]
    assert 0 < sum(rates) <= MOST_A_DAY[pack], rates


@pytest.mark.parametrize("pack", BY_PACK)
def test_no_rule_of_a_pack_speaks_a_dozen_times_even_on_its_worst_day(
    pack: str, lively_days: Spoken
):
    worst = {rule.name: lively_days.alerts_on_its_worst_day(rule) for rule in BY_PACK[pack]}
    assert max(worst.values()) < 12, worst


def test_all_packs_load_together(tmp_path: Path):
    config = tmp_path / "config.yaml"
    config.write_text(
        "channels: {phone: 'json://localhost'}\n"
        "defaults: {notify: phone}\n"
        f"rules: ['{PACKS}/*.yaml']\n"
    )
    loaded = load_config(config, environment={})
    assert {rule.name for rule in loaded.rules} == {
        rule.name for pack in BY_PACK.values() for rule in pack
    }


@pytest.mark.parametrize("pack", BY_PACK)
def test_the_page_about_the_packs_has_a_row_for_every_rule(pack: str):
    page = (PACKS.parent / "docs" / "packs.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"## rules/{pack}.yaml")
    rows = [line.split("|")[1].strip(" `") for line in section.splitlines() if line[:3] == "| `"]
    names = [rule.name for rule in BY_PACK[pack]]
    assert rows[: len(names)] == names
