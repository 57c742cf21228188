"""What of an engine is found again by the next: by way of a real journal, and after a crash."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
import trio

from alertd.engine.engine import Engine
from alertd.engine.prices import Prices
from alertd.engine.rule import Rule
from alertd.journal.database import reading
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.recollection import Recollection
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

HOUR_MS = 3_600_000
Closes = Iterable[tuple[float, float]]


async def lived(
    path: Path,
    watched: Rule,
    closes: Closes,
    *,
    ends: bool = False,
    beats: bool = False,
    market: str = "usdm",
    prices: Prices | None = None,
) -> list[float]:
    """Live through these closes, and be killed at the last one unless it `ends`; return what fired when.

    Where it `beats`, the newest tickers were just kept. With `prices`, pictures are wanted.
    """
    engine = Engine({SYMBOL: [watched]})
    fired = []
    with closing(JournalFile(path)) as file:
        file.open()
        journal = Journal(file, deliver=lambda _: None, report=_fail)
        recollection = Recollection(engine, journal, market, prices)
        if prices is not None:
            recollection.picture({SYMBOL: HOUR_MS})
        await recollection.restore(file.store, [watched.name])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            for at_s, close in closes:
                newest = ticker(at_s, close=close)
                fired += [at_s for _ in engine.update(newest)]
                recollection.take(newest)
            if beats:
                recollection._keep_newest()
            if ends:
                recollection.end()
            journal.close()
    return fired


def _fail(event: object) -> None:
    raise AssertionError(event)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alertd.db"


async def test_a_level_that_fires_does_not_fire_again_after_a_crash(path: Path):
    watched = rule(check_of("close", "above", 100))
    assert await lived(path, watched, [(0, 99), (1, 101)]) == [1]
    assert await lived(path, watched, [(2, 102), (3, 99), (4, 101)]) == [4]


async def test_a_crossing_is_compared_with_the_ticker_that_fired(path: Path):
    watched = rule(check_of("close", "crosses_above", 100))
    assert await lived(path, watched, [(0, 99), (1, 101)]) == [1]
    assert await lived(path, watched, [(2, 102)]) == []


async def test_what_crosses_a_level_while_nobody_watches_is_seen(path: Path):
    watched = rule(check_of("close", "crosses_above", 100))
    assert await lived(path, watched, [(0, 98), (1, 99)], ends=True) == []
    assert await lived(path, watched, [(60, 101)]) == [60]


async def test_a_window_goes_on_with_what_it_had_seen(path: Path):
    watched = rule(check_of("close", "rises", "3%", within_s=3600))
    assert await lived(path, watched, [(0, 100), (1, 101)], ends=True) == []
    assert await lived(path, watched, [(60, 102.9), (61, 103)]) == [61]


async def test_a_record_that_fired_is_not_forgotten_by_a_crash_soon_after(path: Path):
    watched = rule(check_of("close", "new_high", within_s=60))
    past = [(at_s, 100.0) for at_s in range(0, 70, 2)]
    assert await lived(path, watched, [*past, (70, 105), (72, 104)], beats=True) == [70]
    assert await lived(path, watched, [(74, 104.5), (76, 105.5)]) == [76]


async def test_a_rule_that_is_gone_is_forgotten_and_begins_anew_when_it_comes_back(path: Path):
    watched = rule(check_of("close", "above", 100))
    other = rule(check_of("close", "above", 1000), name="other")
    assert await lived(path, watched, [(0, 101)]) == [0]
    assert await lived(path, other, [(1, 101)]) == []
    assert await lived(path, watched, [(2, 101)]) == [2]


async def test_a_journal_that_was_begun_anew_is_told_all_of_it(path: Path):
    watched = rule(check_of("close", "above", 100))
    engine = Engine({SYMBOL: [watched]})
    engine.update(ticker(0, close=101))
    engine.changes(SYMBOL)
    with closing(JournalFile(path)) as file:
        file.open()
        journal = Journal(file, deliver=lambda _: None, report=_fail)
        Recollection(engine, journal, "usdm").tell_all()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            journal.close()
    assert await lived(path, watched, [(1, 101)]) == []


async def test_what_flaps_around_a_level_does_not_fill_the_journal_with_the_past(path: Path):
    watched = rule(
        both(check_of("close", "above", 100), check_of("close", "rises", "1%", within_s=3600)),
        for_s=60,
    )
    flapping = [(at_s, 103 if at_s % 2 else 99) for at_s in range(100)]
    assert await lived(path, watched, flapping) == []
    with reading(path) as store:
        assert list(store.recent()) == []


async def test_what_stood_on_another_market_is_forgotten(
    path: Path, caplog: pytest.LogCaptureFixture
):
    watched = rule(check_of("close", "above", 100))
    crosses = rule(check_of("close", "crosses_above", 100))
    assert await lived(path, watched, [(0, 101)], ends=True) == [0]
    assert await lived(path, watched, [(1, 101)], market="spot", ends=True) == [1]
    assert "another market (usdm)" in caplog.text
    assert await lived(path, watched, [(2, 101)], market="spot", ends=True) == []
    assert await lived(path, crosses, [(3, 99)], market="spot", ends=True) == []
    assert await lived(path, crosses, [(4, 101)], market="usdm") == []


async def test_the_last_ticker_of_a_symbol_that_does_not_trade_is_kept_for_the_start_after(
    path: Path,
):
    crosses = rule(check_of("close", "crosses_above", 100))
    assert await lived(path, crosses, [(0, 99)], ends=True) == []
    with closing(JournalFile(path)) as file:
        file.open()
        journal = Journal(file, deliver=lambda _: None, report=_fail)
        engine = Engine({"ETHUSDT": [crosses]})
        recollection = Recollection(engine, journal, "usdm")
        await recollection.restore(file.store, [crosses.name])
        engine.update(ticker(60, symbol="ETHUSDT", close=99))
        recollection.end()
        journal.close()
        await journal.run()
    assert await lived(path, crosses, [(120, 101)]) == [120]


# What pictures show.


async def test_the_prices_of_pictures_are_found_again(path: Path):
    watched = rule(check_of("close", "above", 1000))
    closes = [(60.0 * minute, 100.0 + minute) for minute in range(50)]
    await lived(path, watched, closes, ends=True, prices=Prices())
    found = Prices()
    await lived(path, watched, [(3000, 99)], prices=found)
    kept = found.path(SYMBOL, HOUR_MS)
    assert kept is not None
    assert list(kept.closes) == [*(close for _, close in closes), 99]


@pytest.mark.parametrize("is_pictured", [False, True])
@pytest.mark.parametrize("within_s", [300, 1200, 40_000])
async def test_windows_know_the_same_with_pictures_and_without(
    path: Path, within_s: float, *, is_pictured: bool
):
    prices = Prices() if is_pictured else None
    watched = rule(check_of("close", "rises", "3%", within_s=within_s), cooldown_s=100_000)
    # Up and down by a hundredth in minutes, and never by more within any of the windows.
    closes = [(7.0 * step, 100.0 + (step * 37 % 101) / 100) for step in range(170)]
    assert await lived(path, watched, closes, ends=True, prices=prices) == []
    assert await lived(path, watched, [(1191, 102.9), (1192, 103.1)], prices=prices) == [1192]
