"""The whole market for hours, on an exchange that fails at random: what is lost, and what it costs.

    python -m tests.market.feed.soak > docs/feed-soak.md

The sockets are real, the clock is virtual, the faults are drawn from a seed.
"""

import json
import os
import random
from collections import deque
from functools import partial
from pathlib import Path

import attrs
import trio
from trio.testing import MockClock

from alertd.market.feed.events import Disconnected, FeedEvent, Renewed
from alertd.market.feed.feed import Feed, FeedSettings, Shape
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.observers.tally import Tally
from tests.market.feed.broadcaster import (
    Broadcaster,
    Treatment,
    keeps_deaf,
    rejects,
    takes,
    welcomes,
)

LISTING = Path(__file__).parents[4] / "shared" / "data" / "um_symbols_20260806.json"
COUNT = 573
# What is done to connections, and how often of a hundred: most are let in.
_OPENINGS: list[tuple[Treatment, int]] = [
    (welcomes, 85),
    (rejects, 5),
    (keeps_deaf, 5),
    (takes(8), 5),
]
# Longer than it takes to give up a connection that is silent, and to be back.
_CALM_S = 150.0


def symbols() -> list[str]:
    """Return as many symbols as the exchange traded in August 2026: its own where they are known."""
    if LISTING.is_file():
        coins = json.loads(LISTING.read_text(encoding="utf-8"))["coins"]
        return [name for name, coin in coins.items() if coin["status"] == "TRADING"]
    others = ["币安人生USDT", "我踏马来了USDT", "龙虾USDT"]
    return others + [f"S{number}USDT" for number in range(COUNT - len(others))]


@attrs.define
class Ledger:
    """What was sent and not seen yet. Each ticker must be seen once, and in order."""

    due: dict[str, deque[int]]
    sent: int = 0
    seen: int = 0
    disconnections: int = 0
    renewals: int = 0
    tally: Tally = attrs.field(factory=Tally)

    def on_sent(self, symbol: str, time_ms: int) -> None:
        self.sent += 1
        self.due[symbol].append(time_ms)

    def on_ticker(self, ticker: Ticker) -> None:
        self.seen += 1
        due = self.due[ticker.symbol]
        assert due, f"a ticker of {ticker.symbol} was not sent, or was seen before"
        assert due.popleft() == ticker.time_ms, f"a ticker of {ticker.symbol} was lost"

    def report(self, event: FeedEvent) -> None:
        self.tally.on_feed(event)
        self.disconnections += isinstance(event, Disconnected)
        self.renewals += isinstance(event, Renewed)

    @property
    def unseen(self) -> int:
        return sum(map(len, self.due.values()))


