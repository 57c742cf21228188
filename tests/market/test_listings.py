"""The listing over time, on a virtual clock: hourly, after failures, and no sooner than allowed."""

from pathlib import Path

import attrs
import trio
from trio.testing import MockClock

from alertd.backoff import Backoff
from alertd.market.listing import Changes, Listing
from alertd.market.listing_cache import ListingCache
from alertd.market.listings import CacheFailed, ListingEvent, ListingWatch, RefreshFailed
from alertd.market.rest_error import RestError
from alertd.market.venue import USDM
from tests.market.rest_servers import listing_of

DOWN = RestError("the exchange is in trouble (HTTP 500)", "it is tried again")
BANNED = RestError("banned", "wait", retry_after_s=5000)
BTC = listing_of("BTCUSDT")
BTC_AND_ETH = listing_of("BTCUSDT", "ETHUSDT")


@attrs.define
class Desk:
    """An exchange that answers as it is told, and the time at which it was asked each time."""

    answers: list[Listing | RestError]
    asked_s: list[float] = attrs.field(factory=list)

    async def fetch(self) -> Listing:
        await trio.lowlevel.checkpoint()
        self.asked_s.append(trio.current_time())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, RestError):
            raise answer
        return answer


@attrs.define
class Room:
    """A watch with its desk, its files, and what it said."""

    desk: Desk
    watch: ListingWatch
    events: list[ListingEvent]
    changes: list[tuple[float, Changes]] = attrs.field(factory=list)

    async def runs_for(self, hours: float) -> None:
        """Start, and run for so long."""
        await self.watch.start()
        with trio.move_on_after(hours * 3600 - 1):
            await self.watch.run(self._note)

    def _note(self, listing: Listing, changes: Changes) -> None:
        assert listing is self.watch.newest
        self.changes.append((trio.current_time(), changes))


def room(folder: Path, *answers: Listing | RestError, keep: bool = True) -> Room:
    desk, events = Desk(list(answers)), list[ListingEvent]()
    watch = ListingWatch(
        fetch=desk.fetch,
        cache=ListingCache.of(USDM, folder),
        report=events.append,
        keep=keep,
        backoff=Backoff(first_s=10, cap_s=60),
        draw=lambda: 1.0,
    )
    return Room(desk, watch, events)


async def test_the_exchanges_list_comes_first(tmp_path: Path):
    cached = room(tmp_path, BTC_AND_ETH)
    await cached.watch.start()
    assert await room(tmp_path, BTC).watch.start() == BTC.remembering(BTC_AND_ETH)


async def test_without_the_exchange_the_last_list_serves(tmp_path: Path):
    await room(tmp_path, BTC).watch.start()
    later = room(tmp_path, DOWN)
    assert await later.watch.start() == BTC
    assert later.events == [RefreshFailed(DOWN, 1, 10)]


async def test_without_either_there_is_none(tmp_path: Path):
    assert await room(tmp_path, DOWN).watch.start() is None


async def test_the_list_on_disk_is_to_be_had_without_the_exchange(tmp_path: Path):
    await room(tmp_path, BTC).watch.start()
    offline = room(tmp_path, BTC_AND_ETH)
    assert offline.watch.load() == BTC
    assert offline.desk.asked_s == []


async def test_a_damaged_list_on_disk_is_reported_and_replaced(tmp_path: Path):
    watched = room(tmp_path, BTC)
    watched.watch.cache.path.write_text("{")
    assert await watched.watch.start() == BTC
    assert [type(event) for event in watched.events] == [CacheFailed]
    assert watched.watch.cache.load() == BTC


async def test_a_disk_that_takes_nothing_is_reported_and_ends_nothing(tmp_path: Path):
    (tmp_path / "file").touch()
    watched = room(tmp_path / "file", BTC)
    assert await watched.watch.start() == BTC
    assert {type(event) for event in watched.events} == {CacheFailed}


async def test_a_watch_that_keeps_nothing_writes_nothing(tmp_path: Path):
    watched = room(tmp_path, BTC, keep=False)
    await watched.watch.start()
    assert watched.watch.cache.load() is None


async def test_it_is_read_anew_every_hour(tmp_path: Path, autojump_clock: MockClock):
    watched = room(tmp_path, BTC)
    await watched.runs_for(hours=4)
    assert watched.desk.asked_s == [0, 3600, 7200, 10800]
    assert watched.changes == []


async def test_what_changed_is_told_once(tmp_path: Path, autojump_clock: MockClock):
    watched = room(tmp_path, BTC, BTC_AND_ETH, BTC_AND_ETH, listing_of("ETHUSDT"))
    await watched.runs_for(hours=6)
    assert watched.changes == [
        (3600, Changes(new=("ETHUSDT",))),
        (10800, Changes(gone=("BTCUSDT",))),
    ]


async def test_the_newest_list_is_on_disk(tmp_path: Path, autojump_clock: MockClock):
    watched = room(tmp_path, BTC, BTC_AND_ETH)
    await watched.runs_for(hours=2)
    assert watched.watch.cache.load() == BTC_AND_ETH


async def test_a_failure_is_tried_again_ever_more_slowly_and_then_hourly(
    tmp_path: Path, autojump_clock: MockClock
):
    watched = room(tmp_path, DOWN, DOWN, DOWN, DOWN, DOWN, BTC)
    await watched.runs_for(hours=2)
    assert watched.desk.asked_s == [0, 10, 30, 70, 130, 190, 3790]


async def test_the_list_stays_while_the_exchange_fails(tmp_path: Path, autojump_clock: MockClock):
    watched = room(tmp_path, BTC, DOWN)
    await watched.runs_for(hours=3)
    assert watched.watch.newest == BTC
    assert watched.changes == []


async def test_the_exchange_is_left_alone_for_as_long_as_it_says(
    tmp_path: Path, autojump_clock: MockClock
):
    watched = room(tmp_path, BANNED, BTC)
    await watched.runs_for(hours=2)
    assert watched.desk.asked_s == [0, 5000]
    assert watched.events == [RefreshFailed(BANNED, 1, 5000)]


async def test_a_first_list_that_comes_late_is_all_new(tmp_path: Path, autojump_clock: MockClock):
    watched = room(tmp_path, DOWN, BTC)
    await watched.runs_for(hours=1)
    assert watched.changes == [(10, Changes(new=("BTCUSDT",)))]
