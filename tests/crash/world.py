"""What surrounds the process in all its lives: an exchange, a market, five receivers, a folder.

One of the receivers refuses everything, and what is refused goes to another: no rule names that.
Two are sent pictures, one of them for better and for worse.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from tests.crash.cutting import Cut, Tools
from tests.crash.market import LADDER, WAVE, Market, past_klines, rules
from tests.crash.receiver import Receiver, closed, moody, slow, steady

_CONFIG = """\
channels:
  steady: {{url: "json://127.0.0.1:{steady}/", chart: true}}
  slow: json://127.0.0.1:{slow}/
  moody: {{url: "json://127.0.0.1:{moody}/", chart: true}}
  closed: {{url: "json://127.0.0.1:{closed}/", fallback: haven}}
  haven: json://127.0.0.1:{haven}/
defaults: {{notify: [steady, slow, moody, closed]}}
rules: [rules.yaml]
"""
_JOURNAL = "state/alertd.db"
_RUNGS = 40
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
        options += ["--journal", _JOURNAL]
        with self.log.open("ab") as log:
            return await trio.lowlevel.open_process(
                [sys.executable, "-m", "alertd", "run", *options],
                cwd=self.folder,
                env=os.environ | _VARIABLES | self.tools.environment(cut, ports=self.ports),
                stdin=subprocess.DEVNULL,
                stderr=log,
            )

    @property
    def takers(self) -> tuple[Receiver, ...]:
        """The receivers that every alert must reach."""
        return tuple(it for it in self.receivers if it.manner is not closed)

    @property
    def all_is_told(self) -> bool:
        """Whether what must have been said has reached everybody, and whatever else reached anybody."""
        heard = [it.has for it in self.takers]
        return all(self.market.once <= each for each in heard) and (
            len({frozenset(it.numbers) for it in self.takers}) == 1
        )

    @property
    def log(self) -> Path:
        """What the process has said in all its lives."""
        return self.folder / "log"


@asynccontextmanager
async def made_world(folder: Path, library: Path) -> AsyncIterator[World]:
    """Make it in a folder that is not there yet."""
    exchange, market = LocalExchange(), Market()
    receivers = {
        "steady": Receiver("steady", steady),
        "slow": Receiver("slow", slow),
        "moody": Receiver("moody", moody),
        "closed": Receiver("closed", closed),
        "haven": Receiver("haven", steady),
    }
    async with trio.open_nursery() as nursery:
        ports = {name: await nursery.start(each.serve) for name, each in receivers.items()}
        _write_files(folder, ports)
        streams = await nursery.start(exchange.serve)
        rest = await nursery.start(LocalRest([LADDER, WAVE], klines=past_klines).serve)
        nursery.start_soon(market.trade, exchange)
        yield World(
            folder=folder,
            tools=Tools(library, folder / _JOURNAL, folder / "steps", folder / "undo"),
            exchange=exchange,
            streams=streams,
            rest=rest,
            market=market,
            receivers=tuple(receivers.values()),
            ports=tuple(ports.values()),
        )
        nursery.cancel_scope.cancel()


def _write_files(folder: Path, ports: Mapping[str, int]) -> None:
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(_CONFIG.format_map(ports))
    (folder / "rules.yaml").write_text(rules(_RUNGS))
