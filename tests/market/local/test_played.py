"""The klines of a market that is being played, as alertd asks for them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import islice

import attrs
import pytest
import trio

from alertd.market.kline_source import KlineRequest, KlineSource, open_klines
from alertd.market.local.played import PlayedKlines
from alertd.market.local.rest import LocalRest
from alertd.market.past.klines import Kline
from alertd.market.past.tape import Tape
from alertd.market.rest_error import RestError
from alertd.market.rest_klines import Interval
from alertd.market.venue import SPOT, USDM, Venue
from tests.market.past.kline_rows import DAY_MINUTES, MINUTE_MS, START_MS, kline, series_of

FOR_EVER = 2**62


def played(minutes: int, *, of: int | None = None) -> PlayedKlines:
    """A market whose klines have been read so far, with the number of its minute for a price."""
    klines = (kline(it, [str(it + 1)] * 4, "1") for it in range(of or minutes))
    it = PlayedKlines([series_of("BTCUSDT", klines)])
    (series,) = it.series
    for _ in islice(series.klines, minutes):
        pass
    return it


def minutes(klines: Sequence[Kline] | None) -> list[int]:
    assert klines is not None
    return [(it.open_time_ms - START_MS) // MINUTE_MS for it in klines]


def newest(it: PlayedKlines, count: int, *, interval_ms: int = MINUTE_MS, until_ms: int = FOR_EVER):
    return it.newest("BTCUSDT", interval_ms, count, until_ms=until_ms)


def test_the_newest_that_were_played_are_known():
    assert minutes(newest(played(10), 3)) == [7, 8, 9]
    assert minutes(newest(played(10, of=20), 3)) == [7, 8, 9]


def test_what_is_not_over_is_not_known_yet():
    end_ms = START_MS + 8 * MINUTE_MS - 1
    assert minutes(newest(played(10), 3, until_ms=end_ms)) == [5, 6, 7]
    assert minutes(newest(played(10), 3, until_ms=end_ms - 1)) == [4, 5, 6]


def test_longer_ones_are_made_of_them_and_the_last_may_not_be_over():
    found = newest(played(40), 10, interval_ms=900_000)
    assert minutes(found) == [0, 15, 30]
    assert found is not None
    first, last = found[0], found[-1]
    assert [str(it) for it in (first.open, first.high, first.low, first.close)] == [
        "1",
        "15",
        "1",
        "15",
    ]
    assert (first.volume, first.quote_volume, last.volume) == (15, 450, 10)


def test_a_longer_one_whose_beginning_is_forgotten_is_not_known():
    assert minutes(newest(played(1_501), 100, interval_ms=900_000))[0] == 15


def test_of_another_symbol_or_a_shorter_interval_there_are_none():
    it = played(10)
    assert it.newest("ETHUSDT", MINUTE_MS, 3, until_ms=FOR_EVER) is None
    assert newest(it, 3, interval_ms=1000) is None


def test_a_tape_that_is_played_again_is_remembered_from_its_beginning():
    it = played(10)
    (series,) = it.series
    assert minutes(list(islice(series.klines, 2))) == minutes(newest(it, 9)) == [0, 1]


def test_a_tape_has_read_a_day_before_its_first_ticker():
    it = PlayedKlines([series_of("BTCUSDT", (kline(at) for at in range(DAY_MINUTES + 10)))])
    first = next(iter(Tape(it.series)))
    assert len(newest(it, 9999, until_ms=first.time_ms) or ()) == DAY_MINUTES


@asynccontextmanager
async def asking(it: PlayedKlines, venue: Venue = USDM) -> AsyncIterator[KlineSource]:
    interface = LocalRest(["BTCUSDT"], klines=partial(it.newest, until_ms=FOR_EVER), venue=venue)
    async with trio.open_nursery() as nursery:
        port = await nursery.start(interface.serve)
        async with open_klines(attrs.evolve(venue, rest_url=f"http://127.0.0.1:{port}")) as source:
            yield source
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("venue", [USDM, SPOT])
async def test_alertd_reads_them_as_it_does_the_exchanges(venue: Venue):
    it = played(10)
    async with asking(it, venue) as source:
        series = await source.fetch(KlineRequest("BTCUSDT", Interval.MINUTE, 3))
    assert list(series.klines) == newest(it, 3)


@pytest.mark.parametrize("symbol", ["ETHUSDT", "btcusdt"])
async def test_of_a_symbol_that_is_not_played_there_are_none(symbol: str):
    async with asking(played(10)) as source:
        with pytest.raises(RestError, match="HTTP 400"):
            await source.fetch(KlineRequest(symbol, Interval.MINUTE, 3))
