"""The list of symbols, kept up to date: from the exchange, else from disk, and every hour again."""

import random
from collections.abc import Awaitable, Callable
from typing import NoReturn

import attrs
import trio

from alertd.backoff import Backoff
from alertd.market.listing import Changes, Listing
from alertd.market.listing_cache import CacheError, ListingCache
from alertd.market.rest_error import RestError

REFRESH_EVERY_S = 60 * 60.0


@attrs.frozen
class RefreshFailed:
    """The list could not be read anew; the one before stays in use until it is tried again."""

    error: RestError
    failures: int
    retry_in_s: float


@attrs.frozen
class CacheFailed:
    """The list on disk could not be read or written; nothing but the next start depends on it."""

    reason: str


ListingEvent = RefreshFailed | CacheFailed


@attrs.define(kw_only=True)
class ListingWatch:
    """The newest listing of a venue.

    `start` gets the first one; `run` then refreshes it. `report` is told what fails, and must not
    wait. `newest` is None as long as there was none, neither from the exchange nor on disk. What
    comes from the exchange goes to disk where `keep` is true. `error` is why the exchange gave none
    when it was asked last, None where it did.
    """

    fetch: Callable[[], Awaitable[Listing]]
    cache: ListingCache
    report: Callable[[ListingEvent], None]
    keep: bool = True
    refresh_every_s: float = REFRESH_EVERY_S
    backoff: Backoff = Backoff(first_s=10.0, cap_s=600.0)  # noqa: RUF009 - frozen
    draw: Callable[[], float] = random.random
    newest: Listing | None = None
    error: RestError | None = attrs.field(default=None, init=False)

    _failures: int = attrs.field(default=0, init=False)
    _due_in_s: float = attrs.field(default=0.0, init=False)

    async def start(self) -> Listing | None:
        """Return the exchange's list, else the one on disk however old it is, else None."""
        self.load()
        await self._refresh()
        return self.newest

    def load(self) -> Listing | None:
        """Return the list on disk without asking the exchange, None where there is none."""
        try:
            self.newest = self.cache.load()
        except CacheError as error:
            self.report(CacheFailed(str(error)))
        return self.newest

    async def run(self, on_change: Callable[[Listing, Changes], None]) -> NoReturn:
        """Refresh the listing until cancelled; tell `on_change`, which must not wait, what changed.

        A failure is tried again after a back-off, and not before the exchange allows it.
        """
        while True:
            await trio.sleep(self._due_in_s)
            before = self.newest
            await self._refresh()
            if self.newest is None or self.newest is before:
                continue
            older = before or attrs.evolve(self.newest, symbols={})
            if changes := self.newest.changes_since(older):
                on_change(self.newest, changes)

    async def _refresh(self) -> None:
        try:
            fetched = await self.fetch()
        except RestError as error:
            self.error = error
            self._failures += 1
            backoff_s = self.backoff.delay_s(self._failures, self.draw())
            self._due_in_s = max(backoff_s, error.retry_after_s or 0.0)
            self.report(RefreshFailed(error, self._failures, self._due_in_s))
            return
        self._failures, self._due_in_s, self.error = 0, self.refresh_every_s, None
        self.newest = fetched.remembering(self.newest)
        if self.keep:
            self._store(self.newest)

    def _store(self, listing: Listing) -> None:
        try:
            self.cache.store(listing)
        except CacheError as error:
            self.report(CacheFailed(str(error)))
