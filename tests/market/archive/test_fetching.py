"""Files of the archive from real servers that cut, refuse and lie."""

import gzip
import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import pytest
import trio

from alertd.backoff import Backoff
from alertd.market.archive.download import Download
from alertd.market.archive.errors import OutOfReachError, RefusedError, TooLargeError
from alertd.market.archive.fetching import (
    Ended,
    Event,
    Outcome,
    Patience,
    Received,
    Waiting,
    fetch_files,
)
from alertd.market.archive.files import ArchiveFile
from alertd.market.past.kline_files import find_klines
from alertd.market.rest_client import rest_client
from tests.market.archive.archive_server import archive, stops_after, with_checksums
from tests.market.past.kline_rows import archive_row, write_text
from tests.market.rest_servers import (
    Behaviour,
    Exchange,
    answers,
    cuts,
    hangs,
    never_stops,
    rest_server,
)

FILE = ArchiveFile("usdm", "XUSDT", "1m", "2025-05-05")
OTHER = ArchiveFile("usdm", "龙虾USDT", "1m", "2025-05-05")
NAME, SUM = FILE.name, f"{FILE.name}.CHECKSUM"
CONTENT = bytes(range(256)) * 1000
SIZE = len(CONTENT)
QUICK = Patience(idle_s=10, backoff=Backoff(first_s=0.001, cap_s=0.001))

Troubles = Mapping[str, Sequence[Behaviour]]


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@attrs.define
class Told:
    """What was reported, and what was asked of the server."""

    events: list[Event] = attrs.field(factory=list)
    asked: list[str] = attrs.field(factory=list)

    @property
    def ended(self) -> dict[str, Outcome]:
        return {each.file.name: each.outcome for each in self.events if isinstance(each, Ended)}

    @property
    def received(self) -> int:
        return sum(each.size for each in self.events if isinstance(each, Received))

    @property
    def reasons(self) -> list[str]:
        """Why something was tried again, or failed."""
        told = [each.reason for each in self.events if isinstance(each, Ended | Waiting)]
        return [reason for reason in told if reason]


async def fetched(
    folder: Path,
    *behaviours: Behaviour,
    files: Sequence[ArchiveFile] = (FILE,),
    patience: Patience = QUICK,
) -> Told:
    told = Told()
    with rest_server(*behaviours) as server:
        await fetch_files(
            files, folder, url=server.url, report=told.events.append, patience=patience
        )
    told.asked = server.asked
    return told


def serving(troubles: Troubles | None = None) -> Behaviour:
    return archive(with_checksums({NAME: CONTENT}), troubles)


def stalls(exchange: Exchange) -> None:
    """Some of the file, and then nothing."""
    stops_after(100_000, CONTENT)(exchange)
    exchange.handler.wfile.flush()
    exchange.ending.wait(5)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_file_comes_with_its_checksum_and_nothing_else_is_left(tmp_path: Path) -> None:
    told = await fetched(tmp_path, serving())
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert names(tmp_path) == [NAME, SUM]
    assert (told.ended, told.received) == ({NAME: Outcome.FETCHED}, SIZE)


async def test_what_was_fetched_is_read_as_klines(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    rows = [archive_row(minute) for minute in range(3)]
    content = write_text(tmp_path / "there" / OTHER.name, rows).read_bytes()
    await fetched(tmp_path, archive(with_checksums({OTHER.name: content})), files=[OTHER])
    (series,) = find_klines([str(tmp_path / OTHER.name)])
    assert (series.symbol, len(list(series.klines))) == ("龙虾USDT", 3)


async def test_a_file_that_is_here_and_whole_is_not_asked_for_again(tmp_path: Path) -> None:
    await fetched(tmp_path, serving())
    again = await fetched(tmp_path, serving())
    assert (again.ended, again.asked) == ({NAME: Outcome.HERE}, [])


async def test_a_file_that_came_otherwise_is_only_verified(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(CONTENT)
    told = await fetched(tmp_path, serving())
    assert (told.ended, told.received) == ({NAME: Outcome.HERE}, 0)
    assert names(tmp_path) == [NAME, SUM]


async def test_a_file_that_is_here_and_broken_is_fetched_anew(tmp_path: Path) -> None:
    await fetched(tmp_path, serving())
    (tmp_path / NAME).write_bytes(CONTENT[:-1])
    told = await fetched(tmp_path, serving())
    assert told.ended == {NAME: Outcome.FETCHED}
    assert (tmp_path / NAME).read_bytes() == CONTENT


async def test_a_file_that_is_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    cut = stops_after(100_000, CONTENT)
    told = await fetched(tmp_path, serving({NAME: [cut, cut]}))
    assert told.ended == {NAME: Outcome.FETCHED}
    assert told.received == SIZE
    assert len(told.reasons) == 2
    assert (tmp_path / NAME).read_bytes() == CONTENT


async def test_an_earlier_command_s_part_is_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:200_000])
    told = await fetched(tmp_path, serving())
    assert (told.received, told.reasons) == (SIZE - 200_000, [])
    assert (tmp_path / NAME).read_bytes() == CONTENT


