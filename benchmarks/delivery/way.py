"""From the exchange's send of a ticker to a POST at its receiver, with the parts of the way."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import trio

from benchmarks.delivery.children import Child, configure, running_child, settle, watched
from benchmarks.delivery.figures import head, p50_p99, row
from benchmarks.delivery.market import A_SECOND, SYMBOLS, Market
from benchmarks.delivery.receivers import Receiver
from benchmarks.delivery.watched import Span

# Alerts a second: every 14th ticker.
_EVERY = 14
# As many as come, one by one: what a digest waits for is not the machine's.
_UNLIMITED = {"rate": "1000/s", "digest_over": 1000}
_LASTS_S = 1.0

Times = dict[str, tuple[float, float]]


async def measure(seconds: float) -> None:
    """Play the market for so long, beside Apprise alone, and print what of each alert's way took how long."""
    market, receiver = Market(is_loud=lambda number: number % _EVERY == 0), Receiver()
    with TemporaryDirectory() as folder:
        async with trio.open_nursery() as nursery:
            url = await nursery.start(receiver.serve)
            port = await nursery.start(market.exchange.serve)
            channel = {"url": url, **_UNLIMITED}
            config = configure(Path(folder, "daemon"), port, channel=channel, loud=1)
            arguments = (url, str(A_SECOND / _EVERY))
            log = Path(folder, "bare.log")
            async with (
                watched(config) as daemon,
                running_child("benchmarks.delivery.bare", *arguments, log=log) as bare,
            ):
                await settle(market, [daemon], seconds=4)
                spans, times = await _play(market, seconds, daemon, bare)
            nursery.cancel_scope.cancel()
    _print(spans, times, market, receiver)


async def _play(
    market: Market, seconds: float, daemon: Child, bare: Child
) -> tuple[dict[int, Span], Times]:
    await bare.say("begin")
    await market.play(seconds)
    await trio.sleep(_LASTS_S)
    seen = await daemon.take_stock()
    assert seen.spans, "alerts were given"
    assert all(span.answered_s for span in seen.spans.values()), "and all were delivered"
    await bare.say("end")
    return seen.spans, msgspec.json.decode(await anext(bare.lines), type=Times)


def _print(spans: dict[int, Span], times: Times, market: Market, receiver: Receiver) -> None:
    alerts = [
        (span, market.sent_s[span.symbol, span.time_ms], receiver.arrived_s[str(number)])
        for number, span in spans.items()
    ]
    head(f"{len(spans)} alerts of {len(SYMBOLS)} symbols, ms", "p50", "p99", "most")
    row("sent by the exchange -> taken by the daemon", p50_p99([it.taken_s - sent_s for it, sent_s, _ in alerts]))  # fmt: skip
    row("-> decided, in words, handed to the journal", p50_p99([it.noted_s - it.taken_s for it, *_ in alerts]))  # fmt: skip
    row("-> on the disk", p50_p99([it.written_s - it.noted_s for it, *_ in alerts]))
    row("-> handed to the destination", p50_p99([it.handed_s - it.written_s for it, *_ in alerts]))
    row("-> POST received", p50_p99([arrived_s - it.handed_s for it, _, arrived_s in alerts]))
    row("all of it", p50_p99([arrived_s - sent_s for _, sent_s, arrived_s in alerts]))
    row("Apprise alone: notify() -> POST received", p50_p99([receiver.arrived_s[title] - began_s for title, (began_s, _) in times.items()]))  # fmt: skip
    row("Apprise alone: notify() -> answered", p50_p99([end_s - began_s for began_s, end_s in times.values()]))  # fmt: skip
    row("the daemon: handed to the destination -> answered", p50_p99([it.answered_s - it.handed_s for it, *_ in alerts]))  # fmt: skip
