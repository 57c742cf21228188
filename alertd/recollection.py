"""What of the engine outlives a restart, and how it is taken up again.

Theory of operation. How a rule stands goes into the journal whenever it changes, in one transaction
with the alert that it gave and with the ticker that changed it: what comes after a crash is compared
with a ticker that is no older than the last alert, so that none is given twice. Windows go on
with a sample of the recent past, of which the part up to a ticker that gave an alert goes along as
well: what was a new high once is none again. All symbols' newest tickers follow every few seconds, and
at the end, so that what crosses a level while nobody watches is seen. What is known of a symbol that
does not trade at the start, as none does while the exchange is being serviced, waits until it does.

What pictures show of the past is sampled beside that. To the engine those are tickers like any other:
of two samples it takes what is newer than the one before.
"""

import logging
from collections.abc import Collection, Mapping

import trio

from alertd.collector import without_collector
from alertd.engine.engine import Engine
from alertd.engine.memory import Memory
from alertd.engine.prices import Prices
from alertd.engine.recent import Recent, Stretch, Stretches, pack, unpack
from alertd.journal.journal import Journal
from alertd.journal.store import Store
from alertd.logs.fields import about
from alertd.market.ticker import Ticker

_log = logging.getLogger(__name__)

_EVERY_S = 15.0


class Recollection:
    """Keeps in a journal what an engine would have to know to go on.

    `market` is where its tickers come from, in a word: what is known of another is of no use. What is
    shown of the past goes into `prices`.
    """

    def __init__(
        self, engine: Engine, journal: Journal, market: str, prices: Prices | None = None
    ) -> None:
        self._engine = engine
        self._journal = journal
        self._market = market
        self._recent = Recent()
        self._recent.watch(engine.windows())
        self._prices = Prices() if prices is None else prices
        self._pictured = Recent()
        self._kept: list[Ticker] = []
        # Of symbols that are not watched yet.
        self._later: list[Memory] = []
        self._newest_later: list[Ticker] = []
        # What of the past was kept by the process before this one.
        self.restored: Mapping[str, Stretch] = {}

    async def restore(self, store: Store, rules: Collection[str]) -> None:
        """Let the engine go on where the one before it stood; of other `rules`, forget it.

        Nothing else may use the engine or the store meanwhile.
        """
        before = store.market()
        self._journal.be_of(self._market)
        if before not in (None, self._market):
            text = "the journal's rules stood on another market (%s): on this one they begin anew"
            _log.warning(text, before, extra=about("rules.anew"))
            return
        known = await trio.to_thread.run_sync(self._restore, store)
        self.forget(known - set(rules))

    @without_collector()
    def _restore(self, store: Store) -> set[str]:
        memories = list(store.memories())
        self._later = self._engine.restore(memories)
        stretches = Stretches(self._engine.windows())
        for packed in store.recent():
            self._warm(packed, stretches)
        for ticker in store.newest():
            if self._engine.warm(ticker):
                stretches.take(ticker)
            else:
                self._newest_later.append(ticker)
        self.restored = stretches.found()
        return {memory.rule for memory in memories}

    def _warm(self, packed: bytes, stretches: Stretches) -> None:
        try:
            for ticker in unpack(packed):
                self._engine.warm(ticker)
                self._prices.take(ticker)
                stretches.take(ticker)
        except ValueError as error:
            _log.warning(
                "a piece of the recent past is damaged, windows know less of it: %s",
                error,
                extra=about("windows.damaged", reason=str(error)),
            )

    def take(self, ticker: Ticker) -> None:
        """Take a ticker that the engine has taken; never waits."""
        self._recent.take(ticker)
        self._pictured.take(ticker)
        self._prices.take(ticker)
        changes = self._engine.changes(ticker.symbol)
        if not changes:
            return
        if any(memory.life.last_alert_ms == ticker.time_ms for memory in changes):
            # Not for every change: levels that flap would fill the disk with the recent past.
            self._journal.note_recent(self._recent.so_far(ticker.symbol))
        self._journal.remember(changes, [ticker])

    def forget(self, rules: Collection[str]) -> None:
        """Take that there are no such rules any more; never waits."""
        self._later = [memory for memory in self._later if memory.rule not in rules]
        self._journal.forget(rules)

    def picture(self, spans: Mapping[str, int]) -> None:
        """Keep these symbols' prices from now on, each for so many milliseconds."""
        self._prices.watch(spans)
        self._pictured.watch(spans)

    def follow(self) -> None:
        """Take that the engine watches something else, or rules that began anew; never waits."""
        self._later = self._engine.restore(self._later)
        self._newest_later = [it for it in self._newest_later if not self._engine.warm(it)]
        self._recent.watch(self._engine.windows())
        self._journal.remember(self._engine.all_changes())

    def tell_all(self) -> None:
        """Keep all of it anew, but for the recent past; never waits."""
        self._journal.be_of(self._market)
        self._journal.remember(self._engine.memories(), self._engine.newest())

    async def run(self) -> None:
        """Keep the newest tickers and the recent past, every few seconds, until cancelled."""
        while True:
            await trio.sleep(_EVERY_S)
            self._journal.note_recent([*self._recent.finished(), *self._pictured.finished()])
            self._keep_newest()

    def end(self) -> None:
        """Keep what is left: no ticker will come."""
        self._journal.note_recent([*self._recent.rest(), *self._pictured.rest()])
        self._keep_newest()

    def _keep_newest(self) -> None:
        # In one piece, which writes less than half of what hundreds of rows would.
        newest = [*self._engine.newest(), *self._newest_later]
        if newest != self._kept:
            self._kept = newest
            self._journal.see_all(pack(newest))
