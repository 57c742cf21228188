"""A daemon that was blind for a while, or not there: what it tells people of that time.

Sockets are real, and time stands still but for the jumps that a test makes.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

import attrs
import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.market.feed.events import FeedEvent, Streaming
from alertd.market.kline_source import open_klines
from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from alertd.market.past.klines import Kline, parse_kline
from alertd.observers.gaps import GapEvent, GapsLookedInto
from alertd.observers.observer import Observer
from alertd.systemd import Notifier
from tests.delivery.receivers import HttpReceiver, http_receiver
from tests.processes import frame

CONFIG = """
feed: {{url: "ws://127.0.0.1:{exchange}/market", rest_url: "http://127.0.0.1:{rest}"}}
channels: {{desk: {{url: "{desk}", rate: 1000/s, digest_over: 1000}}}}
system: [desk]
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: [BTCUSDT, ETHUSDT], when: {{close: {{crosses_above: 105}}}}}}
      high: {{symbols: BTCUSDT, when: {{close: {{new_high: 5m}}}}}}
"""
MINUTE_MS = 60_000
BEGIN_MS = 1_700_000_000_000


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def one_wick(symbol: str, interval_ms: int, count: int) -> list[Kline]:
    """Minutes around 100, each with a moment at 102; in the sixth BTCUSDT was at 107."""
    end_ms = (BEGIN_MS + 13 * MINUTE_MS) // interval_ms * interval_ms
    return [
        parse_kline([str(time_ms), "100", high, "100", "100", "1", "1"])
        for time_ms in range(end_ms - count * interval_ms, end_ms, interval_ms)
        for high in ["107" if symbol == "BTCUSDT" and _is_sixth(time_ms) else "102"]
    ]


def _is_sixth(time_ms: int) -> bool:
    return time_ms <= BEGIN_MS + 6 * MINUTE_MS < time_ms + MINUTE_MS


class Noted(Observer):
    """Keeps who was seen, and whether gaps were looked into."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.found = 0

    def on_feed(self, event: FeedEvent) -> None:
        if isinstance(event, Streaming):
            self.seen.append(event.symbol)

    def on_gap(self, event: GapEvent) -> None:
        self.found += isinstance(event, GapsLookedInto)


@attrs.frozen
class Running:
    """A daemon under way on a local exchange."""

    daemon: Daemon
    exchange: LocalExchange
    noted: Noted
    clock: MockClock

    async def sees(self, second: int, close: float, *symbols: str) -> None:
        """Let symbols trade at a price, and be seen by the daemon."""
        count = self.daemon.tally.tickers + len(symbols)
        await self.exchange.subscribed_to(symbols)
        for symbol in symbols:
            await self.exchange.publish(symbol, frame(second, close, symbol=symbol))
        while self.daemon.tally.tickers < count:
            await trio.testing.wait_all_tasks_blocked(0.01)

    async def passes(self, seconds: float) -> None:
        await trio.testing.wait_all_tasks_blocked(0.02)
        self.clock.jump(seconds)
        await trio.testing.wait_all_tasks_blocked(0.02)

    async def looks_into_gaps(self) -> None:
        await self.passes(1)
        while not self.noted.found:
            await trio.testing.wait_all_tasks_blocked(0.01)

    async def tells(self, count: int) -> None:
        """Wait until so much was told in all: no deadline of a delivery passes with a jump."""
        while self.daemon.tally.delivered < count:
            await trio.testing.wait_all_tasks_blocked(0.01)


@asynccontextmanager
async def running(
    folder: Path, desk: HttpReceiver, clock: MockClock, *, klines: bool = True
) -> AsyncIterator[Running]:
    exchange, rest, noted = LocalExchange(), LocalRest((), klines=one_wick), Noted()
    async with trio.open_nursery() as nursery:
        ports = {
            "exchange": await nursery.start(exchange.serve),
            "rest": await nursery.start(rest.serve),
        }
        path = folder / "config.yaml"
        path.write_text(CONFIG.format(desk=desk.url(), **ports))
        config = load_config(path, environment={})
        with closing(JournalFile(folder / "alertd.db")) as journal:
            journal.open()
            daemon = Daemon(
                config,
                journal=journal,
                klines=partial(open_klines, config.venue) if klines else None,
                observers=[noted],
                notifier=Notifier(None),
            )
            async with trio.open_nursery() as life:
                life.start_soon(daemon.run)
                yield Running(daemon, exchange, noted, clock)
                daemon.stop()
        nursery.cancel_scope.cancel()


