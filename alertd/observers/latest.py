"""What was last heard of each symbol and destination, for whoever asks how it goes."""

import time
from collections.abc import Callable, Iterable

import attrs

from alertd.delivery.report import Outcome, Report
from alertd.disk import DiskEvent
from alertd.heartbeat import Beat, Pulse
from alertd.market.feed.events import Disconnected, FeedEvent, Quiet, Streaming
from alertd.observers.observer import Observer
from alertd.web.operations import Reload


@attrs.frozen
class Unseen:
    """Since when a symbol is not seen, by the machine's clock, and why. `is_cut`: it has no connection.

    One that has a connection and is not `is_cut` may have nothing to say, as a halted one has not.
    """

    since_ms: int
    reason: str
    is_cut: bool


def machines_ms() -> int:
    """Return the machine's time: milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Latest(Observer):
    """Keeps the newest of what happens, with the time by `clock_ms`; what is over is let go of."""

    def __init__(self, clock_ms: Callable[[], int] = machines_ms) -> None:
        self._clock_ms = clock_ms
        self.began_ms = clock_ms()
        self.unseen: dict[str, Unseen] = {}
        # Times in which symbols that had been seen had no connection.
        self.gaps = 0
        self.longest_gap_ms = 0
        # By the key of the destination.
        self.delivered_ms: dict[str, int] = {}
        self.reload: Reload | None = None
        self.reload_ms = 0
        self.low_disk = ""
        self.unheard = ""
        self._seen: set[str] = set()

    def on_feed(self, event: FeedEvent) -> None:
        """Keep which symbols are not seen, since when and why."""
        match event:
            case Streaming():
                self._see(event.symbol)
            case Disconnected():
                self._lose(event.symbols, str(event.fault), is_cut=True)
            case Quiet():
                self._lose(event.symbols, event.likely, is_cut=False)

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:  # noqa: ARG002 - they are seen when they are
        """Forget those that ended."""
        self.on_unwatched(ended)

    def on_unwatched(self, symbols: tuple[str, ...]) -> None:
        """Forget them."""
        for symbol in symbols:
            self.unseen.pop(symbol, None)
        self._seen.difference_update(symbols)

    def on_delivery(self, report: Report) -> None:
        """Keep when a destination last took something."""
        if report.outcome is Outcome.DELIVERED:
            self.delivered_ms[report.key] = self._clock_ms()

    def on_reload(self, outcome: Reload) -> None:
        """Keep what came of it."""
        self.reload, self.reload_ms = outcome, self._clock_ms()

    def on_disk(self, event: DiskEvent) -> None:
        """Keep that the disk is nearly full, until it is not."""
        self.low_disk = str(event) if event.is_low else ""

    def on_beat(self, beat: Beat) -> None:
        """Keep why the heartbeat is not heard, until it is."""
        self.unheard = str(beat) if beat.pulse is Pulse.UNHEARD else ""

    def _see(self, symbol: str) -> None:
        before = self.unseen.pop(symbol, None)
        if before is not None and before.is_cut and symbol in self._seen:
            self.gaps += 1
            self.longest_gap_ms = max(self.longest_gap_ms, self._clock_ms() - before.since_ms)
        self._seen.add(symbol)

    def _lose(self, symbols: Iterable[str], reason: str, *, is_cut: bool) -> None:
        now_ms = self._clock_ms()
        for symbol in symbols:
            before = self.unseen.get(symbol)
            self.unseen[symbol] = Unseen(before.since_ms if before else now_ms, reason, is_cut)
