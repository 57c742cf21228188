"""A sender and a reader, joined by a load: what the feed's benchmark starts, bursts and stops."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs

from alertd.market.venue import USDM

# As the feed's own: alertd.market.feed.feed.STREAMS_A_CONNECTION.
STREAMS_A_CONNECTION = 200


@attrs.frozen
class Load:
    """What is read: so many symbols, each with a connection or sharing some, over TLS or not."""

    symbols: int
    shape: str  # "per-symbol" or "shared"
    tls: bool

    @property
    def connections(self) -> int:
        """How many connections bring it."""
        share = 1 if self.shape == "per-symbol" else STREAMS_A_CONNECTION
        return -(-self.symbols // share)

    def job(self, port: int, burst: int, authority: Path) -> dict[str, object]:
        """Return what a reader is told (`benchmarks.readers.Job`)."""
        base = f"{'wss' if self.tls else 'ws'}://127.0.0.1:{port}/market"
        venue, size = attrs.evolve(USDM, stream_url=base), STREAMS_A_CONNECTION
        symbols = [f"S{number:03}USDT" for number in range(self.symbols)]
        if self.shape == "per-symbol":
            urls = [venue.ticker_url(symbol) for symbol in symbols]
        else:
            shares = [symbols[start : start + size] for start in range(0, len(symbols), size)]
            urls = [venue.combined_url(share) for share in shares]
        return {
            "urls": urls,
            "base": base,
            "symbols": symbols,
            "shape": self.shape,
            "authority": str(authority) if self.tls else None,
            "burst": burst,
        }


@attrs.frozen
class Cost:
    """What a burst cost its reader: CPU a tick, and the memory that it has resident."""

    microseconds: float
    mebibytes: float


@attrs.frozen
class Certificates:
    """Files: a CA's certificate, and a server's chain with its key."""

    authority: Path
    server: Path


@attrs.frozen
class Pair:
    """A running sender and a running reader."""

    sender: subprocess.Popen[str]
    reader: subprocess.Popen[str]
    ticks: int

    def burst(self, a_second: float | None) -> Cost:
        """Send the burst at this pace (None: at once); return what it cost when all is read."""
        _say(self.sender, {"ticks": self.ticks, "a_second": a_second})
        return Cost(*_hear(self.reader))


@contextmanager
def open_pair(
    reader_name: str, load: Load, ticks: int, certificates: Certificates
) -> Iterator[Pair]:
    """Start a sender and a reader for bursts of so many ticks; kill them at the end."""
    with ExitStack() as stack:
        sender = _start(stack, "benchmarks.sender")
        certificate = str(certificates.server) if load.tls else None
        _say(sender, {"symbols": load.symbols, "certificate": certificate})
        port = _hear(sender)
        reader = _start(stack, "benchmarks.readers", reader_name)
        _say(reader, load.job(port, ticks, certificates.authority))
        _hear(sender)
        yield Pair(sender, reader, ticks)


def _start(stack: ExitStack, *module: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def _say(process: subprocess.Popen[str], words: dict[str, object]) -> None:
    assert process.stdin is not None
    print(json.dumps(words), file=process.stdin, flush=True)


def _hear(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        sys.exit("a process of the benchmark has ended; what it says stands above")
    return json.loads(line)
