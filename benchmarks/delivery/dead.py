"""What deliveries that wait for a dead channel are to the feed."""

from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import trio

from benchmarks.delivery.children import Child, configure, settle, watched
from benchmarks.delivery.kept import Kept, keep
from benchmarks.delivery.market import Market
from benchmarks.delivery.receivers import closed_port, hanging_port
from benchmarks.delivery.written import print_feed

# One alert a second comes on top of those that wait.
_EVERY = 286


async def measure(seconds: float) -> None:
    """Play one market to daemons with nothing, little and much that waits, and print what it is to each."""
    market = Market(is_loud=lambda number: number % _EVERY == 0)
    with TemporaryDirectory() as folder, closed_port() as closed, hanging_port() as hanging:
        waits = {
            "nothing waits": (closed, 0),
            "1,000 wait, connections are refused": (closed, 1000),
            "10,000 wait, connections are refused": (closed, 10_000),
            "10,000 wait, the service hangs": (hanging, 10_000),
        }
        async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
            port = await nursery.start(market.exchange.serve)
            children: dict[str, Child] = {}
            for name, (url, waiting) in waits.items():
                config = configure(Path(folder, name), port, channel=url, loud=1)
                keep(config, Kept(waiting=waiting))
                children[name] = await stack.enter_async_context(watched(config))
            await settle(market, children.values(), seconds=4)
            await market.play(seconds)
            seen = {name: await child.take_stock() for name, child in children.items()}
            nursery.cancel_scope.cancel()
    print_feed("A dead channel", seen)