@attrs.define
class Soak:
    """A market, its exchange, a feed, and the faults between them.

    `beat_s` is the time between a symbol's tickers, `trouble_s` the mean time between faults.
    """

    shape: Shape
    beat_s: float
    trouble_s: float
    seed: int = 1
    names: list[str] = attrs.field(factory=symbols)
    ledger: Ledger = attrs.field(init=False)
    exchange: Broadcaster = attrs.field(init=False)
    beats: int = 0
    _random: random.Random = attrs.field(init=False)
    _market: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    def __attrs_post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a draw that can be repeated
        self.ledger = Ledger({name: deque() for name in self.names})
        self.exchange = Broadcaster(on_sent=self.ledger.on_sent)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Run until cancelled. Starts once all symbols were seen; the faults begin then."""
        settings = FeedSettings(
            shape=self.shape,
            connect_interval_s=0.02,
            draw=self._random.random,
        )
        async with trio.open_nursery() as nursery:
            url = await nursery.start(self.exchange.serve)
            venue = attrs.evolve(USDM, stream_url=url)
            feed = Feed(venue, settings, on_ticker=self.ledger.on_ticker, report=self.ledger.report)
            nursery.start_soon(feed.run, self.names)
            nursery.start_soon(self._trade)
            while len(self.ledger.tally.streaming) < len(self.names):  # noqa: ASYNC110 - at the end of a beat
                await trio.sleep(self.beat_s)
            task_status.started()

    async def trouble(self) -> None:
        """Let the exchange fail at random, for ever."""
        kinds = [self._cut, self._silence, self._garbage, self._repeat, self._farewell]
        treatments, weights = zip(*_OPENINGS, strict=True)
        while True:
            await trio.sleep(self._random.expovariate(1 / self.trouble_s))
            self.exchange.treatments[:] = self._random.choices(treatments, weights, k=20)
            if self.exchange.clients:
                await self._random.choice(kinds)()

    async def calm(self) -> None:
        """Let the exchange be well until everything should be as it was, and then close it."""
        self.exchange.treatments.clear()
        await trio.sleep(_CALM_S + self.beat_s / 2)  # between two beats
        self._market.cancel()
        await trio.sleep(1)

    async def _trade(self) -> None:
        with self._market:
            while True:
                self.beats += 1
                await self.exchange.send(self.names)
                await trio.sleep(self.beat_s)

    async def _cut(self) -> None:
        self.exchange.cut(self._random.choice(self.exchange.clients))
        await trio.lowlevel.checkpoint()

    async def _silence(self) -> None:
        self._random.choice(self.exchange.clients).is_left_silent = True
        await trio.lowlevel.checkpoint()

    async def _garbage(self) -> None:
        client = self._random.choice(self.exchange.clients)
        garbage = self._random.randbytes(50).hex()
        await self.exchange.send_on(client, garbage, garbage)

    async def _repeat(self) -> None:
        await self.exchange.send_on(
            self._random.choice(self.exchange.clients), "BTCUSDT", '{"e":"24hrMiniTicker","E":1}'
        )

    async def _farewell(self) -> None:
        client = self._random.choice(self.exchange.clients)
        await self.exchange.send_on(client, "", '{"e":"serverShutdown","E":1}')


def resident_mib() -> float:
    """Return the memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


_HOURS, _BEAT_S, _TROUBLE_S = 10, 2.0, 60.0

_HEAD = f"""\
# Ten hours on an exchange that fails at random

Made by `python -m tests.market.feed.soak`: {_HOURS} simulated hours of the whole market ({COUNT} symbols), over shared
connections of 200 symbols; real sockets, virtual clock. Every {_TROUBLE_S:.0f} s on average a connection is cut, falls silent with its
pings answered, gets garbage or a farewell; of those that are opened 5 % are refused, 5 % stay deaf, 5 % take 8 s. A symbol
has a ticker every {_BEAT_S:.0f} s, as on the exchange; it takes a quarter of an hour or more. "Sent" went out on at least one connection; "unsent" had none to go out on: the gaps. The run ends
with an error where a ticker that was sent is not seen exactly once and in order. Memory is that of both ends.

| hour | sent | seen | unsent | connections lost | taken over | opened | tasks | MiB |
|---|---|---|---|---|---|---|---|---|
"""


async def _hours() -> None:
    soak = Soak(Shape.SHARED, beat_s=_BEAT_S, trouble_s=_TROUBLE_S)
    print(_HEAD, end="", flush=True)  # noqa: T201 - what it is for
    async with trio.open_nursery() as nursery:
        await nursery.start(soak.run)
        nursery.start_soon(soak.trouble)
        await trio.sleep(_BEAT_S / 2)  # between two beats nothing is under way
        for hour in range(1, _HOURS + 1):
            before = _figures(soak)
            await trio.sleep(3600)
            print(_row(hour, before, _figures(soak)), flush=True)  # noqa: T201
        nursery.cancel_scope.cancel()


def _figures(soak: Soak) -> tuple[int, ...]:
    ledger = soak.ledger
    unsent = soak.beats * len(soak.names) - ledger.sent
    counts = (ledger.sent, ledger.seen, unsent, ledger.disconnections, ledger.renewals)
    return (*counts, len(soak.exchange.attempts))


def _row(hour: int, before: tuple[int, ...], after: tuple[int, ...]) -> str:
    counts = [later - earlier for earlier, later in zip(before, after, strict=True)]
    tasks = trio.lowlevel.current_statistics().tasks_living
    return f"| {hour} | {' | '.join(map(str, counts))} | {tasks} | {resident_mib():.0f} |"


def main() -> None:
    """Print the page."""
    trio.run(partial(_hours), clock=MockClock(autojump_threshold=0.002))


if __name__ == "__main__":
    main()
