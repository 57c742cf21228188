"""`record`: where the tickers are recorded, and for how long they are kept."""

from pathlib import Path

import pytest

from alertd.config.model import Record
from tests.config.files import RULE, Folder

RULES = f"channels: {{phone: json://localhost}}\nrules: [{{rules: {{rule: {RULE}}}}}]\n"
DAY_MS = 86_400_000


def record(folder: Folder, text: str, **environment: str) -> Record | None:
    """What is read of this section."""
    return folder.load(f"{RULES}{text}\n", environment).record


@pytest.mark.parametrize("text", ["", "record: off", "record: 'off'"])
def test_nothing_is_recorded_unless_it_is_said(folder: Folder, text: str):
    assert record(folder, text) is None


def test_a_folder_is_enough(folder: Folder):
    assert record(folder, "record: tapes") == Record(folder.path / "tapes")


def test_a_folder_may_be_anywhere(folder: Folder):
    assert record(folder, "record: /var/tapes") == Record(Path("/var/tapes"))


def test_it_is_below_the_service_managers_folder(folder: Folder):
    found = record(folder, "record: tapes", STATE_DIRECTORY="/var/lib/alertd")
    assert found == Record(Path("/var/lib/alertd/tapes"))


def test_recordings_may_be_kept_for_some_time(folder: Folder):
    found = record(folder, "record: {folder: tapes, keep: 30d}")
    assert found == Record(folder.path / "tapes", 30 * DAY_MS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("record: true", "3:9: a folder like state/recordings is expected here, or off"),
        ("record: 5", "3:9: a text is expected here, not `5`, a number: put it in quotes"),
        ("record: ~/tapes", "3:9: `~/tapes`: `~` stands for nothing here; write the whole path"),
        (
            "record: s3://bucket/tapes",
            "3:9: `s3://…` is no name of a folder: write it like state/recordings",
        ),
        ("record: {keep: 1d}", "3:1: `folder` is missing: where the recordings are kept"),
        ("record: {folder: tapes, keep: 1m}", "3:31: `1m` is not from 1h to 366d"),
        (
            "record: {folder: tapes, keeps: 1d}",
            "3:25: unknown key `keeps` (did you mean `keep`?)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder: Folder, text: str, said: str):
    assert folder.mistakes(f"{RULES}{text}\n") == [f"config.yaml:{said}"]
