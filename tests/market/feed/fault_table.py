"""What users are told of each misbehaviour, and for how long nothing is seen: found out by trying.

    python -m tests.market.feed.fault_table > docs/feed-faults.md

The servers and their sockets are real; the clock is virtual.
"""

import logging
from pathlib import Path

import attrs
import trio
from trio.testing import MockClock

from alertd.logs.fields import event_of
from alertd.market.feed.events import Disconnected, FeedEvent, Quiet
from alertd.market.feed.feed import Feed, FeedSettings
from alertd.market.ticker import Ticker
from alertd.market.venue import USDM
from alertd.observers.log import LogObserver
from tests.market.feed.fault_cases import Case, cases
from tests.market.feed.sessions import BEAT_S, WELL

TABLE = Path(__file__).parents[3] / "docs" / "feed-faults.md"

# In one process everything that is sent is there at once: who waits so long waits for the clock.
_JUMP_S = 0.005
# How long a feed is watched that does not come back.
_WATCHED_S = 100.0
_WELL_AFTER = 3

HEAD = """\
# What the feed does when the exchange misbehaves

Made by trying, with `python -m tests.market.feed.fault_table`; the test suite checks that it holds. Each case is a real
server on loopback that does what the first column says, once, and is well for the next connection. The clock is virtual,
and every back-off is half of the most that it may be. "Blind" is the longest time without a ticker, from the last one (or
from the start) to the next; the exchange's own beat is 2 s. Settings are the defaults: `stale_after: 30s`.

What each message means and what to do about it is in [feed.md](feed.md).

| the exchange | alertd says | cause | blind |
|---|---|---|---|
"""


@attrs.frozen
class Finding:
    """What came of a case: lines of the log, causes, and the longest time without a ticker."""

    does: str
    says: tuple[str, ...]
    causes: tuple[str, ...]
    blind_s: float | None

    def row(self) -> str:
        """Return its line of the table."""
        blind = "until it is mended" if self.blind_s is None else f"{self.blind_s:.1f} s"
        if self.blind_s is not None and self.blind_s <= BEAT_S and not self.causes:
            blind = "not at all"
        causes = ", ".join(dict.fromkeys(self.causes)) or "-"
        cells = (self.does, "<br>".join(self.says) or "nothing", causes, blind)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


class _Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # What is well is in the last column.
        if event_of(record) != "feed.streaming":
            self.texts.append(record.getMessage())


@attrs.define
class _Watch:
    """Takes what a feed brings and reports."""

    log: LogObserver
    causes: list[str] = attrs.field(factory=list)
    longest_s: float = 0.0
    is_well: trio.Event = attrs.field(factory=trio.Event)
    _last_s: float = attrs.field(factory=trio.current_time)
    _well: int = 0

    def take(self, ticker: Ticker) -> None:
        now = trio.current_time()
        if not self._well:
            self.longest_s = max(self.longest_s, now - self._last_s)
        self._last_s = now
        self._well += ticker.close == float(WELL)
        if self._well == _WELL_AFTER:
            self.is_well.set()

    def report(self, event: FeedEvent) -> None:
        match event:
            case Disconnected():
                self.causes.append(event.fault.cause.value)
            case Quiet():
                self.causes.append("quiet")
        self.log.on_feed(event)


async def _watch(case: Case) -> _Watch:
    async with trio.open_nursery() as nursery:
        site = await case.start(nursery)
        watch = _Watch(LogObserver())
        nursery.start_soon(watch.log.work)
        settings = FeedSettings(route=site.route, draw=lambda: 0.5)
        venue = attrs.evolve(USDM, stream_url=site.url)
        feed = Feed(venue, settings, on_ticker=watch.take, report=watch.report)
        nursery.start_soon(feed.run, [site.symbol])
        with trio.move_on_after(_WATCHED_S if not case.comes_back else 1000):
            await watch.is_well.wait()
        nursery.cancel_scope.cancel()
    return watch


def find(case: Case) -> Finding:
    """Try a case."""
    lines, logger = _Lines(), logging.getLogger("alertd")
    level = logger.level
    logger.addHandler(lines)
    logger.setLevel(logging.INFO)
    try:
        watch = trio.run(_watch, case, clock=MockClock(autojump_threshold=_JUMP_S))
    finally:
        logger.removeHandler(lines)
        logger.setLevel(level)
    blind_s = watch.longest_s if watch.is_well.is_set() else None
    return Finding(case.does, tuple(lines.texts), tuple(watch.causes), blind_s)


def main() -> None:
    """Print the page."""
    print(HEAD, end="")  # noqa: T201 - what it is for
    for case in cases():
        print(find(case).row(), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
