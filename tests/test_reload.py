"""A daemon that reloads: what takes over, what goes on as it stood, and what is refused."""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import attrs
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.daemon import Daemon
from alertd.engine.alert import Alert
from alertd.engine.condition import Comparison
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.journal.file import JournalFile
from alertd.market.listing import ListedSymbol, Listing
from alertd.market.listing_cache import ListingCache
from alertd.market.listings import ListingWatch
from alertd.market.local.exchange import LocalExchange
from alertd.observers.log import LogObserver, log_listing
from alertd.observers.observer import Noted, Observer
from alertd.reload import LOOK_EVERY_S, SETTLED_S
from alertd.systemd import Notifier
from alertd.web.operations import Reload
from tests.engine.tickers import ticker

HEAD = """
feed: {url: "ws://127.0.0.1:EXCHANGE/market"}
channels: {desk: "json://127.0.0.1:9"}
defaults: {notify: desk}
"""
UP = "up: {symbols: BTCUSDT, when: {close: {crosses_above: 100}}}"
HELD = "held: {symbols: BTCUSDT, when: {close: {above: 50}}, for: 10s}"
LISTED = {
    name: ListedSymbol(name, status)
    for name, status in {"BTCUSDT": "TRADING", "ETHUSDT": "TRADING", "SOLUSDT": "BREAK"}.items()
}


def config_of(*rules: str) -> str:
    return f"{HEAD}rules: [{{rules: {{{', '.join(rules)}}}}}]\n"