def words(desk: HttpReceiver) -> list[str]:
    """The titles and the texts without their last lines, number and time."""
    return [
        "\n".join([post.json["title"], *post.json["message"].splitlines()[:-1]])
        for post in desk.received.so_far()
    ]


async def outage(it: Running) -> None:
    """Let both symbols be lost for twelve minutes of the market, and for some of the mock_clock."""
    await it.sees(-300, 100, "BTCUSDT", "ETHUSDT")
    await it.sees(0, 100, "BTCUSDT", "ETHUSDT")
    it.exchange.cut_off()
    while it.daemon.streaming:
        await trio.testing.wait_all_tasks_blocked(0.01)
    await it.passes(60)
    await it.tells(1)
    await it.sees(720, 100, "BTCUSDT", "ETHUSDT")


async def test_that_the_feed_is_back_comes_with_what_was_touched_meanwhile(
    tmp_path: Path, mock_clock: MockClock
):
    with http_receiver() as desk:
        async with running(tmp_path, desk, mock_clock) as it:
            await outage(it)
            await it.looks_into_gaps()
            await it.sees(722, 106.5, "ETHUSDT")
            await it.tells(2)
            await it.passes(60)
            await it.tells(3)
    lost, up, back = words(desk)
    assert lost.startswith("alertd: no data for 2 symbols")
    assert up.startswith("ETHUSDT close crossed above 105")
    assert back.startswith("alertd: data is back\n")
    assert back.endswith(
        ": seen again after 1m. Touched meanwhile, and not alerted:\n"
        "BTCUSDT 105 (up): high 107 at 22:19 UTC"
    )


@pytest.mark.parametrize(("klines", "told"), [(True, 0), (False, 1)])
async def test_a_new_high_after_an_outage_is_one_over_what_klines_know(
    *, klines: bool, told: int, tmp_path: Path, mock_clock: MockClock
):
    with http_receiver() as desk:
        async with running(tmp_path, desk, mock_clock, klines=klines) as it:
            await outage(it)
            if klines:
                await it.looks_into_gaps()
            await it.sees(722, 100, "BTCUSDT")
            await it.sees(724, 101, "BTCUSDT")
            assert it.daemon.tally.alerts == told


async def test_without_klines_it_is_told_that_nobody_knows(tmp_path: Path, mock_clock: MockClock):
    with http_receiver() as desk:
        async with running(tmp_path, desk, mock_clock, klines=False) as it:
            await outage(it)
            await it.passes(60)
            await it.tells(2)
    _, back = words(desk)
    assert back.endswith(": seen again after 1m. What happened meanwhile was not seen.")


async def test_what_was_touched_while_no_daemon_was_there_is_told_after_its_start(
    tmp_path: Path, mock_clock: MockClock
):
    with http_receiver() as desk:
        async with running(tmp_path, desk, mock_clock) as it:
            await it.sees(0, 100, "BTCUSDT", "ETHUSDT")
        async with running(tmp_path, desk, mock_clock) as it:
            await it.sees(720, 100, "BTCUSDT", "ETHUSDT")
            await it.looks_into_gaps()
            await it.passes(15)
            await it.tells(1)
    (only,) = words(desk)
    assert only == (
        "alertd: 1 level touched while nobody watched\n"
        "Nothing was seen for up to 12m. Touched meanwhile, and not alerted:\n"
        "BTCUSDT 105 (up): high 107 at 22:19 UTC"
    )


async def test_what_the_first_ticker_tells_by_itself_is_told_once(
    tmp_path: Path, mock_clock: MockClock
):
    with http_receiver() as desk:
        async with running(tmp_path, desk, mock_clock) as it:
            await it.sees(0, 100, "BTCUSDT")
        async with running(tmp_path, desk, mock_clock) as it:
            await it.sees(720, 106, "BTCUSDT")
            await it.looks_into_gaps()
            await it.tells(2)
            await it.passes(60)
    assert [it.splitlines()[0] for it in words(desk)] == [
        "BTCUSDT close crossed above 105",
        "BTCUSDT new 5m high 106",
    ]
