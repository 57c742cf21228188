"""What a recording takes: bytes a ticker, and what it costs to write and to read one.

    python -m benchmarks.recording [--quick]

The market is generated: every symbol ticks every two seconds, trades in seven of ten of them, and has prices
and volumes with as many digits as the exchange's have. Medians of three runs.
"""

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import attrs

from alertd.config.model import Record
from alertd.market.past.recorded.form import lines_of
from alertd.market.past.recorded.reel import recording_reel
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.ticker import Ticker
from alertd.recorder import EVERY_S, MOST_WAITING, Recorder

START_S = 1_795_363_200
TICK_S = 2
TICKS_A_DAY = 86_400 // TICK_S
RUNS = 3
HEAD = (
    "| symbols | JSON, bytes | recorded, bytes | MB a day | shown, µs | written, µs | read, µs | a half, µs |\n"
    "|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@attrs.define
class Symbol:
    """A symbol that trades at random: its price and its 24 hours, and how finely they are told."""

    name: str
    price: float
    opened: float
    volume: float
    digits: int
    volume_digits: int
    newest: tuple[float, ...] = ()

    @classmethod
    def drawn(cls, number: int, chance: random.Random) -> "Symbol":
        """Return one between a hundredth of a cent and 80,000 dollars, told to five digits."""
        price = 10 ** chance.uniform(-4, 4.9)
        return cls(
            name=f"S{number:03}USDT",
            price=price,
            opened=price * chance.uniform(0.95, 1.05),
            volume=10 ** chance.uniform(7, 9.5) / price,
            digits=4 - math.floor(math.log10(price)),
            volume_digits=chance.randint(0, 3),
        )

    def ticker(self, time_ms: int, chance: random.Random) -> Ticker:
        """Return its next ticker."""
        if not self.newest or chance.random() < 0.7:
            self._trade(chance)
        close, opened, high, low, volume, quote_volume = self.newest
        return Ticker(self.name, time_ms, close, opened, high, low, volume, quote_volume)

    def _trade(self, chance: random.Random) -> None:
        self.price *= 1 + chance.gauss(0, 0.0003)
        self.opened *= 1 + chance.gauss(0, 0.0003)
        a_tick = self.volume / TICKS_A_DAY
        self.volume += chance.expovariate(1 / a_tick) - chance.expovariate(1 / a_tick)
        close, opened = round(self.price, self.digits), round(self.opened, self.digits)
        _, _, high, low, _, _ = self.newest or (0, 0, close * 1.05, close * 0.95, 0, 0)
        quote_volume = self.volume * self.price * (1 + chance.gauss(0, 1e-6))
        self.newest = (
            close,
            opened,
            round(max(high, close, opened), self.digits),
            round(min(low, close, opened), self.digits),
            round(self.volume, self.volume_digits),
            round(quote_volume, 2 if self.price > 1 else 4),
        )


def market(symbols: int) -> Iterator[Ticker]:
    """Yield the tickers of so many symbols for ever, each at its own moment of the two seconds."""
    chance = random.Random(1)
    drawn = [Symbol.drawn(number, chance) for number in range(symbols)]
    now_ms = START_S * 1000
    while True:
        for number, symbol in enumerate(drawn):
            yield symbol.ticker(now_ms + number * 1000 * TICK_S // symbols, chance)
        now_ms += 1000 * TICK_S


def main() -> None:
    """Print a line for a dozen symbols, and one for the whole market."""
    parser = argparse.ArgumentParser(description="What a recording takes.")
    parser.add_argument("--quick", action="store_true", help="a fifth as many tickers")
    count = 60_000 if parser.parse_args().quick else 300_000
    print(HEAD)
    for symbols in (12, 573):
        with tempfile.TemporaryDirectory() as folder:
            print(row(symbols, list(islice(market(symbols), count)), Path(folder)), flush=True)


def row(symbols: int, tickers: Sequence[Ticker], folder: Path) -> str:
    """Return what so many symbols take."""
    plain = len(lines_of(tickers)) / len(tickers)
    shown = [microseconds(lambda: show(tickers, folder), tickers) for _ in range(RUNS)]
    a_flush = round(symbols * EVERY_S / TICK_S)
    written = [
        microseconds(lambda: write(tickers, a_flush, folder / str(run)), tickers)  # noqa: B023 - at once
        for run in range(RUNS)
    ]
    reel = recording_reel(list((folder / "0").iterdir()))
    read = [microseconds(lambda: [*reel.tickers()], tickers) for _ in range(RUNS)]
    half = [microseconds(lambda: [*reel.parts(2)[0].tickers()], tickers) for _ in range(RUNS)]
    each = reel.size / len(tickers)
    a_day = each * symbols * TICKS_A_DAY / 1e6
    times = " | ".join(f"{statistics.median(it):.2f}" for it in (shown, written, read, half))
    return f"| {symbols} | {plain:.0f} | {each:.1f} | {a_day:.0f} | {times} |"


def show(tickers: Sequence[Ticker], folder: Path) -> None:
    """Show them to a recorder, which writes nothing yet."""
    for start in range(0, len(tickers), MOST_WAITING):
        recorder = Recorder(Record(folder), print)
        for ticker in tickers[start : start + MOST_WAITING]:
            recorder.on_ticker(ticker)


def write(tickers: Sequence[Ticker], a_flush: int, folder: Path) -> None:
    """Write them as a recorder does, so many at once."""
    writer = RecordingWriter(folder)
    for number, start in enumerate(range(0, len(tickers), a_flush)):
        writer.write(tickers[start : start + a_flush], START_S + round(number * EVERY_S))
    writer.end()


def microseconds(work: Callable[[], object], tickers: Sequence[Ticker]) -> float:
    """Return the processor's time that it takes, a ticker."""
    began_s = time.process_time()
    work()
    return (time.process_time() - began_s) / len(tickers) * 1e6


if __name__ == "__main__":
    main()
