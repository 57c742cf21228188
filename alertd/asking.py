"""The klines of many symbols, asked of the exchange several at once, and no more than a half of what it allows.

One round of it ends when all have come, or where there is no sense in going on: the exchange wants to be
left alone, nothing comes, the half is used up, the time is over. What is left then may be asked for in
another round.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, TypeVar

import trio

from alertd.market.kline_source import KlineSource, requests_for
from alertd.market.past.klines import KlineSeries
from alertd.market.rest_error import RestError

OpenKlines = Callable[[], AbstractAsyncContextManager[KlineSource]]

# The exchange answers in some 50 ms: 573 symbols take 4 seconds.
_AT_ONCE = 8
# So many failures in a row are no longer about single symbols.
_MOST_FAILURES = 8
# Of what an address may ask for in a minute, a half: other programs may share it, and so may a restart.
_SHARE = 2


class Wanted(Protocol):
    """A symbol, and how many milliseconds of its newest past are wanted."""

    @property
    def symbol(self) -> str:
        """Whose klines."""

    @property
    def span_ms(self) -> int:
        """How far they reach back, a day at most."""


WantedT = TypeVar("WantedT", bound=Wanted)


class Asking(Generic[WantedT]):
    """Asks for the klines of all that is `wanted`, and gives them to `take`, the finest first.

    What `take` raises, a `RestError`, is taken for the exchange's. `left` is what did not come, `reason` why
    in words: the weight of this minute `is_used_up`, the exchange wants to be left alone for `retry_after_s`, or else.
    """

    def __init__(
        self, wanted: Sequence[WantedT], take: Callable[[WantedT, Sequence[KlineSeries]], None]
    ) -> None:
        self.wanted = wanted
        self.reason = ""
        self.is_used_up = False
        self.retry_after_s: float | None = None
        self._take = take
        self._came: set[int] = set()
        self._failures = 0
        self._scope = trio.CancelScope()

    @property
    def left(self) -> list[WantedT]:
        """What did not come, in its order."""
        return [it for number, it in enumerate(self.wanted) if number not in self._came]

    async def run(self, open_klines: OpenKlines, *, within_s: float) -> None:
        """Ask, for so many seconds at most."""
        with trio.move_on_after(within_s) as bound:
            try:
                async with open_klines() as source:
                    await self._ask(source)
            except RestError as error:
                self._note(error)
        if bound.cancelled_caught:
            self.reason = f"not all klines have come within {within_s:g} s"

    async def _ask(self, source: KlineSource) -> None:
        most_weight = source.venue.weight_a_minute // _SHARE
        waiting = iter(enumerate(self.wanted))
        with self._scope:
            async with trio.open_nursery() as nursery:
                for _ in range(_AT_ONCE):
                    nursery.start_soon(self._ask_each, waiting, source, most_weight)

    async def _ask_each(
        self, waiting: Iterator[tuple[int, WantedT]], source: KlineSource, most_weight: int
    ) -> None:
        share = most_weight // len(self.wanted)
        for number, it in waiting:
            requests = requests_for(it.symbol, it.span_ms, source.venue, most_weight=share)
            if source.used_weight + sum(map(source.weight_of, requests)) > most_weight:
                self.reason = "this address has asked the exchange for half of what it may"
                self.is_used_up = True
                self._scope.cancel()
                return
            try:
                self._take(it, [await source.fetch(request) for request in requests])
            except RestError as error:
                self._fail(error)
            else:
                self._came.add(number)
                self._failures = 0

    def _fail(self, error: RestError) -> None:
        self._note(error)
        self._failures += 1
        if error.retry_after_s is not None or self._failures >= _MOST_FAILURES:
            self._scope.cancel()

    def _note(self, error: RestError) -> None:
        self.reason, self.retry_after_s = str(error), error.retry_after_s
