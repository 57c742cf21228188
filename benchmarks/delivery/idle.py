"""What all of this costs while nothing happens: the daemon beside the feed and the engine alone."""

from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import trio

from benchmarks.delivery.children import Child, configure, settle, watched
from benchmarks.delivery.figures import head, row
from benchmarks.delivery.market import A_SECOND, SYMBOLS, Market
from benchmarks.delivery.receivers import closed_port


async def measure(rounds: int) -> None:
    """Play rounds of the same tickers to both, and print what one costs each."""
    market = Market()
    with TemporaryDirectory() as folder, closed_port() as url:
        async with trio.open_nursery() as nursery, AsyncExitStack() as stack:
            port = await nursery.start(market.exchange.serve)
            children: dict[str, Child] = {}
            for name, *options in (("engine", "--engine-only"), ("daemon",)):
                config = configure(Path(folder, name), port, channel=url)
                child = await stack.enter_async_context(watched(config, "--no-lateness", *options))
                children[name] = child
            await settle(market, children.values(), seconds=20)
            costs = [await _round(market, children) for _ in range(rounds)]
            nursery.cancel_scope.cancel()
    _print(costs)


async def _round(market: Market, children: dict[str, Child]) -> dict[str, float]:
    """Return the CPU time of a ticker, in microseconds. What is done every 15 s is in it twice."""
    await market.play(30)
    seen = {name: await child.take_stock() for name, child in children.items()}
    return {name: it.cpu_s / it.tickers * 1e6 for name, it in seen.items()}


def _print(costs: list[dict[str, float]]) -> None:
    title = f"{len(SYMBOLS)} symbols with windows, nothing firing"
    head(title, "µs/tick", "% a core", "ratio")
    for name, words in (("engine", "the feed and the engine"), ("daemon", "the daemon")):
        cost = median(each[name] for each in costs)
        ratio = median(each[name] / each["engine"] for each in costs)
        row(words, f"{cost:.0f}", f"{cost * A_SECOND / 1e4:.1f}", f"{ratio:.2f}")
