"""A part of the archive that several processes want to write."""

import fcntl
from pathlib import Path

import pytest

from alertd.backoff import Backoff
from alertd.market.archive.errors import ArchiveError
from alertd.market.archive.fetching import Ended, Event, Outcome, Patience, Waiting, fetch_files
from alertd.market.archive.files import ArchiveFile
from alertd.market.archive.part import held
from tests.market.archive.archive_server import archive, with_checksums
from tests.market.rest_servers import rest_server

FILE = ArchiveFile("usdm", "XUSDT", "1m", "2025-05-05")
CONTENT = bytes(range(256)) * 1000


def test_it_is_written_on_at_its_end(tmp_path: Path) -> None:
    part = tmp_path / "it.part"
    part.write_bytes(b"some")
    with held(part) as file:
        assert file.tell() == 4
        file.write(b" more")
    assert part.read_bytes() == b"some more"


def test_nothing_is_no_file(tmp_path: Path) -> None:
    with held(tmp_path / "it.part"):
        pass
    assert not list(tmp_path.iterdir())


def test_one_at_a_time_holds_it(tmp_path: Path) -> None:
    part = tmp_path / "it.part"
    with held(part) as file:
        file.write(b"mine")
        with pytest.raises(ArchiveError, match="another `alertd fetch` is at it"), held(part):
            raise AssertionError("two hold it")
    assert part.read_bytes() == b"mine"


def test_once_it_is_moved_its_place_is_free(tmp_path: Path) -> None:
    part = tmp_path / "it.part"
    with held(part) as file:
        file.write(b"mine")
        part.replace(tmp_path / "it")
        with held(part) as other:
            other.write(b"another one")
    assert (tmp_path / "it").read_bytes() == b"mine"
    assert part.read_bytes() == b"another one"


async def test_what_another_process_has_brought_meanwhile_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    part = tmp_path / f"{FILE.name}.part"
    part.write_bytes(CONTENT)
    theirs = part.open("ab")
    fcntl.flock(theirs, fcntl.LOCK_EX)
    told: list[Event] = []

    def done(event: Event) -> None:
        told.append(event)
        if isinstance(event, Waiting) and part.exists():
            part.replace(tmp_path / FILE.name)
            theirs.close()

    patience = Patience(backoff=Backoff(first_s=0.001, cap_s=0.001))
    with rest_server(archive(with_checksums({FILE.name: CONTENT}))) as server:
        await fetch_files([FILE], tmp_path, url=server.url, report=done, patience=patience)
    assert told[-1] == Ended(FILE, Outcome.HERE)
    assert all(path.endswith(".CHECKSUM") for path in server.asked)
