"""What pictures cost: the prices that they are made of, and the time that an alert waits for one.

    python -m benchmarks.alert_pictures

- prices: of the whole market's last six hours, a tick, a byte, and a day in the journal.
- way: from a ticker to the POST of its alert, with and without a picture, turn by turn.

All processes share the machine's cores: read the ratios. It takes half a minute.
"""

import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import trio

from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.daemon import Daemon
from alertd.engine.prices import SLOT_MS, Prices
from alertd.engine.recent import Recent
from alertd.journal.file import JournalFile
from alertd.market.ticker import Ticker
from alertd.systemd import Notifier
from benchmarks.delivery.figures import head, p50_p99, row

_SYMBOLS = [f"S{number}USDT" for number in range(573)]
_SPAN_MS = 6 * 60 * SLOT_MS
_START_MS = 1_746_700_000_000 // SLOT_MS * SLOT_MS
# As the futures' streams push.
_EVERY_MS = 2_000
_ALERTS = 40

_CONFIG = """
feed: {{url: "ws://127.0.0.1:9/market"}}
channels:
  desk: {{url: "{url}", rate: 1000/s, digest_over: 1000, chart: {chart}}}
defaults: {{notify: desk}}
rules: [{{rules: {{up: {{symbols: S0USDT, when: {{close: {{crosses_every: 1}}}}}}}}}}]
"""


def main() -> None:
    """Measure all of it and print it."""
    _prices()
    for chart in ("false", "true"):
        trio.run(_way, chart)


def _prices() -> None:
    tickers = [_ticker(symbol, at, 100 + at % 7) for at in range(150) for symbol in _SYMBOLS]
    spans = dict.fromkeys(_SYMBOLS, _SPAN_MS)
    tracemalloc.start()
    prices = Prices()
    prices.watch(spans)
    mebibytes = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    recent, none = Recent(), Prices()
    recent.watch(spans)
    head("Prices of 573 symbols, 6 hours", "ns a tick", "MiB")
    row("not wanted", f"{_nanoseconds(none, tickers):.0f}", "0.0")
    row("kept in memory", f"{_nanoseconds(prices, tickers):.0f}", f"{mebibytes:.1f}")
    row("sampled for the journal", f"{_nanoseconds(recent, tickers):.0f}", "")
    hours = len(tickers) / len(_SYMBOLS) * _EVERY_MS / 3_600_000
    written = sum(len(it.tickers) for it in recent.finished()) / hours
    row("in the journal", "", f"{written * 6 / 2**20:.1f}")
    row("written to it, a day", "", f"{written * 24 / 2**20:.0f}")
    began_s = time.perf_counter()
    for symbol in _SYMBOLS:
        prices.path(symbol, _SPAN_MS)
    each_us = (time.perf_counter() - began_s) / len(_SYMBOLS) * 1e6
    row("a path of 5 minutes, µs", f"{each_us:.0f}", "")


def _nanoseconds(taker: Prices | Recent, tickers: list[Ticker]) -> float:
    began_s = time.process_time()
    for ticker in tickers:
        taker.take(ticker)
    return (time.process_time() - began_s) / len(tickers) * 1e9


def _ticker(symbol: str, at: int, close: float) -> Ticker:
    # Real numbers have digits, by which they compress no better than they do.
    close += (hash((symbol, at)) % 10_000) / 10_000
    time_ms = _START_MS + at * _EVERY_MS
    return Ticker(symbol, time_ms, close, close, close, close, 1e6 * close, 1e8 * close)


async def _way(chart: str) -> None:
    arrived_s: SimpleQueue[float] = SimpleQueue()
    with TemporaryDirectory() as folder, _receiver(arrived_s) as url:
        config = _configured(Path(folder, "config.yaml"), url, chart)
        with closing(JournalFile(Path(folder, "alertd.db"))) as journal:
            journal.open()
            daemon = Daemon(config, journal=journal, notifier=Notifier(None), drain_s=0)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(daemon.run)
                await daemon.ready.wait()
                for minute in range(360):
                    daemon.take(_at(minute, 0.2 + (minute % 9) / 100))
                waits = [await _one(daemon, number, arrived_s) for number in range(_ALERTS)]
                daemon.stop()
    # The first one imports what it needs.
    head(f"A ticker -> the POST of its alert, chart: {chart}", "first", "p50", "p99", "most")
    row("ms", f"{waits[0] * 1e3:.1f}", p50_p99(waits[1:]))


def _at(minute: int, close: float) -> Ticker:
    time_ms = _START_MS + minute * SLOT_MS
    return Ticker("S0USDT", time_ms, close, close, close, close, 1.0, 1.0)


def _configured(path: Path, url: str, chart: str) -> Config:
    path.write_text(_CONFIG.format(url=url, chart=chart))
    return load_config(path, environment={})


async def _one(daemon: Daemon, number: int, arrived_s: SimpleQueue[float]) -> float:
    await trio.sleep(0.05)
    began_s = time.perf_counter()
    daemon.take(_at(360 + number, 1.5 + number))
    return await trio.to_thread.run_sync(arrived_s.get) - began_s


@contextmanager
def _receiver(arrived_s: SimpleQueue[float]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            arrived_s.put(time.perf_counter())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"json://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


if __name__ == "__main__":
    main()
