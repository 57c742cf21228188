"""What surrounds the process in all its lives: an exchange, a market, three receivers, a folder."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from tests.crash.cutting import Cut, Tools
from tests.crash.market import LADDER, WAVE, Market, rules
from tests.crash.receiver import Receiver, moody, slow, steady

_CONFIG = """\
channels: {{steady: {0}, slow: {1}, moody: {2}}}
defaults: {{notify: [steady, slow, moody]}}
rules: [rules.yaml]
"""
_JOURNAL = "state/alertd.db"
_RUNGS = 100
_VARIABLES = {
    "PYTHONPATH": str(Path(__file__).parents[2]),
    "NO_PROXY": "*",
    # State and control socket go beside the configuration, whatever is around these tests.
    "STATE_DIRECTORY": "",
    "XDG_RUNTIME_DIR": "",
    "RUNTIME_DIRECTORY": "",
}


@attrs.frozen(kw_only=True)
class World:
    """`streams` and `rest` are the exchange's ports; `ports` those of the receivers."""

    folder: Path
    tools: Tools
    exchange: LocalExchange
    streams: int
    rest: int
    market: Market
    receivers: tuple[Receiver, ...]
    ports: tuple[int, ...]

    async def start(self, cut: Cut | None) -> trio.Process:
        """Start `alertd run`, as anybody would."""
        options = ["--config", "config.yaml"]
        options += ["--feed-url", f"ws://127.0.0.1:{self.streams}/market"]
        options += ["--rest-url", f"http://127.0.0.1:{self.rest}"]
        with self.log.open("ab") as log:
            return await trio.lowlevel.open_process(
                [sys.executable, "-m", "alertd", "run", *options],
                cwd=self.folder,
                env=os.environ | _VARIABLES | self.tools.environment(cut, ports=self.ports),
                stdin=subprocess.DEVNULL,
                stderr=log,
            )

    @property
    def log(self) -> Path:
        """What the process has said in all its lives."""
        return self.folder / "log"


@asynccontextmanager
async def made_world(folder: Path, library: Path) -> AsyncIterator[World]:
    """Make it in a folder that is not there yet."""
    exchange, market = LocalExchange(), Market()
    receivers = (Receiver("steady", steady), Receiver("slow", slow), Receiver("moody", moody))
    async with trio.open_nursery() as nursery:
        ports = [await nursery.start(receiver.serve) for receiver in receivers]
        _write_files(folder, ports)
        streams = await nursery.start(exchange.serve)
        rest = await nursery.start(LocalRest([LADDER, WAVE]).serve)
        nursery.start_soon(market.trade, exchange)
        yield World(
            folder=folder,
            tools=Tools(library, folder / _JOURNAL, folder / "steps", folder / "undo"),
            exchange=exchange,
            streams=streams,
            rest=rest,
            market=market,
            receivers=receivers,
            ports=tuple(ports),
        )
        nursery.cancel_scope.cancel()


def _write_files(folder: Path, ports: Iterable[int]) -> None:
    folder.mkdir(parents=True)
    urls = (f"'json://127.0.0.1:{port}/'" for port in ports)
    (folder / "config.yaml").write_text(_CONFIG.format(*urls))
    (folder / "rules.yaml").write_text(rules(_RUNGS))
