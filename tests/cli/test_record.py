"""`alertd record` as a process: what it records, of which symbols, and how it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from tests.market.past.recorded.recordings import reel
from tests.processes import PATIENCE_S, frame

LISTED = ("BTCUSDT", "ETHUSDT", "BTCUSDC")
CONFIG = """
channels: {desk: "json://localhost"}
defaults: {notify: desk}
rules:
  - rules:
      up: {symbols: "BTC*", when: {close: {crosses_above: 100}}}
record: tapes
"""


@attrs.frozen
class World:
    """An exchange, and a folder in which the command is run."""

    folder: Path
    exchange: LocalExchange
    options: tuple[str, ...]

    def run(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "alertd", "record", *arguments, *self.options],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(Path.cwd()), "NO_PROXY": "*"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def recorded(self, *arguments: str, symbols: tuple[str, ...]) -> str:
        """Let each symbol trade three times while the command runs, stop it, and return what it said."""
        with self.run(*arguments) as process, trio.fail_after(PATIENCE_S):
            await self.exchange.subscribed_to(symbols)
            for second in range(3):
                for symbol in symbols:
                    await self.exchange.publish(symbol, frame(second, 100.5, symbol=symbol))
            # Closed in order, the connections carry all that was sent before they end.
            await self.exchange.close()
            process.send_signal(signal.SIGINT)
            said, _ = await trio.to_thread.run_sync(process.communicate)
        assert process.returncode == 0
        return said


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    exchange = LocalExchange()
    async with trio.open_nursery() as nursery:
        port = await nursery.start(exchange.serve)
        rest = await nursery.start(LocalRest(LISTED).serve)
        feed_url, rest_url = f"ws://127.0.0.1:{port}/market", f"http://127.0.0.1:{rest}"
        yield World(folder, exchange, ("--feed-url", feed_url, "--rest-url", rest_url))
        nursery.cancel_scope.cancel()


def symbols_in(folder: Path) -> list[str]:
    """The symbols of which three tickers are recorded in a folder."""
    found = [ticker.symbol for ticker in reel(folder).tickers()]
    return sorted(symbol for symbol in set(found) if found.count(symbol) == 3)


async def test_symbols_that_are_named_are_recorded_without_a_configuration(tmp_path: Path):
    async with world(tmp_path) as there:
        said = await there.recorded("ETHUSDT", "--into", "here", symbols=("ETHUSDT",))
    assert symbols_in(tmp_path / "here") == ["ETHUSDT"]
    size = sum(path.stat().st_size for path in (tmp_path / "here").iterdir())
    assert said == (
        "Recording 1 symbol into here; Ctrl-C ends it.\n"
        f"Recorded 3 tickers in here: {size:,} bytes, {size / 3:.1f} a ticker.\n"
    )


async def test_all_are_those_that_the_exchange_lists(tmp_path: Path):
    async with world(tmp_path) as there:
        await there.recorded("all", symbols=LISTED)
    assert symbols_in(tmp_path / "state" / "recordings") == sorted(LISTED)


async def test_without_symbols_those_of_the_rules_are_recorded_where_the_configuration_says(
    tmp_path: Path,
):
    (tmp_path / "config.yaml").write_text(CONFIG)
    async with world(tmp_path) as there:
        await there.recorded(symbols=("BTCUSDT", "BTCUSDC"))
    # From --feed-url is another market.
    assert symbols_in(tmp_path / "tapes-drill") == ["BTCUSDC", "BTCUSDT"]


async def mistake(there: World, *arguments: str) -> tuple[int, str]:
    """How the command ends, and what it says then."""
    with there.run(*arguments) as process, trio.fail_after(PATIENCE_S):
        _, said = await trio.to_thread.run_sync(process.communicate)
    return process.returncode, said


async def test_mistakes_are_said_at_once(tmp_path: Path):
    (tmp_path / "file").touch()
    async with world(tmp_path) as there:
        assert await mistake(there, "BTCUSD") == (
            2,
            "Error: no symbol `BTCUSD` trades (did you mean `BTCUSDT`?)\n",
        )
        assert await mistake(there) == (
            2,
            "Error: say what to record: symbols, a pattern such as '*USDT', or all\n",
        )
        assert await mistake(there, "all", "--into", "file") == (
            2,
            "Error: nothing can be recorded in file: file exists\n",
        )


async def test_where_nothing_came_it_has_failed(tmp_path: Path):
    async with world(tmp_path) as there:
        with there.run("BTCUSDT") as process, trio.fail_after(PATIENCE_S):
            await there.exchange.subscribed_to(["BTCUSDT"])
            process.send_signal(signal.SIGTERM)
            said, _ = await trio.to_thread.run_sync(process.communicate)
    assert process.returncode == 1
    assert said.endswith("Nothing was recorded: no ticker came.\n")
    assert list((tmp_path / "state" / "recordings").iterdir()) == []


@pytest.mark.parametrize("pattern", ["all", "*USDT"])
async def test_a_pattern_needs_the_list(pattern: str, tmp_path: Path):
    nobody = ("--rest-url", "http://127.0.0.1:9")
    status, said = await mistake(World(tmp_path, LocalExchange(), nobody), pattern)
    assert status == 1
    assert said.startswith(
        "Error: patterns stand for nothing: the list of symbols cannot be read: "
    )
