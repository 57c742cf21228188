"""Each `tests/data/*.bad.yaml` begins with the mistakes that must be found in it, all of them."""

from pathlib import Path

import pytest

from alertd.config.expired import expired_rules
from alertd.config.listed import symbol_findings
from alertd.config.load import load_config
from alertd.config.mistakes import MistakesError
from alertd.market.listing import Listing
from tests.config.files import SMALL_LISTING

DATA = Path(__file__).parents[1] / "data"
EXPECT = "# expect: "
NOW_MS = 1_800_000_000_000  # in January 2027


@pytest.mark.parametrize("file", sorted(DATA.glob("*.bad.yaml")), ids=lambda file: str(file.stem))
def test_every_mistake_is_found_in_its_place_and_nothing_else(file: Path):
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]
    with pytest.raises(MistakesError) as raised:
        load_with_listing(file, SMALL_LISTING)
    assert [str(it).removeprefix(f"{file}:") for it in raised.value.mistakes] == expected


def load_with_listing(file: Path, listing: Listing) -> None:
    """Load a configuration; where that finds no mistake, look at its symbols and its times."""
    config = load_config(file, environment={})
    found = symbol_findings(config, listing)
    raise MistakesError((*found.unknown, *found.idle, *expired_rules(config, NOW_MS)))


def test_there_are_files_with_mistakes_to_look_at():
    assert len(list(DATA.glob("*.bad.yaml"))) > 20