class Notes(Observer):
    """Keeps the alerts and the outcomes of reloads."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.outcomes: list[Reload] = []

    def on_alert(self, noted: Noted) -> None:
        self.alerts.append(noted.alert)

    def on_reload(self, outcome: Reload) -> None:
        self.outcomes.append(outcome)

    @property
    def fired(self) -> list[str]:
        return [alert.rule.name for alert in self.alerts]


@attrs.frozen
class House:
    """A daemon under way, and the file that it was started by."""

    daemon: Daemon
    path: Path
    notes: Notes
    port: int

    def writes(self, text: str) -> None:
        self.path.write_text(text.replace("EXCHANGE", str(self.port)))

    async def reloads(self, text: str) -> Reload:
        self.writes(text)
        return await self.daemon.reload()

    def sees(self, *closes: float, from_s: float = 0, symbol: str = "BTCUSDT") -> list[str]:
        """Let it take tickers a second apart; return the rules that fired so far."""
        for second, close in enumerate(closes):
            self.daemon.take(ticker(from_s + second, close=close, symbol=symbol))
        return self.notes.fired


@pytest.fixture
def clock() -> MockClock:
    """Time stands still unless a test lets it pass: nothing is looked at behind its back."""
    return MockClock()


class Start(Protocol):
    """Starts a daemon by a configuration, which `load` reads anew, else its file is read."""

    def __call__(self, text: str, load: Callable[[], Config] | None = None) -> House: ...


@pytest.fixture
async def starting(
    tmp_path: Path, journal: JournalFile, nursery: trio.Nursery, clock: MockClock
) -> AsyncIterator[Start]:
    """The exchange lists three symbols, one of them halted."""
    path, notes = tmp_path / "config.yaml", Notes()
    read = partial(load_config, path, environment={})
    port: int = await nursery.start(LocalExchange().serve)

    async def fetch() -> Listing:
        await trio.lowlevel.checkpoint()
        return Listing("usdm", 0, LISTED)

    def start(text: str, load: Callable[[], Config] | None = None) -> House:
        path.write_text(text.replace("EXCHANGE", str(port)))
        config = read()
        listings = ListingWatch(
            fetch=fetch,
            cache=ListingCache.of(config.venue, tmp_path),
            report=log_listing,
            newest=Listing("usdm", 0, LISTED),
        )
        daemon = Daemon(
            config,
            load=load or read,
            listings=listings,
            journal=journal,
            observers=[notes, LogObserver()],
            notifier=Notifier(None),
            drain_s=0,
        )
        nursery.start_soon(daemon.run)
        return House(daemon, path, notes, port)

    yield start
    nursery.cancel_scope.cancel()


async def test_a_new_rule_fires_and_one_that_is_gone_does_not(starting: Start):
    house = starting(config_of(UP))
    house.sees(99)
    outcome = await house.reloads(config_of(UP.replace("up", "over").replace("100", "100.5")))
    assert outcome.ok
    assert house.sees(99, 101, from_s=5) == ["over"]


async def test_the_outcome_says_what_is_new(starting: Start):
    house = starting(config_of(UP))
    outcome = await house.reloads(config_of(UP, UP.replace("up", "eth").replace("BTC", "ETH")))
    assert outcome == Reload(
        ok=True,
        summary="reloaded: rules: 1 new (eth); symbols: 1 begun (ETHUSDT); 2 rules on 2 symbols",
    )
    assert house.notes.outcomes == [outcome]
    assert house.daemon.status == "0 of 2 symbols streaming, 2 rules, 0 alerts"


async def test_a_pending_level_goes_on_although_its_text_changed(starting: Start):
    house = starting(config_of(HELD))
    house.sees(60)
    assert (await house.reloads(config_of(HELD.replace("for:", "title: new, for:")))).ok
    assert house.sees(60, from_s=9) == []
    assert house.sees(60, from_s=10) == ["held"]
    assert house.notes.alerts[0].rule.title == "new"


async def test_a_changed_condition_begins_anew_and_no_other_does(starting: Start):
    other = HELD.replace("held", "other")
    house = starting(config_of(HELD, other))
    house.sees(60)
    await house.reloads(config_of(HELD.replace("50", "51"), other))
    assert house.sees(60, from_s=10) == ["other"]
    assert house.sees(60, from_s=20) == ["other", "held"]


async def test_a_crossing_that_began_before_a_reload_is_seen(starting: Start):
    house = starting(config_of(UP))
    house.sees(99)
    await house.reloads(config_of(UP, HELD))
    assert house.sees(101, from_s=1) == ["up"]


async def test_a_mistake_changes_nothing(starting: Start):
    house = starting(config_of(UP))
    house.sees(99)
    outcome = await house.reloads(config_of(UP.replace("close", "colse"), HELD))
    assert not outcome.ok
    assert outcome.mistakes == (
        f"{house.path}:5:48: unknown metric `colse` (did you mean `close`?)",
    )
    assert house.sees(101, from_s=1) == ["up"]


async def test_a_mistake_is_in_the_status_until_a_reload_succeeds(starting: Start):
    house = starting(config_of(UP))
    await house.reloads("rules: {")
    assert house.daemon.status.startswith(
        f"reload refused for 1 mistake: what ran before goes on ({house.path}:2:1: "
        "a value is missing here), "
    )
    await house.reloads(config_of(UP))
    assert house.daemon.status == "0 of 1 symbols streaming, 1 rule, 0 alerts"


async def test_a_mistake_is_in_the_log_with_its_place(
    starting: Start, caplog: pytest.LogCaptureFixture
):
    house = starting(config_of(UP))
    await house.reloads(config_of(UP.replace("close", "colse")))
    logged = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert logged == [
        "reload refused for 1 mistake: what ran before goes on",
        f"{house.path}:5:48: unknown metric `colse` (did you mean `close`?)",
    ]


async def test_a_symbol_that_is_not_listed_is_a_mistake(starting: Start):
    house = starting(config_of(UP))
    outcome = await house.reloads(config_of(UP.replace("BTCUSDT", "BTCUSD")))
    assert outcome.mistakes == (
        f"{house.path}:5:32: unknown symbol `BTCUSD` (did you mean `BTCUSDT`?)",
    )


async def test_a_symbol_that_does_not_trade_is_only_a_note(
    starting: Start, caplog: pytest.LogCaptureFixture
):
    house = starting(config_of(UP))
    outcome = await house.reloads(config_of(UP.replace("BTCUSDT", "[BTCUSDT, SOLUSDT]")))
    assert outcome.ok
    (note,) = outcome.notes
    assert note.endswith("`SOLUSDT` is listed, but does not trade: its status is BREAK")
    assert note in caplog.messages


async def test_a_rule_that_has_expired_is_only_a_note(starting: Start):
    house = starting(config_of(UP))
    expired = UP.replace("up", "old").replace("when:", 'expires: "2020-01-01T00:00:00Z", when:')
    outcome = await house.reloads(config_of(UP, expired))
    assert outcome.ok
    (note,) = outcome.notes
    assert note == f"{house.path}:5:112: this time has passed: the rule never fires again"


async def test_another_market_is_refused(starting: Start):
    house = starting(config_of(UP))
    outcome = await house.reloads("market: coinm\n" + config_of(UP))
    assert outcome.mistakes == (
        f"{house.path}: `market` is usdm while alertd runs: restart it for another",
    )


async def test_what_waits_for_a_restart_is_said_each_time(starting: Start):
    house = starting(config_of(UP))
    moved = config_of(UP).replace(":EXCHANGE/", ":9/")
    expected = ("feed.url changes with the next restart",)
    assert (await house.reloads(moved)).notes == expected
    assert (await house.reloads(moved)).notes == expected
    assert (await house.reloads(config_of(UP))).notes == ()


async def test_the_feed_takes_its_new_patience_and_pace(starting: Start):
    house = starting(config_of(UP))
    text = config_of(UP).replace("feed: {", "feed: {stale_after: 20s, connect_rate: 10/s, ")
    await house.reloads(text)
    habits = house.daemon._watch._feed._habits
    assert (habits.stale_after_s, habits.pacer.interval_s) == (20, 0.1)


async def test_a_fault_of_our_own_in_reading_leaves_the_watch_as_it_is(
    starting: Start, caplog: pytest.LogCaptureFixture
):
    def load() -> Config:
        raise RuntimeError("s3cret")

    house = starting(config_of(UP), load)
    outcome = await house.daemon.reload()
    assert outcome.mistakes == (
        f"{house.path}: alertd's own fault (RuntimeError): please report it; the log has more",
    )
    assert "raise RuntimeError" in caplog.text
    assert "s3cret" not in caplog.text.replace('RuntimeError("s3cret")', "")
    house.sees(99)
    assert house.sees(101, from_s=1) == ["up"]


async def test_a_fault_of_our_own_in_making_rules_ready_leaves_the_watch_as_it_is(starting: Start):
    def load() -> Config:
        config = load_config(house.path, environment={})
        without_level = Comparison(METRICS["close"], Operator.ABOVE, None)
        return attrs.evolve(config, rules=(attrs.evolve(config.rules[0], when=without_level),))

    house = starting(config_of(UP), load)
    outcome = await house.daemon.reload()
    assert "alertd's own fault (AssertionError)" in outcome.mistakes[0]
    house.sees(99)
    assert house.sees(101, from_s=1) == ["up"]


async def test_a_file_that_vanishes_while_it_is_read_is_a_mistake(starting: Start):
    def load() -> Config:
        raise FileNotFoundError(2, "No such file or directory")

    outcome = await starting(config_of(UP), load).daemon.reload()
    assert outcome.mistakes[0].endswith("the files cannot be read: No such file or directory")


async def test_the_market_is_watched_while_a_reload_reads(starting: Start):
    reading, go_on = threading.Event(), threading.Event()

    def load() -> Config:
        reading.set()
        assert go_on.wait(20)
        return load_config(house.path, environment={})

    house = starting(config_of(UP), load)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(house.reloads, config_of(HELD))
        await trio.to_thread.run_sync(reading.wait)
        assert house.sees(99, 101) == ["up"]
        go_on.set()
    assert house.sees(99, 101, from_s=5) == ["up"]


async def test_a_stop_does_not_wait_for_a_reload_and_takes_nothing_over(starting: Start):
    reading, go_on = threading.Event(), threading.Event()

    def load() -> Config:
        reading.set()
        assert go_on.wait(20)
        return load_config(house.path, environment={})

    house = starting(config_of(UP), load)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(house.reloads, config_of(UP, HELD))
        await trio.to_thread.run_sync(reading.wait)
        house.daemon.stop()
        await trio.testing.wait_all_tasks_blocked()
        go_on.set()
    assert house.notes.outcomes == []
    assert house.daemon.status.endswith(" 1 rule, 0 alerts")


async def test_a_file_that_changes_is_read_once_it_has_settled(starting: Start, clock: MockClock):
    house = starting(config_of(UP) + "reload: auto\n")
    await house.daemon.ready.wait()
    await trio.testing.wait_all_tasks_blocked()
    house.writes("rules: {")
    await passes(clock, LOOK_EVERY_S)
    house.writes(config_of(HELD) + "reload: auto\n")
    for _ in range(2):
        assert house.notes.outcomes == []
        await passes(clock, SETTLED_S)
    (outcome,) = house.notes.outcomes
    assert outcome.ok
    assert "1 new (held)" in outcome.summary


async def test_files_are_left_alone_where_that_is_not_asked_for(starting: Start, clock: MockClock):
    house = starting(config_of(UP))
    await house.daemon.ready.wait()
    await trio.testing.wait_all_tasks_blocked()
    house.writes(config_of(HELD))
    for _ in range(5):
        await passes(clock, LOOK_EVERY_S)
    assert house.notes.outcomes == []


async def test_mistakes_in_a_watched_file_are_reported_once(starting: Start, clock: MockClock):
    house = starting(config_of(UP) + "reload: auto\n")
    await house.daemon.ready.wait()
    await trio.testing.wait_all_tasks_blocked()
    house.writes("rules: {")
    await passes(clock, LOOK_EVERY_S)
    await passes(clock, SETTLED_S)
    assert [outcome.ok for outcome in house.notes.outcomes] == [False]
    for _ in range(5):
        await passes(clock, LOOK_EVERY_S)
    assert len(house.notes.outcomes) == 1


async def passes(clock: MockClock, seconds: float) -> None:
    """Let time pass, and whatever is then to be done in threads be done."""
    clock.jump(seconds)
    await trio.testing.wait_all_tasks_blocked()
    while trio.to_thread.current_default_thread_limiter().borrowed_tokens:
        await trio.testing.wait_all_tasks_blocked(0.001)
