"""What a tick costs, from the socket to the decision; what the daemon weighs; how fast it starts.

    python -m benchmarks.tick

A second process sends mini tickers over one websocket as fast as they are taken. This one reads
them: barely (the floor that trio-websocket sets), through the feed, and through the feed
into the engine with 1, 100 and 10,000 rules that do not fire. Figures are CPU time of this
process alone. Read the ratios; the absolute figures are those of the machine.
"""

import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import attrs
import trio
from trio_websocket import WebSocketRequest, serve_websocket

from alertd.engine.condition import Comparison
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rule import Rule
from alertd.market.feed.feed import Feed, FeedSettings
from alertd.market.feed.websocket import Route, open_websocket
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from benchmarks.readers import resident_mib

Reader = Callable[[str, int], Awaitable[None]]

SYMBOL = "BTCUSDT"
ROUNDS = 3


def frame(number: int) -> str:
    """Return the `number`th ticker: its price walks a little, its time rises."""
    close = 100_000 + number % 97
    return (
        f'{{"e":"24hrMiniTicker","E":{1_700_000_000_000 + 2000 * number},"s":"{SYMBOL}",'
        f'"c":"{close}.10","o":"99000.00","h":"101000.00","l":"98000.00",'
        f'"v":"12345.678","q":"1234567890.12"}}'
    )


# The sending process.


async def _send(tickers: int, request: WebSocketRequest) -> None:
    connection = await request.accept()
    for number in range(tickers):
        await connection.send_message(frame(number))
    await trio.sleep_forever()


async def _serve(tickers: int, port_to: Connection) -> None:
    async with trio.open_nursery() as nursery:
        serve = partial(serve_websocket, partial(_send, tickers), "127.0.0.1", 0, None)
        server = await nursery.start(serve)
        port_to.send(server.port)


def _sender(tickers: int, port_to: Connection) -> None:
    trio.run(_serve, tickers, port_to)


# The reading process: each reader takes an address and a number of tickers.


async def read_barely(url: str, tickers: int) -> None:
    """Take the frames from trio-websocket, and do nothing with them."""
    async with open_websocket(f"{url}/ws/{SYMBOL.lower()}@miniTicker", Route()) as connection:
        for _ in range(tickers):
            await connection.get_message()


async def read_through(on_ticker: Callable[[Ticker], object], url: str, tickers: int) -> None:
    """Take the tickers from the feed, and hand each on."""
    seen = 0

    def count(ticker: Ticker) -> None:
        nonlocal seen
        on_ticker(ticker)
        seen += 1
        if seen == tickers:
            scope.cancel()

    feed = Feed(
        attrs.evolve(USDM, stream_url=url),
        FeedSettings(),
        on_ticker=count,
        report=lambda _event: None,
    )
    with trio.CancelScope() as scope:
        await feed.run([SYMBOL])


def engine_with(count: int) -> Engine:
    """Return an engine with `count` rules on the symbol, of all level operators, none firing."""
    tests = [("close", Operator.ABOVE, 200_000.0), ("close", Operator.BELOW, 50_000.0)]
    tests += [
        ("range_percent", Operator.AT_LEAST, 30.0),
        ("change_percent", Operator.AT_MOST, -9.0),
    ]
    tests += [("close", Operator.CROSSES_ABOVE, 150_000.0), ("volume", Operator.ABOVE, 1e6)]
    rules = []
    for number in range(count):
        metric, operator, level = tests[number % len(tests)]
        apart = Comparison(METRICS[metric], operator, level * (1 + number / 1e6))
        rules.append(Rule(name=f"rule-{number}", symbols=(SYMBOL,), when=apart))
    return Engine({SYMBOL: rules})


def microseconds_a_tick(read: Reader, tickers: int) -> float:
    """Return the CPU time that this process spends on a tick."""
    here, there = multiprocessing.Pipe()
    sender = multiprocessing.get_context("spawn").Process(target=_sender, args=(tickers, there))
    sender.start()
    url = f"ws://127.0.0.1:{here.recv()}/market"
    start = time.process_time()
    trio.run(read, url, tickers)
    spent = time.process_time() - start
    sender.kill()
    sender.join()
    return spent / tickers * 1e6


# The daemon as a whole.

CONFIG = """
feed: {{url: "ws://127.0.0.1:9/market", rest_url: "http://127.0.0.1:9"}}
channels: {{desk: "json://127.0.0.1:9"}}
defaults: {{notify: desk}}
rules:
  - rules:
      six-figures: {{symbols: {symbols}, when: {{close: {{crosses_above: 100000}}}}}}
"""


def start_daemon(symbols: int) -> tuple[float, float]:
    """Start the daemon until it says that it is ready; return seconds, and MiB resident then."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        config = Path(folder, "config.yaml")
        names = [f"S{number}USDT" for number in range(symbols)]
        config.write_text(CONFIG.format(symbols=names))
        manager.bind(str(Path(folder, "notify")))
        manager.settimeout(20)
        start = time.perf_counter()
        daemon = subprocess.Popen(
            [sys.executable, "-m", "alertd", "run", "--config", str(config)],
            env=os.environ | {"NOTIFY_SOCKET": str(Path(folder, "notify"))},
            stderr=subprocess.DEVNULL,
        )
        try:
            assert manager.recv(1000).startswith(b"READY=1")
            seconds = time.perf_counter() - start
            return seconds, resident_mib(daemon.pid)
        finally:
            daemon.terminate()
            daemon.wait()


def main() -> None:
    """Measure everything and print it."""
    readers: list[tuple[str, Reader, int]] = [
        ("trio-websocket alone", read_barely, 20_000),
        ("... and the feed", partial(read_through, lambda _ticker: None), 20_000),
    ]
    for rules, tickers in ((1, 20_000), (100, 10_000), (10_000, 300)):
        update = engine_with(rules).update
        readers.append((f"... and {rules:,} rules", partial(read_through, update), tickers))
    print(f"{'CPU from the socket to the decision':38}{'µs a tick':>10}{'ratio':>8}")
    # In turn, because what disturbs the machine for a while should disturb them all.
    rounds = [
        [microseconds_a_tick(read, tickers) for _, read, tickers in readers] for _ in range(ROUNDS)
    ]
    costs = [median(figures) for figures in zip(*rounds, strict=True)]
    for (name, _, _), cost in zip(readers, costs, strict=True):
        print(f"{name:38}{cost:10.1f}{cost / costs[0]:8.2f}")
    print(f"\n{'The daemon until it is ready':38}{'seconds':>10}{'MiB':>8}")
    for symbols in (1, 100):
        starts = [start_daemon(symbols) for _ in range(ROUNDS)]
        seconds, mebibytes = (median(column) for column in zip(*starts, strict=True))
        print(f"{f'{symbols} symbols':38}{seconds:10.2f}{mebibytes:8.0f}")


if __name__ == "__main__":
    main()
