"""The demo's run: a local exchange, the daemon on its embedded configuration, a receiver."""

import json
import signal
import tempfile
from collections.abc import AsyncIterator, Generator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

import trio
from rich.console import Console

from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.daemon import Daemon
from alertd.demo.programme import Programme
from alertd.demo.receiver import receiver
from alertd.demo.screen import Screen
from alertd.journal.file import JournalFile
from alertd.market.local.exchange import LocalExchange
from alertd.systemd import Notifier


async def show_until_interrupted(programme: Programme, console: Console) -> bool:
    """Show the programme; return whether it came to its end, and was not ended by a signal."""
    finished = False
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_end_on, signals, nursery.cancel_scope)
            await show(programme, console)
            finished = True
            nursery.cancel_scope.cancel()
    return finished


async def _end_on(signals: AsyncIterator[int], scope: trio.CancelScope) -> None:
    async for _ in signals:
        scope.cancel()


async def show(programme: Programme, console: Console) -> None:
    """Play the programme to a daemon, and show what comes of it."""
    screen = Screen(console, programme.title)
    exchange = LocalExchange()
    with receiver(screen.on_received) as receiver_port:
        async with trio.open_nursery() as nursery:
            exchange_port = await nursery.start(exchange.serve)
            with _house(programme, exchange_port, receiver_port) as (config, journal):
                daemon = Daemon(
                    config, journal=journal, observers=[screen], notifier=Notifier(None)
                )
                with screen.live():
                    async with trio.open_nursery() as running:
                        running.start_soon(daemon.run)
                        await exchange.subscribed_to(programme.tape.symbols)
                        await exchange.play(programme.tape, speed=programme.speed)
                        # Closed in order, the connections carry all that was sent before they end.
                        await exchange.close()
                        daemon.stop()
            nursery.cancel_scope.cancel()


@contextmanager
def _house(
    programme: Programme, exchange_port: int, receiver_port: int
) -> Generator[tuple[Config, JournalFile]]:
    """Load the embedded configuration, as the daemon loads any other, and open its journal."""
    with tempfile.TemporaryDirectory() as folder:
        symbols = json.dumps(programme.tape.symbols, ensure_ascii=False)
        for name in ("config.yaml", "rules.yaml"):
            text = (resources.files(__package__) / name).read_text(encoding="utf-8")
            filled = text.replace("${SYMBOLS}", symbols)
            Path(folder, name).write_text(filled, encoding="utf-8")
        ports = {"EXCHANGE_PORT": str(exchange_port), "RECEIVER_PORT": str(receiver_port)}
        config = load_config(Path(folder, "config.yaml"), environment=ports)
        with closing(JournalFile(config.journal)) as journal:
            journal.open()
            yield config, journal
