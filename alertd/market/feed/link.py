"""A link: some symbols, kept connected for as long as they are wanted.

Theory of operation. A link has one session at a time, and two while one takes over from the other:

    turn of the pacer -> session opens -> first ticker: it streams, the older one ends
           ^                                   |
           |                                   |-- its time is nearly over, or its symbols changed:
           |                                   |   another is opened while it goes on
           `---- back-off <---- it is over <---'

Only data counts. A session that connected is nothing yet: this exchange accepts, acknowledges and
answers pings on connections that it never serves. So the failures that lengthen the back-off are
forgotten at the first ticker and not before.

The older session stays for a little while beside the one that took over: a ticker that was sent on
it before the other was open may arrive after the other's first. Whoever is second is dropped.
"""

from collections.abc import Callable, Iterable
from typing import NoReturn

import trio

from alertd.market.feed.events import Disconnected, Renewed
from alertd.market.feed.faults import Cause, Fault
from alertd.market.feed.group import SymbolGroup
from alertd.market.feed.habits import Habits
from alertd.market.feed.session import Session
from alertd.market.feed.symbol import SymbolStream
from alertd.market.ticker import Ticker

# How long two sessions go on together: longer than a packet that is lost and sent again.
_OVERLAP_S = 5.0


class Link:
    """Keeps symbols connected over one websocket at a time.

    `address` gives the websocket's address for the symbols of the moment, `decode` makes a ticker
    of a frame or raises `BadFrameError`.
    """

    def __init__(
        self,
        streams: Iterable[SymbolStream],
        *,
        address: Callable[[Iterable[str]], str],
        decode: Callable[[str | bytes], Ticker],
        habits: Habits,
    ) -> None:
        self._habits = habits
        self._address = address
        self._group = SymbolGroup(streams, decode=decode, habits=habits)
        self._sessions: list[Session] = []
        self._newest: Session | None = None
        self._retry_at = 0.0

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that it keeps connected."""
        return frozenset(self._group.streams)

    async def run(self) -> NoReturn:
        """Keep the symbols connected until cancelled. Only `NETWORK_ERRORS` are tried again."""
        async with trio.open_nursery() as nursery:
            while True:
                await self._habits.pacer.turn()
                await trio.lowlevel.checkpoint()  # whoever was dropped meanwhile opens nothing
                session = self._newest = self._open()
                nursery.start_soon(self._hold, session)
                await session.settled.wait()
                if not session.is_over:
                    self._let_go_of_others(session, nursery)
                    await session.wanes.wait()
                if session.is_over:
                    await self._back_off(session.fault)

    def add(self, streams: Iterable[SymbolStream]) -> None:
        """Bring in symbols: a session with all of them is opened before the present one ends."""
        self._group.streams |= {stream.symbol: stream for stream in streams}
        for session in self._sessions:
            session.wanes.set()

    def remove(self, symbols: Iterable[str]) -> None:
        """Leave out symbols: what still comes of them is dropped, the next session lacks them."""
        for symbol in symbols:
            self._group.leave(symbol)

    def _open(self) -> Session:
        url = self._address(self._group.streams)
        session = Session(url, self._group, self._habits, relieves=bool(self._sessions))
        self._sessions.append(session)
        return session

    async def _hold(self, session: Session) -> None:
        """Run a session to its end; with the last one that streamed, the symbols are lost."""
        await session.run()
        self._sessions.remove(session)
        if session.fault is not None:
            self._take_to_heart(session.fault)
        if not any(other.settled.is_set() for other in self._sessions):
            self._group.lose()
            # The newest one's end is what `run` waits for, and reports.
            if session.fault is not None and session is not self._newest:
                self._report_loss(session.fault, max(0.0, self._retry_at - trio.current_time()))
        session.settled.set()
        session.wanes.set()

    def _take_to_heart(self, fault: Fault) -> None:
        """Learn from a session's end, whether or not it was the newest."""
        if fault.cause in (Cause.DEAF, Cause.STALLED):
            self._group.fruitless += 1
        if fault.for_all:
            self._habits.pacer.hold(fault.wait_s)

    def _let_go_of_others(self, session: Session, nursery: trio.Nursery) -> None:
        others = [other for other in self._sessions if other is not session]
        for other in others:
            nursery.start_soon(self._let_go, other, session)
        if others:
            self._habits.report(Renewed(tuple(self._group.streams)))

    async def _let_go(self, session: Session, successor: Session) -> None:
        await trio.sleep(_OVERLAP_S)
        if not successor.is_over:
            session.scope.cancel()

    def _report_loss(self, fault: Fault, retry_in_s: float) -> None:
        failures = max(1, self._group.failures)
        self._habits.report(Disconnected(tuple(self._group.streams), fault, failures, retry_in_s))

    async def _back_off(self, fault: Fault | None) -> None:
        """Report why the newest session ended, unless an older one goes on, and wait."""
        assert fault is not None, "who was not let go of says why it ended"  # noqa: S101
        group, habits = self._group, self._habits
        group.failures += 1
        delay_s = max(habits.backoff.delay_s(group.failures, habits.draw()), fault.wait_s)
        self._retry_at = trio.current_time() + delay_s
        if not self._sessions:
            self._report_loss(fault, delay_s)
        await trio.sleep_until(self._retry_at)
