"""The reading side of the feed's benchmark: alertd's feed, and what else can read the same bytes.

A process reads with one of them and imports no other, so that its memory is its own:

    python -m benchmarks.readers feed

It reads a line of JSON from its standard input (`Job`), and prints one after each burst of
tickers: the microseconds of CPU that it spent on one, and the MiB that it has resident.
"""

import json
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path

import attrs


@attrs.frozen
class Job:
    """What to read: `urls` for those who know no symbols, `base` and `symbols` for the feed."""

    urls: list[str]
    base: str
    symbols: list[str]
    shape: str
    authority: str | None  # the file of the CA's certificate, for `wss://`
    burst: int

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return one context for all connections, as each of these libraries would have it."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else None


class Meter:
    """Counts tickers, and reports after each burst what one of them cost.

    The time between two bursts is not counted: it begins with a burst's first ticker.
    """

    def __init__(self, burst: int) -> None:
        self._burst = burst
        self._seen = 0
        self._began_s = 0.0

    def tick(self, _ticker: object = None) -> None:
        """Take note of a ticker."""
        self._seen += 1
        if self._seen == 1:
            self._began_s = time.process_time()
        elif self._seen == self._burst:
            spent_s = time.process_time() - self._began_s
            self._seen = 0
            print(json.dumps([spent_s / (self._burst - 1) * 1e6, resident_mib()]), flush=True)


def resident_mib(process: int | str = "self") -> float:
    """Return how much memory a process has resident, in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def read_by_feed(job: Job, meter: Meter) -> None:
    """Read as the daemon does, with a callback that does nothing but count."""
    import trio

    from alertd.market.feed.feed import Feed, FeedSettings, Shape
    from alertd.market.feed.websocket import Route
    from alertd.market.venue import USDM

    settings = FeedSettings(
        shape=Shape(job.shape),
        connect_burst=len(job.symbols),
        route=Route(connect_timeout_s=60.0, ssl_context=job.ssl_context()),
    )
    venue = attrs.evolve(USDM, stream_url=job.base)
    feed = Feed(venue, settings, on_ticker=meter.tick, report=lambda _event: None)
    trio.run(feed.run, job.symbols)


def read_by_trio_websocket(job: Job, meter: Meter) -> None:
    """Take the text of each frame, and do nothing with it."""
    _read_by_trio_websocket(job, meter.tick)


def read_and_decode(job: Job, meter: Meter) -> None:
    """Decode each frame: what the plainest loop of anybody's own would do."""
    from alertd.market.ticker import decode_combined, decode_ticker

    decode = decode_combined if job.shape == "shared" else decode_ticker
    _read_by_trio_websocket(job, lambda text: meter.tick(decode(text)))


def _read_by_trio_websocket(job: Job, on_text: Callable[[str | bytes], None]) -> None:
    import trio
    from trio_websocket import open_websocket_url

    context = job.ssl_context()

    async def read(url: str) -> None:
        async with open_websocket_url(url, context) as connection:
            while True:
                on_text(await connection.get_message())

    async def read_all() -> None:
        async with trio.open_nursery() as nursery:
            for url in job.urls:
                nursery.start_soon(read, url)

    trio.run(read_all)


def read_by_websockets(job: Job, meter: Meter) -> None:
    """Take the text of each frame, and do nothing with it."""
    import asyncio

    from websockets.asyncio.client import connect

    context = job.ssl_context()

    async def read(url: str) -> None:
        connecting = connect(url, ssl=context, compression=None, open_timeout=60)
        async with connecting as connection:
            while True:
                await connection.recv()
                meter.tick()

    async def read_all() -> None:
        async with asyncio.TaskGroup() as tasks:
            for url in job.urls:
                tasks.create_task(read(url))

    asyncio.run(read_all())


def read_by_aiohttp(job: Job, meter: Meter) -> None:
    """Take the text of each frame, and do nothing with it."""
    import asyncio

    from aiohttp import ClientSession, TCPConnector

    async def read(session: ClientSession, url: str) -> None:
        async with session.ws_connect(url) as connection:
            while True:
                await connection.receive_str()
                meter.tick()

    async def read_all() -> None:
        connector = TCPConnector(limit=0, ssl=job.ssl_context() or True)
        async with ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
            for url in job.urls:
                tasks.create_task(read(session, url))

    asyncio.run(read_all())


READERS: dict[str, Callable[[Job, Meter], None]] = {
    "trio-websocket": read_by_trio_websocket,
    "decoding": read_and_decode,
    "feed": read_by_feed,
    "websockets": read_by_websockets,
    "aiohttp": read_by_aiohttp,
}

if __name__ == "__main__":
    given = Job(**json.loads(sys.stdin.readline()))
    READERS[sys.argv[1]](given, Meter(given.burst))
