"""What the feed costs beside bare trio-websocket, `websockets` and aiohttp, reading the same bytes.

    python -m benchmarks.feed [--quick]

Each reader is a process of its own with a sender of its own; all of a load's pairs stay connected
and get a burst of tickers in turn, some rounds long. Figures are CPU time of the reader alone:
medians over the rounds, and for the ratios medians of each round's ratio to bare trio-websocket,
so that what disturbs the machine for a while disturbs both sides. "decoding" is trio-websocket and
the decoder, nothing else; the other libraries take the text of a frame and drop it. It takes less than four minutes, a quick one less than
one, and prints the tables of docs/performance.md.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import attrs
import trustme

from benchmarks.pair import Certificates, Cost, Load, open_pair

FLOOR = "trio-websocket"
READERS = (FLOOR, "decoding", "feed", "websockets", "aiohttp")
SHAPES = ("per-symbol", "shared")

TICKS_A_SECOND = 4000.0
# The whole market: the symbols that traded in August 2026, each with a ticker every two seconds.
MARKET = 573
MARKET_A_SECOND = MARKET / 2.0


@attrs.frozen
class Bursts:
    """So many rounds of bursts of so many ticks, at each of the paces (None: all at once)."""

    ticks: int
    paces: tuple[float | None, ...]
    rounds: int


@attrs.frozen
class Effort:
    """How long to measure: what bursts of each of the loads, and of the whole market."""

    loads: tuple[Load, ...]
    bursts: Bursts
    market: Bursts


def _loads(*symbols: int) -> tuple[Load, ...]:
    everything = (Load(*load) for load in product(symbols, SHAPES, (False, True)))
    return tuple(load for load in everything if load.symbols > 1 or load.shape == "per-symbol")


PACES = (TICKS_A_SECOND,)
MARKET_PACES = (MARKET_A_SECOND, None)
THOROUGH = Effort(_loads(1, 50, 500), Bursts(500, PACES, 20), Bursts(MARKET, MARKET_PACES, 5))
QUICK = Effort(_loads(1, 500), Bursts(500, PACES, 4), Bursts(MARKET, MARKET_PACES, 1))


@attrs.frozen
class Rounds:
    """What a load cost each reader, round by round."""

    costs: dict[str, list[Cost]]

    def microseconds(self, reader: str) -> float:
        """Return the CPU time of a tick."""
        return median(cost.microseconds for cost in self.costs[reader])

    def mebibytes(self, reader: str) -> float:
        """Return the resident memory after the last round."""
        return self.costs[reader][-1].mebibytes

    def ratio(self, reader: str) -> float:
        """Return the CPU time of a tick over that of bare trio-websocket."""
        return median(self._ratios(reader))

    def spread(self, reader: str) -> str:
        """Return between what ratios the middle half of the rounds lies, for a person."""
        low, _, high = quantiles(self._ratios(reader), method="inclusive")
        return f"{low:.2f} to {high:.2f}"

    def _ratios(self, reader: str) -> list[float]:
        pairs = zip(self.costs[reader], self.costs[FLOOR], strict=True)
        return [cost.microseconds / floor.microseconds for cost, floor in pairs]


def measure(
    load: Load, certificates: Certificates, bursts: Bursts, readers: tuple[str, ...] = READERS
) -> list[Rounds]:
    """Return what a load costs the readers at each of the paces."""
    results = []
    with ExitStack() as stack:
        pairs = {
            name: stack.enter_context(open_pair(name, load, bursts.ticks, certificates))
            for name in readers
        }
        for pace in bursts.paces:
            costs: dict[str, list[Cost]] = {name: [] for name in readers}
            for _ in range(1 + bursts.rounds):
                for name, pair in pairs.items():
                    costs[name].append(pair.burst(pace))
            # The first round is for whatever is only made at the first ticker.
            results.append(Rounds({name: those[1:] for name, those in costs.items()}))
    return results


@contextmanager
def certificates_in_files() -> Iterator[Certificates]:
    """Make a CA and a server's certificate for loopback."""
    with TemporaryDirectory() as folder:
        files = Certificates(Path(folder, "authority.pem"), Path(folder, "server.pem"))
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(files.authority))
        server = authority.issue_cert("127.0.0.1")
        server.private_key_and_cert_chain_pem.write_to_path(str(files.server))
        yield files


# The tables.


def _row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def _head(*cells: str) -> None:
    print()
    _row(*cells)
    _row(*("---" for _ in cells))


def _described(load: Load) -> tuple[object, ...]:
    return load.symbols, load.shape, load.connections, "yes" if load.tls else "no"


def print_costs(results: dict[Load, Rounds]) -> None:
    """Print the CPU time and the memory of each load and reader."""
    columns = ("symbols", "shape", "connections", "TLS")
    _head(*columns, *READERS, "feed, middle half")
    for load, rounds in results.items():
        cells = (f"{rounds.microseconds(name):.0f} ({rounds.ratio(name):.2f})" for name in READERS)
        _row(*_described(load), *cells, rounds.spread("feed"))
    _head(*columns, *READERS)
    for load, rounds in results.items():
        _row(*_described(load), *(f"{rounds.mebibytes(name):.0f}" for name in READERS))


def print_shared_over_own(results: dict[Load, Rounds]) -> None:
    """Print what sharing connections saves the feed."""
    for load, rounds in results.items():
        if load.shape == "shared":
            own = results[attrs.evolve(load, shape="per-symbol")].microseconds("feed")
            ratio = rounds.microseconds("feed") / own
            tls = "with" if load.tls else "without"
            print(f"Feed, {load.symbols} symbols {tls} TLS: shared over per-symbol {ratio:.2f}")


def print_market(certificates: Certificates, bursts: Bursts) -> None:
    """Measure and print what share of a core the whole market at its pace takes, over TLS."""
    _head("shape", "connections", "a ticker comes", FLOOR, "feed", "ratio")
    for shape in SHAPES:
        load = Load(MARKET, shape, tls=True)
        results = measure(load, certificates, bursts, readers=(FLOOR, "feed"))
        for when, result in zip(("evenly", "all at once"), results, strict=True):
            percent = (
                f"{result.microseconds(name) * MARKET_A_SECOND / 1e4:.1f} %"
                for name in (FLOOR, "feed")
            )
            _row(shape, load.connections, when, *percent, f"{result.ratio('feed'):.2f}")


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feed")
    parser.add_argument("--quick", action="store_true", help="less than a minute, more noise")
    effort = QUICK if parser.parse_args().quick else THOROUGH
    results = {}
    with certificates_in_files() as certificates:
        for load in effort.loads:
            print(*_described(load), "...", file=sys.stderr, flush=True)
            (results[load],) = measure(load, certificates, effort.bursts)
        print("CPU µs a tick (ratio to bare trio-websocket), and MiB resident:")
        print_costs(results)
        print()
        print_shared_over_own(results)
        print(f"\n{MARKET} symbols, a ticker every two seconds each, over TLS, % of a core:")
        print_market(certificates, effort.market)


if __name__ == "__main__":
    main()