async def test_a_part_that_is_whole_is_not_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT)
    told = await fetched(tmp_path, serving())
    assert (told.received, names(tmp_path)) == (0, [NAME, SUM])


@pytest.mark.parametrize("part", [b"x" * 200_000, b"x" * SIZE, CONTENT + b"x"])
async def test_a_part_of_something_else_is_thrown_away(tmp_path: Path, part: bytes) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(part)
    told = await fetched(tmp_path, serving())
    assert told.reasons == ["what came is not what its checksum says"]
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert names(tmp_path) == [NAME, SUM]


async def test_a_server_that_knows_no_ranges_sends_all_of_it(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").write_bytes(CONTENT[:200_000])
    told = await fetched(tmp_path, serving({NAME: [answers(CONTENT)]}))
    assert (told.received, told.reasons) == (SIZE, [])
    assert (tmp_path / NAME).read_bytes() == CONTENT


async def test_a_checksum_that_does_not_fit_is_a_failure_in_the_end(tmp_path: Path) -> None:
    files = with_checksums({NAME: CONTENT}) | {NAME: CONTENT[::-1]}
    told = await fetched(tmp_path, archive(files))
    assert told.ended == {NAME: Outcome.FAILED}
    assert set(told.reasons) == {"what came is not what its checksum says"}
    assert names(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"<html>", b"f" * 64 + b"  other.zip\n"])
async def test_a_checksum_that_is_none_is_a_failure_in_the_end(
    tmp_path: Path, content: bytes
) -> None:
    told = await fetched(tmp_path, archive({NAME: CONTENT, SUM: content}))
    assert told.ended == {NAME: Outcome.FAILED}
    assert set(told.reasons) == {"what the archive has as its checksum is none"}


async def test_a_file_that_is_not_there_keeps_no_other_one_back(tmp_path: Path) -> None:
    told = await fetched(tmp_path, serving(), files=[OTHER, FILE])
    assert told.ended == {OTHER.name: Outcome.MISSING, NAME: Outcome.FETCHED}
    assert names(tmp_path) == [NAME, SUM]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_there_is_waited_out(tmp_path: Path, status: int) -> None:
    trouble = answers(status=status, headers={"Retry-After": "0"})
    told = await fetched(tmp_path, serving({SUM: [trouble], NAME: [trouble]}))
    assert told.ended == {NAME: Outcome.FETCHED}
    assert len(told.reasons) == 2
    assert f"HTTP {status}" in told.reasons[0]


async def test_trouble_that_does_not_end_is_a_failure_of_that_file(tmp_path: Path) -> None:
    files = with_checksums({NAME: CONTENT, OTHER.name: CONTENT})
    server = archive(files, {NAME: [answers(status=500)] * 100})
    told = await fetched(tmp_path, server, files=[FILE, OTHER])
    assert told.ended == {NAME: Outcome.FAILED, OTHER.name: Outcome.FETCHED}
    assert told.reasons == ["the exchange is in trouble (HTTP 500)"] * 6
    assert names(tmp_path) == [OTHER.name, f"{OTHER.name}.CHECKSUM"]


async def test_who_asks_for_a_long_rest_is_not_waited_for(tmp_path: Path) -> None:
    banned = answers(status=429, headers={"Retry-After": "3600"})
    told = await fetched(tmp_path, serving({NAME: [banned]}))
    assert told.ended == {NAME: Outcome.FAILED}


async def test_the_rest_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    told = Told()
    asks = answers(status=503, headers={"Retry-After": "7"})
    with rest_server(serving({NAME: [asks]})) as server, trio.CancelScope() as scope:

        def stop(event: Event) -> None:
            told.events.append(event)
            if isinstance(event, Waiting):
                scope.cancel()

        await fetch_files([FILE], tmp_path, url=server.url, report=stop, patience=QUICK)
    assert told.events == [Waiting(FILE, "the exchange is in trouble (HTTP 503)", 7.0)]


async def test_who_was_in_reach_and_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    patience = Patience(0.5, QUICK.backoff)
    told = await fetched(tmp_path, serving({NAME: [hangs]}), patience=patience)
    assert told.reasons == ["127.0.0.1: no answer for 0.5 s"]
    assert told.ended == {NAME: Outcome.FETCHED}


async def test_who_was_in_reach_and_answers_no_more_ends_it(tmp_path: Path) -> None:
    patience = Patience(0.5, QUICK.backoff, attempts=2)
    with pytest.raises(OutOfReachError, match="no answer"):
        await fetched(tmp_path, serving({NAME: [hangs] * 2}), patience=patience)
    assert names(tmp_path) == []


