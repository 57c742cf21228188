"""The signals that a daemon heeds: SIGINT and SIGTERM stop it, SIGHUP reloads."""

import signal
import socket
from collections.abc import AsyncIterator

import trio

from alertd.daemon import Daemon


async def run_until_signalled(daemon: Daemon, control: socket.socket | None = None) -> None:
    """Run the daemon until SIGINT or SIGTERM stops it; a second one ends the deliveries too.

    SIGHUP reloads; one that came while it was blocked, before this was called, is heeded now.
    `control` is for `Daemon.run`.
    """
    with (
        trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals,
        trio.open_signal_receiver(signal.SIGHUP) as hangups,
    ):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_heed, signals, daemon, nursery.cancel_scope)
            nursery.start_soon(_reload_on, hangups, daemon)
            await daemon.run(control)
            nursery.cancel_scope.cancel()


async def _heed(signals: AsyncIterator[int], daemon: Daemon, scope: trio.CancelScope) -> None:
    await anext(signals)
    daemon.stop()
    await anext(signals)
    scope.cancel()


async def _reload_on(signals: AsyncIterator[int], daemon: Daemon) -> None:
    async for _ in signals:
        await daemon.reload()
