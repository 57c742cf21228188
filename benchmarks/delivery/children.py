"""The processes that are measured, and what they run by."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import msgspec
import trio

from benchmarks.delivery.market import JUMP_AT, SYMBOLS, Market
from benchmarks.delivery.watched import Seen

_CONFIG = """
journal: alertd.db
feed: {{url: "ws://127.0.0.1:{exchange}/market", rest_url: "http://127.0.0.1:9"}}
channels: {{desk: {channel}}}
defaults: {{symbols: {symbols}, notify: desk}}
rules:
  - rules:
      up: {{when: {{close: {{rises: 30%, within: 5m}}}}}}
      down: {{when: {{close: {{falls: 30%, within: 1h}}}}}}
      high: {{when: {{close: {{new_high: 24h}}, volume: {{above: 1B}}}}}}
"""
_LOUD = """      loud-{number}:
        when: {{quote_volume: {{crosses_above: {level}}}}}
        title: "{{{{ number }}}}"
"""


def configure(folder: Path, exchange: int, *, channel: object, loud: int = 0) -> Path:
    """Write a configuration: windows on every symbol, and rules that a jump brings true, so many."""
    folder.mkdir()
    text = _CONFIG.format(
        exchange=exchange,
        channel=msgspec.json.encode(channel).decode(),
        symbols=msgspec.json.encode(SYMBOLS).decode(),
    )
    levels = enumerate((JUMP_AT * (1 + step / 1000) for step in range(loud)), 1)
    text += "".join(_LOUD.format(number=number, level=level) for number, level in levels)
    path = folder / "config.yaml"
    path.write_text(text)
    return path


@attrs.frozen
class Child:
    """A process under way, which answers a line with a line."""

    process: trio.Process
    lines: AsyncIterator[bytes]

    async def say(self, words: str) -> None:
        """Write it a line."""
        assert self.process.stdin is not None
        await self.process.stdin.send_all(f"{words}\n".encode())

    async def take_stock(self) -> Seen:
        """Return what a watched daemon has seen since it was asked before."""
        await self.say("")
        return msgspec.json.decode(await anext(self.lines), type=Seen)


@asynccontextmanager
async def watched(config: Path, *options: str) -> AsyncIterator[Child]:
    """Run the daemon of a configuration with meters in it, or only a part of it."""
    module, log = "benchmarks.delivery.watched", config.with_name("log")
    async with running_child(module, str(config), *options, log=log) as child:
        yield child


@asynccontextmanager
async def running_child(*module: str, log: Path) -> AsyncIterator[Child]:
    """Run a module of Python, once it has said a line, until the end of the block; its errors go to `log`."""
    with log.open("wb") as stderr:
        process = await trio.lowlevel.open_process(
            [sys.executable, "-m", *module],
            env=os.environ | {"NO_PROXY": "*", "XDG_RUNTIME_DIR": "", "RUNTIME_DIRECTORY": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    assert process.stdout is not None
    child = Child(process, _lines_of(process.stdout))
    try:
        await anext(child.lines)
        yield child
    finally:
        process.kill()
        with trio.CancelScope(shield=True):
            await process.wait()


async def settle(market: Market, children: Iterable[Child], *, seconds: float) -> None:
    """Play until everything that is done only once is done, and forget what was seen meanwhile."""
    await market.exchange.subscribed_to(SYMBOLS)
    await market.exchange.settled(SYMBOLS)
    await market.play(seconds)
    for child in children:
        await child.take_stock()


async def _lines_of(stream: trio.abc.ReceiveStream) -> AsyncIterator[bytes]:
    kept = b""
    async for chunk in stream:
        *whole, kept = (kept + chunk).split(b"\n")
        for line in whole:
            yield line
    sys.exit("a process of the benchmark has ended")
