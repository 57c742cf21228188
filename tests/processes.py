"""The daemon as a process of its own, beside a local exchange and a service manager's socket."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest, NewestKlines

PATIENCE_S = 20


def frame(second: int, close: float, *, symbol: str = "BTCUSDT") -> str:
    """A sound frame of the exchange."""
    return (
        f'{{"e":"24hrMiniTicker","E":{1_700_000_000_000 + 1000 * second},"s":"{symbol}",'
        f'"c":"{close}","o":"100","h":"200","l":"50","v":"10","q":"1000"}}'
    )


@attrs.define
class Running:
    """A daemon under way: its process, what it tells the service manager, and its log."""

    process: trio.Process
    exchange: LocalExchange
    manager: trio.socket.SocketType
    log: Path

    async def told(self) -> str:
        """Wait for the next thing that the service manager is told."""
        with trio.fail_after(PATIENCE_S):
            return (await self.manager.recv(10_000)).decode()

    async def sees(self, *closes: float, symbol: str = "BTCUSDT", from_s: int = 0) -> None:
        """Let the market trade at these prices, a second apart, once the daemon listens."""
        with trio.fail_after(PATIENCE_S):
            await self.exchange.subscribed_to([symbol])
        for second, close in enumerate(closes, from_s):
            await self.exchange.publish(symbol, frame(second, close, symbol=symbol))

    async def ends(self) -> int:
        """Wait for the process to end, and return its exit status."""
        with trio.fail_after(PATIENCE_S):
            return await self.process.wait()


@asynccontextmanager
async def running_daemon(
    folder: Path,
    config: str,
    *,
    listed: tuple[str, ...] = ("BTCUSDT",),
    rest_url: str | None = None,
    klines: NewestKlines | None = None,
    **variables: str,
) -> AsyncIterator[Running]:
    """Run `alertd run` on a configuration whose `{exchange}` is the local exchange's port.

    The exchange lists these symbols; where there are none, nobody answers, and with a `rest_url`
    somebody else does. It has `klines` of the past. `variables` are added to the environment.
    """
    exchange, log = LocalExchange(), folder / "log"
    address = str(folder / "notify")
    # One before it, in the same folder, had another.
    await trio.Path(address).unlink(missing_ok=True)
    with trio.socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        await manager.bind(address)
        async with trio.open_nursery() as nursery:
            port = await nursery.start(exchange.serve)
            interface = LocalRest(listed, klines=klines) if klines else LocalRest(listed)
            rest = await nursery.start(interface.serve) if listed else port
            (folder / "config.yaml").write_text(config.replace("{exchange}", str(port)))
            environment = {"NOTIFY_SOCKET": address, "PYTHONPATH": str(Path.cwd()), "NO_PROXY": "*"}
            # The control socket goes beside the configuration, where nothing of it is left.
            environment |= {"XDG_RUNTIME_DIR": "", "RUNTIME_DIRECTORY": ""}
            rest_url = rest_url or f"http://127.0.0.1:{rest}"
            options = ["--config", "config.yaml", "--rest-url", rest_url]
            with log.open("wb") as stderr:
                process = await trio.lowlevel.open_process(
                    [sys.executable, "-m", "alertd", "run", *options],
                    cwd=folder,
                    env=os.environ | environment | variables,
                    stdin=subprocess.DEVNULL,
                    stderr=stderr,
                )
            try:
                yield Running(process, exchange, manager, log)
            finally:
                process.kill()
                with trio.CancelScope(shield=True):
                    await process.wait()
                nursery.cancel_scope.cancel()