async def test_a_connection_that_is_reset_is_gone_on_with(tmp_path: Path) -> None:
    def resets(exchange: Exchange) -> None:
        stops_after(100_000, CONTENT)(exchange)
        exchange.handler.wfile.flush()
        at_once = struct.pack("ii", 1, 0)
        exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        exchange.handler.connection.close()

    told = await fetched(tmp_path, serving({NAME: [resets]}))
    assert (told.ended, len(told.reasons)) == ({NAME: Outcome.FETCHED}, 1)


async def test_what_the_first_file_is_refused_for_holds_for_all(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"does not serve this region or address .HTTP 451"):
        await fetched(tmp_path, answers(status=451), files=[FILE] * 20)


async def test_who_cannot_be_reached_is_told_at_once(tmp_path: Path) -> None:
    with rest_server(cuts) as server:
        gone = server.url
    with pytest.raises(OutOfReachError, match=r"127\.0\.0\.1: connection refused"):
        await fetch_files([FILE, OTHER], tmp_path, url=gone, report=lambda _: None)
    assert names(tmp_path) == []


async def test_who_does_not_answer_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(OutOfReachError, match=r"127\.0\.0\.1: no answer for 0\.05 s"):
        await fetched(tmp_path, hangs, patience=Patience(0.05, QUICK.backoff))


async def test_an_answer_that_stops_coming_is_asked_for_again(tmp_path: Path) -> None:
    told = await fetched(tmp_path, serving({NAME: [stalls]}), patience=Patience(0.3, QUICK.backoff))
    assert told.reasons == ["nothing came for 0.3 s"]
    assert (told.ended, told.received) == ({NAME: Outcome.FETCHED}, SIZE)


async def test_an_answer_without_an_end_is_refused(tmp_path: Path) -> None:
    told = await fetched(tmp_path, serving({SUM: [never_stops]}))
    assert told.ended == {NAME: Outcome.FAILED}
    assert told.reasons == ["over 1,024 bytes, which no file of the archive has"]


async def test_a_file_without_an_end_leaves_nothing_behind(tmp_path: Path) -> None:
    with rest_server(serving({NAME: [never_stops]})) as server:
        async with rest_client(None) as client:
            download = Download(client, lambda _: None, idle_s=10, largest=SIZE)
            with pytest.raises(TooLargeError, match="over 256,000 bytes"):
                await download.fetch(f"{server.url}/{NAME}", tmp_path / NAME)
    assert names(tmp_path) == []


async def test_the_proxy_of_the_environment_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rest_server(serving()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        archived = "http://archive.invalid"
        await fetch_files([FILE], tmp_path, url=archived, report=lambda _: None, patience=QUICK)
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert proxy.asked[-1] == FILE.url(archived)


async def test_what_is_packed_on_its_way_is_asked_for_as_it_is(tmp_path: Path) -> None:
    def packs_if_asked(exchange: Exchange) -> None:
        if "gzip" in exchange.handler.headers.get("Accept-Encoding", ""):
            answers(gzip.compress(CONTENT), headers={"Content-Encoding": "gzip"})(exchange)
        else:
            answers(CONTENT)(exchange)

    told = await fetched(tmp_path, serving({NAME: [packs_if_asked]}))
    assert (told.ended, told.reasons) == ({NAME: Outcome.FETCHED}, [])


async def test_four_files_come_at_once(tmp_path: Path) -> None:
    days = [attrs.evolve(FILE, period=f"2025-05-{day:02}") for day in range(1, 5)]
    all_four = threading.Barrier(4)

    def waits_for_the_others(exchange: Exchange) -> None:
        all_four.wait(10)
        answers(CONTENT)(exchange)

    files = with_checksums({file.name: CONTENT for file in days})
    server = archive(files, {file.name: [waits_for_the_others] for file in days})
    told = await fetched(tmp_path, server, files=days)
    assert told.ended == {file.name: Outcome.FETCHED for file in days}
    assert told.reasons == []


async def test_an_interrupted_command_keeps_what_came(tmp_path: Path) -> None:
    told = Told()
    with rest_server(serving({NAME: [stalls]})) as server, trio.CancelScope() as scope:

        def stop(event: Event) -> None:
            told.events.append(event)
            if told.received == 100_000:
                scope.cancel()

        await fetch_files([FILE], tmp_path, url=server.url, report=stop, patience=QUICK)
    assert (tmp_path / f"{NAME}.part").read_bytes() == CONTENT[:100_000]
    assert (await fetched(tmp_path, serving())).received == SIZE - 100_000


async def test_a_folder_that_is_gone_ends_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await fetched(tmp_path / "gone", serving())


async def test_a_part_that_cannot_be_written_ends_it(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.part").mkdir()
    with pytest.raises(IsADirectoryError):
        await fetched(tmp_path, serving())
