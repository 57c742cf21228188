"""The signals that a daemon heeds: SIGINT and SIGTERM stop it, SIGHUP reloads."""

import signal
from collections.abc import AsyncIterator

import trio

from alertd.daemon import Daemon


async def run_until_signalled(daemon: Daemon) -> None:
    """Run the daemon until SIGINT or SIGTERM stops it; a second one ends the deliveries too.

    SIGHUP reloads. Whoever blocks it until then loses none that comes too early.
    """
    with (
        trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals,
        trio.open_signal_receiver(signal.SIGHUP) as hangups,
    ):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_heed, signals, daemon, nursery.cancel_scope)
            nursery.start_soon(_reload_on, hangups, daemon)
            await daemon.run()
            nursery.cancel_scope.cancel()


async def _heed(signals: AsyncIterator[int], daemon: Daemon, scope: trio.CancelScope) -> None:
    await anext(signals)
    daemon.stop()
    await anext(signals)
    scope.cancel()


async def _reload_on(signals: AsyncIterator[int], daemon: Daemon) -> None:
    async for _ in signals:
        await daemon.reload()
